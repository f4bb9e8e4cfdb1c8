//! Which permission requests of the log were shown to the person, and which were not.
//!
//! The log and the screen reach the host on two ways, so that the line of a request may come after its dialog was seen, or
//! even answered. Where both tell the device's time, that decides to which dialog a line belongs.

use std::time::Duration;

/// How long the line of a request may be on its way after its dialog went (ours).
const LATE: Duration = Duration::from_secs(10);

/// A permission request, as the log tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// Elapsed time at which the line came.
    pub at: Duration,
    /// When, on the device's clock.
    pub device_time: Option<i64>,
    /// The line.
    pub line: String,
    /// The system asks for some app, and the line does not say for which: it tells when a dialog came, but where none was
    /// seen it is no request of the app's.
    pub by_system: bool,
}

/// The requests of one attempt.
#[derive(Default)]
pub(super) struct Requests {
    /// Those for which no dialog was seen yet.
    waiting: Vec<Request>,
    /// Those for which nothing was shown, not handed out yet.
    suppressed: Vec<Request>,
    /// The dialog that was seen last.
    dialog: Option<Dialog>,
}

/// A dialog that was seen.
struct Dialog {
    /// The device's clock when the look that shows it was over, before anybody answered it.
    seen: Option<i64>,
    /// The request it belongs to, once the log told of it.
    request: Option<Request>,
    /// Elapsed time at which it was about to go; `None` while it is up.
    over: Option<Duration>,
}

impl Requests {
    /// The log tells of a request.
    pub fn told(&mut self, request: Request) {
        match &mut self.dialog {
            Some(dialog) if dialog.preceded_by(&request) => self.suppressed.extend(dialog.claim(request)),
            // An app has one request at a time: what is told while a dialog is up is that dialog's.
            Some(Dialog { over: None, .. }) => {}
            _ => self.waiting.push(request),
        }
    }

    /// A dialog is seen at this time of the device. It belongs to the last request: an app has one at a time, so that for
    /// the requests before it nothing was shown.
    pub fn dialog_seen(&mut self, seen: Option<i64>) {
        let request = self.waiting.pop();
        self.suppressed.append(&mut self.waiting);
        self.dialog = Some(Dialog { seen, request, over: None });
    }

    /// The dialog that was seen is about to go, or has gone: what is requested from now on is another request.
    pub fn dialog_over(&mut self, now: Duration) {
        if let Some(dialog) = &mut self.dialog {
            dialog.over.get_or_insert(now);
        }
    }

    /// Requests for which nothing came up: those told up to `before`, and those a dialog has overtaken. They are handed out
    /// once.
    pub fn suppressed(&mut self, before: Duration) -> Vec<Request> {
        let young = self.waiting.iter().position(|request| request.at > before).unwrap_or(self.waiting.len());
        let old = self.waiting.drain(..young);
        self.suppressed.drain(..).chain(old).filter(|request| !request.by_system).collect()
    }

    /// When the last request was told for which no dialog was seen yet.
    pub fn waits_since(&self) -> Option<Duration> {
        self.waiting.last().map(|request| request.at)
    }
}

impl Dialog {
    /// Whether the request was made before this dialog was seen, and is told late.
    fn preceded_by(&self, request: &Request) -> bool {
        // Made in the very millisecond of the look, it is its own only if no other is: an answer may be that quick.
        let tie = self.request.is_none();
        let before =
            request.device_time.zip(self.seen).is_some_and(|(made, seen)| made < seen || (tie && made == seen));
        // A device's clock may be set back; then a request of much later would seem to be an old one.
        before && self.over.is_none_or(|over| request.at.saturating_sub(over) <= LATE)
    }

