//! The stream of a batch: one message per job that is not done.

use std::time::Duration;

use async_nats::jetstream::consumer::pull::Config as PullConfig;
use async_nats::jetstream::consumer::{AckPolicy, Consumer};
use async_nats::jetstream::context::PublishErrorKind;
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::stream::{Config, RetentionPolicy, Stream};
use async_nats::jetstream::{AckKind, Context, Message};
use futures_util::StreamExt;

use super::error::FarmError;

/// How long the server remembers the ids of messages, so that hosts that begin together publish each job once.
const REMEMBERED: Duration = Duration::from_secs(60 * 60);
/// How long one request for a job waits at the server.
const PULL: Duration = Duration::from_secs(2);
/// Messages that are sent before the first answer is waited for.
const TOGETHER: usize = 256;
/// Requests of hosts that may wait at the server at once.
const MOST_WAITING: i64 = 8192;

/// The stream of a batch.
pub(super) struct Jobs {
    context: Context,
    stream: Stream,
    consumer: Consumer<PullConfig>,
    subject: String,
}

impl Jobs {
    /// Opens the stream of a batch, or makes it. `ack_wait` holds for the batch: the first host's counts.
    pub async fn open(context: &Context, batch: &str, ack_wait: Duration) -> Result<Self, FarmError> {
        let doing = "make the stream of jobs";
        let subject = format!("appwitness.jobs.{batch}");
        let config = Config {
            name: format!("appwitness-{batch}"),
            subjects: vec![format!("{subject}.>")],
            retention: RetentionPolicy::WorkQueue,
            duplicate_window: REMEMBERED,
            ..Config::default()
        };
        let stream = context.get_or_create_stream(config).await.map_err(|error| failed(doing, error))?;
        let config = PullConfig {
            durable_name: Some("hosts".into()),
            ack_policy: AckPolicy::Explicit,
            ack_wait,
            // Tries are counted by what the hosts write down, not by deliveries: one that was put down is no try.
            max_deliver: -1,
            max_ack_pending: -1,
            max_waiting: MOST_WAITING,
            ..PullConfig::default()
        };
        let consumer = stream.get_or_create_consumer("hosts", config).await.map_err(|error| failed(doing, error))?;
        Ok(Self { context: context.clone(), stream, consumer, subject })
    }

    /// How long a job stays with a host that says nothing.
    pub fn ack_wait(&self) -> Duration {
        self.consumer.cached_info().config.ack_wait
    }

    /// Publishes jobs. One that waits or is under way already is left as it is. `id` makes the id of its message; with
    /// none it is published again even if the server remembers it.
    pub async fn publish(&self, jobs: &[&str], id: impl Fn(&str) -> Option<String>) -> Result<(), FarmError> {
        for some in jobs.chunks(TOGETHER) {
            let mut answers = Vec::with_capacity(some.len());
            for job in some {
                let message =
                    PublishMessage::build().payload((*job).to_owned().into()).expected_last_subject_sequence(0);
                let message = match id(job) {
                    Some(id) => message.message_id(id),
                    None => message,
                };
                let sent = self.context.send_publish(format!("{}.{job}", self.subject), message).await;
                answers.push(sent.map_err(|error| failed("publish a job", error))?);
            }
            for answer in answers {
                match answer.await {
                    Ok(_) => {}
                    // It is on the queue.
                    Err(error) if error.kind() == PublishErrorKind::WrongLastSequence => {}
                    Err(error) => return Err(failed("publish a job", error)),
                }
            }
        }
        Ok(())
    }

    /// Waits a moment for a job; `None` when none came.
    pub async fn pull(&self) -> Result<Option<Message>, FarmError> {
        let doing = "ask for a job";
        let batch = self.consumer.batch().max_messages(1).expires(PULL).messages().await;
        let mut batch = batch.map_err(|error| failed(doing, error))?;
        batch.next().await.transpose().map_err(|error| failed(doing, error))
    }

    /// Messages on the stream: jobs that wait or are under way.
    pub async fn left(&self) -> Result<u64, FarmError> {
        let info = self.stream.get_info().await.map_err(|error| failed("count the jobs", error))?;
        Ok(info.state.messages)
    }
}

/// The job that a message is about, when it can be one.
pub(super) fn job_of(message: &Message) -> Option<&str> {
    std::str::from_utf8(&message.payload).ok()
}

/// Takes a message off the queue. When that fails it comes up again, and is found settled.
pub(super) async fn take_off(message: &Message) {
    let _ = message.double_ack().await;
}

/// Puts a message back, for anybody at once; waits for the answer, because the process may end next. When that fails it
/// comes up again after a while.
pub(super) async fn put_back(message: &Message) {
    let _ = message.double_ack_with(AckKind::Nak(None)).await;
}

/// Says that a job is still being worked on. When that fails too often, somebody else gets it.
pub(super) async fn still_at_it(message: &Message) {
    let _ = message.ack_with(AckKind::Progress).await;
}

fn failed(doing: &'static str, why: impl std::fmt::Display) -> FarmError {
    FarmError::Queue { doing, why: why.to_string() }
}
