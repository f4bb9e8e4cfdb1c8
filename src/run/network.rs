//! Beside the drive, on rooted devices: what goes over the network, whose it is, and what personal data it carries.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::android::network::{Burst, Flows, Packets, Protocol};
use crate::android::personal::{Known, find};
use crate::android::{Android, AndroidError};
use crate::clock::Clock;
use crate::journal::entry::{
    Connection, DataKind, Event, ExhibitRef, LimitKind, NetProtocol, NetworkEnded, NetworkWatched, Whose,
};
use crate::journal::{Journal, JournalError};

use super::attempt::Attempt;
use super::error::RunError;
use super::secret::Secrets;

/// Connections told in one attempt at the most.
const MOST_ENTRIES: u64 = 5_000;
/// Bytes of the capture that are kept.
const MOST_KEPT: usize = 64 << 20;
/// Captures kept: one, and one after each cut.
const MOST_CUTS: u32 = 5;
/// Pause before the capture is begun again after a cut.
const REOPEN_AFTER: Duration = Duration::from_millis(500);
/// How often pauses are looked for, and owners asked for at the most.
const LOOK_EVERY: Duration = Duration::from_millis(500);
const ASK_EVERY: Duration = Duration::from_millis(150);
/// At the end, packets are waited for as long as they come this soon one after another.
const LAST_PACKETS: Duration = Duration::from_millis(150);
/// And no longer than this in all.
const LAST_WITHIN: Duration = Duration::from_secs(2);
/// Questions for identifiers that an app gets only when it asks.
const MOST_QUESTIONS: u32 = 50;
/// Ports of the system's own chatter over UDP: DHCP, time, names of the local network, discovery.
const CHATTER: [u16; 7] = [67, 68, 123, 137, 547, 1900, 5353];
const CAPTURE: &str = "application/vnd.tcpdump.pcap";

/// The watch over the network of one attempt.
pub(super) struct NetworkWatch {
    stop: CancellationToken,
    /// Number of the app under test: it changes when the app is installed anew.
    app: Arc<Mutex<Option<u32>>>,
    task: Option<JoinHandle<()>>,
}

struct Follower {
    android: Android,
    journal: Journal,
    clock: Clock,
    package: String,
    app: Arc<Mutex<Option<u32>>>,
    known: Vec<Known>,
    secrets: Secrets,
    stop: CancellationToken,
    flows: Flows,
    asked: Option<Duration>,
    questions: u32,
    entries: u64,
    kept: Vec<u8>,
    ended: NetworkEnded,
}

impl Attempt<'_> {
    /// Starts the watch over the network, where the device allows it; else says that there is none.
    pub async fn watch_network(&mut self) -> Result<(), RunError> {
        let packets = match self.android.packets().await {
            Ok(packets) => packets,
            Err(error) if error.is_final() => return Err(error.into()),
            Err(error) => {
                let why = match error {
                    AndroidError::Refused { message, .. } => message,
                    other => other.to_string(),
                };
                return self.limit(LimitKind::NoNetworkCapture, format!("the network was not captured: {why}"));
            }
        };
        let package = self.package().to_owned();
        let mut known =
            self.android.personal(&package).await.or_else(|e| if e.is_final() { Err(e) } else { Ok(Vec::new()) })?;
        for (name, kind) in [("account.user", DataKind::Account), ("account.password", DataKind::Password)] {
            known.extend(self.order.secrets.get(name).map(|value| Known::new(kind, name, value)));
        }
        let mut searched: Vec<DataKind> = known.iter().filter(|k| k.is_telling()).map(|k| k.kind).collect();
        searched.sort_unstable();
        searched.dedup();
        self.note(Event::NetworkWatched(NetworkWatched { source: "tcpdump".into(), searched }))?;
        let stop = self.android.device().cancelled().child_token();
        let app = Arc::new(Mutex::new(self.watch.app()));
        let follower = Follower {
            android: self.android.clone(),
            journal: self.journal.clone(),
            clock: self.clock.clone(),
            package,
            app: Arc::clone(&app),
            known,
            secrets: self.order.secrets.clone(),
            stop: stop.clone(),
            flows: Flows::default(),
            asked: None,
            questions: 0,
            entries: 0,
            kept: Vec::new(),
            ended: NetworkEnded {
                packets: 0,
                bytes: 0,
                others: 0,
                untold: 0,
                captures: Vec::new(),
                masked: 0,
                whole: true,
            },
        };
        self.network = Some(NetworkWatch { stop, app, task: Some(tokio::spawn(follower.follow(packets))) });
        Ok(())
    }
}

