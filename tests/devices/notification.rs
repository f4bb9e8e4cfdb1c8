//! Notifications of the app: when they came, what they say where the device tells, who took them away; and of no other app.

use std::sync::Arc;

use appwitness::apk::App;
use appwitness::journal::entry::{
    Entry, Event, NotificationEnd, NotificationGone, NotificationPosted, NotificationRead, NotificationTaken,
};
use appwitness::virtual_device::specimen::pack;

use crate::device::{Folder, attempt};

const MODEL: &str = "
specimen: notifies
package: com.example.notifies
label: Notifies
activity: .Main
sdk: {min: 21, target: 33}
permissions: [POST_NOTIFICATIONS]
first-screen: home
screens:
  home:
    title: Home
    views: [{text: {words: Home}}]
    timers:
      - after: 1s
        do:
          - notify: {title: Sale | 50%, text: 'Only today, asks-test', channel: my offers}
          - wait: 2s
          - notify: {title: News, text: All is well}
          - take-back: Sale | 50%
";
const SCENARIO: &str = "
scenario: notifies
title: Watch
steps:
  - shell: pm grant com.example.notifies android.permission.POST_NOTIFICATIONS || true
  - launch
  - shell: cmd notification post -t Other tag1 not-the-apps || true
  - dwell: 6s
  - stop
  - dwell: 1s
";
/// Releases, whether they have channels, and whether they tell words.
const RELEASES: [(u32, bool, bool); 6] =
    [(23, false, false), (26, true, true), (28, true, true), (30, true, true), (33, true, true), (36, true, true)];

fn all<'a, T>(entries: &'a [Entry], take: impl Fn(&'a Event) -> Option<&'a T>) -> Vec<(&'a Entry, &'a T)> {
    entries.iter().filter_map(|entry| take(&entry.event).map(|told| (entry, told))).collect()
}

fn posted(event: &Event) -> Option<&NotificationPosted> {
    if let Event::NotificationPosted(told) = event { Some(told) } else { None }
}

fn read(event: &Event) -> Option<&NotificationRead> {
    if let Event::NotificationRead(told) = event { Some(told) } else { None }
}

fn gone(event: &Event) -> Option<&NotificationGone> {
    if let Event::NotificationGone(told) = event { Some(told) } else { None }
}

#[tokio::test(flavor = "multi_thread")]
async fn notifications_are_in_the_record_on_every_release() {
    let folder = Folder::new();
    let path = folder.0.join("notifies.apk");
    std::fs::write(&path, pack(MODEL).unwrap()).unwrap();
    let app = Arc::new(App::open(&[path]).unwrap());
    let attempts = RELEASES.map(|(api, ..)| {
        let (app, profile) = (app.clone(), format!("api={api},size=412x915,density=160"));
        tokio::spawn(async move { attempt(&profile, SCENARIO, app).await })
    });
    for ((api, channels, words), attempt) in RELEASES.into_iter().zip(attempts) {
        let told = attempt.await.unwrap();
        assert_eq!(told.failure, None, "API {api}");
        let [(came, sale), (_, news)] = all(&told.entries, posted)[..] else { panic!("API {api}: not two") };
        assert_eq!((sale.id, news.id, &sale.tag), (1, 2, &None), "API {api}");
        assert_eq!((sale.how, news.how), (NotificationTaken::New, NotificationTaken::New), "API {api}");
        assert_eq!(sale.channel.as_deref(), channels.then_some("my offers"), "API {api}");
        let reads = all(&told.entries, read);
        assert_eq!(reads.len(), 2, "API {api}");
        let (_, first) = reads.iter().find(|(_, read)| read.posted == came.seq).unwrap();
        // The name of the test account is a secret of the run.
        let expected = if words { ("Sale | 50%", "Only today, ••••") } else { ("", "") };
        assert_eq!((first.title.as_str(), first.text.as_str()), expected, "API {api}: {}", first.missing);
        assert_eq!(first.missing.is_empty(), words, "API {api}: {}", first.missing);
        let [(went, taken_back), (_, stopped)] = all(&told.entries, gone)[..] else { panic!("API {api}: not two") };
        assert_eq!((taken_back.id, taken_back.by), (1, NotificationEnd::App), "API {api}");
        assert_eq!((stopped.id, stopped.by), (2, NotificationEnd::AppChanged), "API {api}");
        let lived = went.at.device.unwrap() - came.at.device.unwrap();
        assert!((i64::try_from(taken_back.lived_ms.unwrap()).unwrap() - lived).abs() <= 50, "API {api}: {lived} ms");
        assert!((2_000..2_100).contains(&lived), "API {api}: {lived} ms");
    }
}