    /// Takes the request for its own, if it is the latest so far; the one that is left over.
    fn claim(&mut self, request: Request) -> Option<Request> {
        match &mut self.request {
            Some(own) if own.device_time > request.device_time => Some(request),
            own => own.replace(request),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A request made at one time of the device and told at another of the host, in ms.
    fn request(made: i64, told: u64) -> Request {
        Request {
            at: Duration::from_millis(told),
            device_time: Some(made),
            line: format!("request {made}"),
            by_system: false,
        }
    }

    fn lines(requests: Vec<Request>) -> Vec<String> {
        requests.into_iter().map(|request| request.line).collect()
    }

    const LATER: Duration = Duration::from_secs(100);

    #[test]
    fn a_dialog_belongs_to_the_last_request_and_those_before_it_were_suppressed() {
        let mut requests = Requests::default();
        requests.told(request(1, 1));
        requests.told(request(2, 2));
        requests.dialog_seen(Some(3));
        assert_eq!(lines(requests.suppressed(Duration::ZERO)), ["request 1"]);
        assert!(requests.suppressed(LATER).is_empty(), "handed out once");
    }

    #[test]
    fn what_the_system_asks_is_a_dialogs_request_or_nobodys() {
        let by_system = |made, told| Request { by_system: true, ..request(made, told) };
        let mut requests = Requests::default();
        requests.told(by_system(1, 1));
        assert_eq!(requests.waits_since(), Some(Duration::from_millis(1)), "a dialog is looked for");
        requests.dialog_seen(Some(2));
        requests.dialog_over(Duration::from_millis(3));
        requests.told(by_system(4, 4));
        requests.told(request(5, 5));
        assert_eq!(lines(requests.suppressed(LATER)), ["request 5"]);
    }

    #[test]
    fn a_line_that_comes_while_the_dialog_is_up_is_its_own_request() {
        for seen in [None, Some(2), Some(7)] {
            let mut requests = Requests::default();
            requests.dialog_seen(seen);
            requests.told(request(5, 5));
            requests.dialog_over(Duration::from_millis(8));
            requests.told(request(9, 9));
            assert_eq!(lines(requests.suppressed(LATER)), ["request 9"], "{seen:?}");
        }
    }

    #[test]
    fn a_line_that_comes_after_its_dialog_was_answered_is_no_other_request() {
        let mut requests = Requests::default();
        requests.dialog_seen(Some(20));
        requests.dialog_over(Duration::from_millis(30));
        requests.told(request(10, 40));
        requests.told(request(35, 41));
        assert_eq!(lines(requests.suppressed(LATER)), ["request 35"]);
    }

    #[test]
    fn of_two_late_lines_the_later_request_was_shown() {
        for order in [[10, 15], [15, 10]] {
            let mut requests = Requests::default();
            requests.dialog_seen(Some(20));
            requests.dialog_over(Duration::from_millis(30));
            for made in order {
                requests.told(request(made, 40));
            }
            assert_eq!(lines(requests.suppressed(Duration::ZERO)), ["request 10"], "{order:?}");
        }
    }

    #[test]
    fn a_late_line_gives_back_the_request_that_the_dialog_was_taken_for() {
        let mut requests = Requests::default();
        requests.told(request(10, 11));
        requests.dialog_seen(Some(20));
        requests.told(request(15, 21));
        assert_eq!(lines(requests.suppressed(Duration::ZERO)), ["request 10"]);
    }

    #[test]
    fn a_clock_that_was_set_back_hides_no_request() {
        let mut requests = Requests::default();
        requests.dialog_seen(Some(10_000));
        requests.dialog_over(Duration::from_secs(1));
        requests.told(request(500, 60_000));
        assert_eq!(lines(requests.suppressed(LATER)), ["request 500"]);
    }

    #[test]
    fn the_next_request_may_come_in_the_millisecond_of_the_look() {
        let mut requests = Requests::default();
        requests.told(request(10, 11));
        requests.dialog_seen(Some(20));
        requests.dialog_over(Duration::from_millis(20));
        requests.told(request(20, 20));
        assert!(requests.suppressed(Duration::ZERO).is_empty());
        assert_eq!(lines(requests.suppressed(LATER)), ["request 20"]);
    }

    #[test]
    fn a_young_request_is_given_time() {
        let mut requests = Requests::default();
        requests.told(request(1, 1));
        requests.told(request(8, 8));
        assert_eq!(lines(requests.suppressed(Duration::from_millis(5))), ["request 1"]);
        assert_eq!(requests.waits_since(), Some(Duration::from_millis(8)));
        assert_eq!(lines(requests.suppressed(Duration::from_millis(8))), ["request 8"]);
    }
}