impl NetworkWatch {
    /// The app under test has this number.
    pub fn follow_app(&self, uid: Option<u32>) {
        *self.app.lock().unwrap_or_else(|broken| broken.into_inner()) = uid;
    }

    /// Ends the watch and has the rest written down.
    pub async fn stop(&mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take() {
            // A panic in the follower has been reported by the runtime; the record stands without its rest.
            let _ = task.await;
        }
    }
}

impl Drop for NetworkWatch {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Follower {
    async fn follow(mut self, mut packets: Packets) {
        let mut cuts = 0;
        loop {
            // The journal's own errors end the drive; the watch need not say them again.
            let Ok(why) = self.catch(&mut packets).await else { return };
            let Some(why) = why else { break };
            let from = self.journal.mono();
            let bursts = self.flows.finish();
            if self.tell(bursts).await.and_then(|()| self.keep_capture()).is_err() {
                return;
            }
            cuts += 1;
            let again = self.reopen(cuts).await;
            let to = self.journal.mono();
            let gap = Event::Gap { from, to, source: "network".into(), why, again: None };
            if self.journal.append(gap).is_err() {
                return;
            }
            match again {
                Some(again) => packets = again,
                None => {
                    // Nothing is seen from here to the end, however long that is.
                    self.stop.cancelled().await;
                    let (to, source) = (self.journal.mono(), "network".to_owned());
                    let why = "the capture could not be begun again".to_owned();
                    let _ = self.journal.append(Event::Gap { from, to, source, why, again: None });
                    break;
                }
            }
        }
        let bursts = self.flows.finish();
        if self.tell(bursts).await.and_then(|()| self.keep_capture()).is_ok() {
            let _ = self.journal.append(Event::NetworkEnded(Box::new(self.ended)));
        }
    }

    /// Catches packets until it is told to stop (`None`) or the capture is cut (why).
    async fn catch(&mut self, packets: &mut Packets) -> Result<Option<String>, JournalError> {
        let mut look_at = self.clock.elapsed() + LOOK_EVERY;
        let mut end: Option<Duration> = None;
        loop {
            let now = self.clock.elapsed();
            let pause = look_at.saturating_sub(now);
            let stopping = self.stop.is_cancelled();
            if stopping && *end.get_or_insert(now + LAST_WITHIN) <= now {
                return Ok(None);
            }
            let read = tokio::select! {
                biased;
                () = self.stop.cancelled(), if !stopping => continue,
                read = packets.next() => Some(read),
                () = self.clock.sleep(LAST_PACKETS), if stopping => return Ok(None),
                () = self.clock.sleep(pause), if !stopping => None,
            };
            match read {
                Some(Ok(Some(frames))) => {
                    self.keep(packets.fresh());
                    for frame in &frames {
                        self.ended.packets += 1;
                        self.ended.bytes += u64::from(frame.whole);
                        self.flows.take(frame);
                    }
                }
                Some(_) if stopping => return Ok(None),
                Some(Ok(None)) => return Ok(Some("tcpdump ended".to_owned())),
                Some(Err(error)) => return Ok(Some(error.to_string())),
                None => look_at = self.clock.elapsed() + LOOK_EVERY,
            }
            if !stopping {
                self.ask_owners().await;
                let offset = self.android.clock_offset_ms().unwrap_or(0);
                self.flows.pass((self.clock.now() + offset) * 1_000);
            }
            let over = self.flows.over();
            self.tell(over).await?;
        }
    }

    fn keep(&mut self, bytes: Vec<u8>) {
        let room = MOST_KEPT.saturating_sub(self.kept.len());
        if bytes.len() > room || !self.ended.whole {
            self.ended.whole = false;
            return;
        }
        self.kept.extend(bytes);
    }

    /// Sockets are told apart only while they live, so that their owners are asked for as soon as they show.
    async fn ask_owners(&mut self) {
        let now = self.clock.elapsed();
        if !self.flows.wants_owners() || self.asked.is_some_and(|at| now < at + ASK_EVERY) {
            return;
        }
        self.asked = Some(now);
        if let Ok(sockets) = self.android.sockets().await {
            self.flows.own(&sockets);
        }
    }

