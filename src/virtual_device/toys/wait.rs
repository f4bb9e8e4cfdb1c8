//! `sleep`, `usleep`.

use std::time::Duration;

use super::tool::{Tool, toy};

toy!(
    /// `sleep number[smhd]`
    sleep, sleep_work
);

async fn sleep_work(mut tool: Tool) -> i32 {
    let words = tool.arguments().to_vec();
    let mut seconds = 0.0;
    for word in &words {
        let (number, unit) = match word.chars().last() {
            Some('m') => (&word[..word.len() - 1], 60.0),
            Some('h') => (&word[..word.len() - 1], 3600.0),
            Some('d') => (&word[..word.len() - 1], 86_400.0),
            Some('s') => (&word[..word.len() - 1], 1.0),
            _ => (word.as_str(), 1.0),
        };
        let Some(number) = number.parse::<f64>().ok().filter(|number| *number >= 0.0) else {
            tool.complain(&format!("not integer: {word}")).await;
            return 1;
        };
        seconds += number * unit;
    }
    let Ok(duration) = Duration::try_from_secs_f64(seconds) else { return 1 };
    nap(&tool, duration).await
}

toy!(
    /// `usleep microseconds`
    usleep, usleep_work
);

async fn usleep_work(tool: Tool) -> i32 {
    let micros = tool.arguments().first().and_then(|word| word.parse().ok()).unwrap_or(0);
    nap(&tool, Duration::from_micros(micros)).await
}

async fn nap(tool: &Tool, duration: Duration) -> i32 {
    tokio::select! {
        biased;
        () = tool.call.stdio.hangup.cancelled() => 129,
        () = tool.call.machine.clock.sleep(duration) => 0,
    }
}
