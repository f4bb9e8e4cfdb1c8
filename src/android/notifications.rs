//! Notifications: what the log says of them, and the words that the notification service has of those that are up.
//!
//! Fields of the log lines: AOSP `services/core/java/com/android/server/EventLogTags.logtags`. API 23 logs
//! `key,reason,lifespan,freshness,exposure` of one that goes, 26 adds a listener at the end, 28 a rank and a count before it;
//! of one that comes, Android 15 adds who wrote its title.

use std::time::Duration;

use super::Android;
use super::error::AndroidError;

const WITHIN: Duration = Duration::from_secs(10);
/// Of a dump of hundreds of kilobytes the lines that matter. An older service ignores the option.
const COMMAND: &str = "dumpsys notification --noredact | \
                       grep -E '^ *NotificationRecord\\(|^ *android\\.(title|text|bigText)='";
/// Characters of a tag, a channel, a title or a text that are read (ours).
const MOST_CHARACTERS: usize = 2_000;

/// What makes a notification the same one: another with the same takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotificationId {
    /// Package that put it up.
    pub package: String,
    /// User id of its app.
    pub uid: u32,
    /// Its number within the package.
    pub id: i64,
    /// Its tag, when it has one.
    pub tag: Option<String>,
}

/// A line of the log about a notification that comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enqueued {
    /// Which.
    pub which: NotificationId,
    /// Its channel; nothing before API 26.
    pub channel: Option<String>,
    /// 0 for a new one, 1 for one that takes another's place, 2 when the system did not take it (AOSP).
    pub status: u32,
}

/// A line of the log about a notification that goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canceled {
    /// Which.
    pub which: NotificationId,
    /// Why (AOSP `NotificationListenerService.REASON_*`).
    pub reason: u32,
    /// How long it was up, in milliseconds.
    pub lived_ms: Option<u64>,
}

/// The words of a notification.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NotificationWords {
    /// Its title; empty when it has none.
    pub title: String,
    /// Its text, the longer one when it has two; empty when it has none.
    pub text: String,
    /// The service has them and does not tell.
    pub withheld: bool,
}

impl Android {
    /// The words of a notification that is up; `None` when it isn't.
    pub async fn notification_words(&self, which: &NotificationId) -> Result<Option<NotificationWords>, AndroidError> {
        let output = self.device().shell(COMMAND, WITHIN).await?;
        Ok(words_of(&output.text(), which))
    }
}

/// Reads `uid,pid,package,id,tag,user,Notification(…),status`, and what a later release adds.
pub(super) fn enqueued(list: &str) -> Option<Enqueued> {
    let mut head = list.splitn(5, ',');
    let uid = head.next()?.trim().parse().ok()?;
    let package = head.nth(1)?.trim();
    let id = head.next()?.trim().parse().ok()?;
    let rest = head.next()?;
    let which = |tag| NotificationId { package: package.to_owned(), uid, id, tag };
    if package.is_empty() {
        return None;
    }
    // The tag is the app's own and may hold anything: it ends where the notification begins, in a line that is whole.
    let Some((tag, rest)) = rest.split_once(",Notification(") else {
        return Some(Enqueued { which: which(Some(cut(rest))), channel: None, status: 0 });
    };
    let tag = tag.rsplit_once(',').map_or(tag, |(tag, _user)| tag);
    let (written, tail) = rest.rsplit_once("),").unwrap_or((rest, "0"));
    let status = tail.split(',').next()?.trim().parse().ok()?;
    let channel = written.strip_prefix("channel=").map(|channel| {
        // Names of channels may hold spaces; what follows one is always the same.
        let ends = [" shortcut=", " pri=", " contentView="];
        let end = ends.iter().filter_map(|end| channel.find(end)).min().unwrap_or(channel.len());
        cut(&channel[..end])
    });
    Some(Enqueued { which: which(tag_of(tag, "NULL")), channel, status })
}

/// Reads `key,reason,lifespan,freshness,exposure`, and what later releases add.
pub(super) fn canceled(list: &str) -> Option<Canceled> {
    // Nothing that follows the key holds a bar.
    let bar = list.rfind('|')?;
    let end = bar + list[bar..].find(',')?;
    let mut fields = list[end + 1..].split(',').map(str::trim);
    let reason = fields.next()?.parse().ok()?;
    let lived_ms = fields.next().and_then(|word| word.parse().ok());
    Some(Canceled { which: keyed(&list[..end])?, reason, lived_ms })
}

/// Reads a key: `user|package|id|tag|uid`, and a group that the system put it in.
fn keyed(key: &str) -> Option<NotificationId> {
    let mut parts = key.splitn(4, '|');
    let package = parts.nth(1)?.to_owned();
    let id = parts.next()?.trim().parse().ok()?;
    let mut rest = parts.next()?;
    loop {
        let (before, last) = rest.rsplit_once('|')?;
        if let Ok(uid) = last.parse() {
            return Some(NotificationId { package, uid, id, tag: tag_of(before, "null") });
        }
        rest = before;
    }
}

fn tag_of(text: &str, none: &str) -> Option<String> {
    (text != none).then(|| cut(text))
}

fn cut(text: &str) -> String {
    text.chars().take(MOST_CHARACTERS).collect()
}