    async fn tell(&mut self, bursts: Vec<Burst>) -> Result<(), JournalError> {
        let app = *self.app.lock().unwrap_or_else(|broken| broken.into_inner());
        for burst in bursts {
            let whose = match (burst.owner, app) {
                (Some(owner), Some(app)) if owner == app => Whose::App,
                (Some(_), Some(_)) => {
                    self.ended.others += 1;
                    continue;
                }
                _ if burst.udp && CHATTER.contains(&burst.other.port()) => continue,
                _ => Whose::Unknown,
            };
            if self.entries >= MOST_ENTRIES {
                self.ended.untold += 1;
                continue;
            }
            self.entries += 1;
            self.learn_identifiers().await;
            let connection = self.connection(burst, whose);
            let device = connection.device_time;
            self.journal.append_at(Event::Connection(Box::new(connection)), Some(device))?;
        }
        Ok(())
    }

    /// Since Android 8 an app has an identifier of its own, which is there only once it asked for it.
    async fn learn_identifiers(&mut self) {
        const OWN_SINCE: u32 = 26;
        let own = |known: &Known| known.name == OWN_ID;
        if self.android.identity().api < OWN_SINCE || self.questions >= MOST_QUESTIONS || self.known.iter().any(own) {
            return;
        }
        self.questions += 1;
        let found = self.android.own_identifiers(&self.package).await.unwrap_or_default();
        self.known.extend(found);
    }

    fn connection(&self, burst: Burst, whose: Whose) -> Connection {
        let protocol = match burst.protocol {
            Protocol::Tls => NetProtocol::Tls,
            Protocol::Quic => NetProtocol::Quic,
            Protocol::Http => NetProtocol::Http,
            Protocol::Other => NetProtocol::Other,
        };
        let unread = match (&burst.packed, burst.cut) {
            (Some(how), _) => format!("a request is packed as {how}"),
            (None, true) => "not every byte that left the device is in the capture, or it was too much".to_owned(),
            (None, false) => String::new(),
        };
        let (host, host_by) = burst.host.unwrap_or_default();
        let device_time = burst.at.div_euclid(1_000);
        Connection {
            host,
            host_by: host_by.to_owned(),
            address: burst.other.ip().to_string(),
            port: burst.other.port(),
            protocol,
            whose,
            request: masked(burst.request, &self.known),
            sent: burst.sent,
            received: burst.received,
            carried: find(&burst.content, &self.known),
            unread,
            device_time,
            mono: self.mono_of(device_time),
            lasted_ms: u64::try_from((burst.last - burst.at) / 1_000).unwrap_or(0),
        }
    }

    /// A device time on the journal's clock.
    fn mono_of(&self, device_time: i64) -> Option<u64> {
        let now = self.clock.now() + self.android.clock_offset_ms()?;
        u64::try_from(i64::try_from(self.journal.mono()).ok()? - (now - device_time)).ok()
    }

    fn keep_capture(&mut self) -> Result<(), JournalError> {
        let mut bytes = std::mem::take(&mut self.kept);
        if !bytes.is_empty() {
            // Before it is digested: an app that sends the test account openly must not publish it through the evidence.
            self.ended.masked += self.secrets.overwrite(&mut bytes);
            let kept: ExhibitRef = self.journal.exhibit(&bytes, CAPTURE)?;
            self.ended.captures.push(kept);
        }
        Ok(())
    }

    async fn reopen(&self, cuts: u32) -> Option<Packets> {
        for cut in cuts..=MOST_CUTS {
            tokio::select! {
                () = self.stop.cancelled() => return None,
                () = self.clock.sleep(REOPEN_AFTER * cut) => {}
            }
            if let Ok(packets) = self.android.packets().await {
                return Some(packets);
            }
        }
        None
    }
}

/// Name of the identifier that an app has to itself.
const OWN_ID: &str = "own-android-id";

/// A request's path without the known values in it.
fn masked(request: String, known: &[Known]) -> String {
    let telling = known.iter().filter(|k| k.is_telling() && k.kind != DataKind::AppList);
    telling.fold(request, |text, known| text.replace(&known.value, "••••"))
}