/// The words of one notification in the lines of the dump.
fn words_of(dump: &str, which: &NotificationId) -> Option<NotificationWords> {
    let is_head = |line: &str| line.trim_start().starts_with("NotificationRecord(");
    let own = |line: &&str| head_key(line).and_then(keyed).is_some_and(|key| key == *which);
    let mut lines = dump.lines();
    lines.by_ref().find(|line| is_head(line) && own(line))?;
    let mut words = NotificationWords::default();
    for line in lines.take_while(|line| !is_head(line)) {
        let Some((name, value)) = line.trim_start().split_once('=') else { continue };
        match (name, told(value)) {
            ("android.title", Some(title)) => words.title = title,
            ("android.text", Some(text)) if words.text.is_empty() => words.text = text,
            ("android.bigText", Some(text)) => words.text = text,
            // A notification without the value has `null`.
            (_, None) if value.trim() != "null" => words.withheld = true,
            _ => {}
        }
    }
    Some(words)
}

/// The key in a record's first line: `… key=0|a.b|1|null|10001: Notification(…`.
fn head_key(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once(" key=")?;
    rest.split_once(": Notification(").map(|(key, _)| key)
}

/// `String (words)`, cut off where a line ends; `String` or `String [length=5]` keeps them back.
fn told(value: &str) -> Option<String> {
    let (_, words) = value.split_once(" (")?;
    Some(cut(words.strip_suffix(')').unwrap_or(words)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn which(package: &str, uid: u32, id: i64, tag: Option<&str>) -> NotificationId {
        NotificationId { package: package.into(), uid, id, tag: tag.map(str::to_owned) }
    }

    #[test]
    fn lines_of_every_release_are_read() {
        let tail = "contentView=null vibrate=[0,100] sound=null defaults=0x0 flags=0x10 color=0x00000000 vis=PRIVATE";
        for (head, end, channel, status) in [
            ("pri=0 ", ",0", None, 0),
            ("channel=Mms pri=0 ", ",1", Some("Mms"), 1),
            ("channel=my own shortcut=null ", ",2", Some("my own"), 2),
            ("channel=news shortcut=null ", ",0,0", Some("news"), 0),
        ] {
            let line = format!("10021,21780,com.example.a,114,NULL,0,Notification({head}{tail}){end}");
            let told = enqueued(&line).unwrap();
            assert_eq!((told.channel.as_deref(), told.status), (channel, status), "{line}");
            assert_eq!(told.which, which("com.example.a", 10_021, 114, None));
        }
        for tail in ["", ",NULL", ",-1,-1,NULL", ",-1,-1,com.example.l/.Ears"] {
            let told = canceled(&format!("0|com.example.a|114|null|10021,8,33,33,0{tail}")).unwrap();
            assert_eq!((told.reason, told.lived_ms), (8, Some(33)), "{tail}");
            assert_eq!(told.which, which("com.example.a", 10_021, 114, None));
        }
    }

    #[test]
    fn tags_are_the_apps_own_and_may_hold_anything() {
        let tag = "a,0|b,1|2,3";
        let line = format!("10021,7,com.example.a,-5,{tag},0,Notification(channel=c shortcut=null x),0");
        assert_eq!(enqueued(&line).unwrap().which, which("com.example.a", 10_021, -5, Some(tag)));
        let line = format!("0|com.example.a|-5|{tag}|10021,2,1,1,0,-1,-1,NULL");
        assert_eq!(canceled(&line).unwrap().which, which("com.example.a", 10_021, -5, Some(tag)));
        let grouped = "-1|android|2147483647|ranker_group|1000|ranker_group,12,1,1,0,-1,-1,NULL";
        assert_eq!(canceled(grouped).unwrap().which, which("android", 1000, 2_147_483_647, Some("ranker_group")));
        for broken in
            ["", "|", "0|a", "0|a|x|null|1,2", "0|a|1|null|u,2", "0|a|1|null|1", "1,2,a,x,t,0,Notification(),0"]
        {
            assert_eq!((enqueued(broken), canceled(broken)), (None, None), "{broken}");
        }
        let endless = enqueued(&format!("10021,7,com.example.a,1,{}", "x".repeat(4_000))).unwrap();
        assert_eq!(endless.which.tag.map(|tag| tag.len()), Some(MOST_CHARACTERS), "a tag does not hide a notification");
    }

    const DUMP: &str = "
    NotificationRecord(0x1: pkg=a.b user=UserHandle{0} id=1 tag=null importance=3 key=0|a.b|1|null|10001: Notification(x))
                android.title=String (first)
                android.text=null
    NotificationRecord(0x2: pkg=a.b user=UserHandle{0} id=2 tag=t importance=3 key=0|a.b|2|t|10001: Notification(x))
                android.title=SpannableString (50 % off (today))
                android.text=String (short)
                android.bigText=String (and long)
    NotificationRecord(0x3: pkg=a.b user=UserHandle{0} id=3 tag=t importance=3 key=0|a.b|3|t|10001: Notification(x))
                android.title=String [length=5]
                android.text=String
";

    #[test]
    fn words_are_those_of_the_record_with_the_key() {
        let read = |id, tag| words_of(DUMP, &which("a.b", 10_001, id, tag));
        let words = |title: &str, text: &str, withheld| {
            Some(NotificationWords { title: title.into(), text: text.into(), withheld })
        };
        assert_eq!(read(1, None), words("first", "", false));
        assert_eq!(read(2, Some("t")), words("50 % off (today)", "and long", false));
        assert_eq!(read(3, Some("t")), words("", "", true));
        assert_eq!(read(4, None), None);
    }
}
