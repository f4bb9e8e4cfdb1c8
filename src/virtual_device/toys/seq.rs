//! `seq`.

use super::tool::{Tool, toy};

/// Most numbers written between looking whether anybody reads.
const BATCH: usize = 512;

toy!(
    /// `seq [-w] [-f format] [-s separator] [first [step]] last`
    seq, seq_work
);

/// A number as it was written, and how many digits stand after its point.
fn number(word: &str) -> Option<(f64, usize)> {
    let value: f64 = word.parse().ok().filter(|value: &f64| value.is_finite())?;
    Some((value, word.split_once('.').map_or(0, |(_, rest)| rest.len())))
}

async fn seq_work(mut tool: Tool) -> i32 {
    // A negative number is no option.
    let words = tool.arguments().to_vec();
    let is_option = |word: &String| word.starts_with('-') && number(word).is_none();
    let (mut at, mut separator, mut wide, mut form) = (0, "\n".to_owned(), false, None);
    while let Some(word) = words.get(at).filter(|word| is_option(word)) {
        match (&word[1..2], &word[2..]) {
            ("w", _) => wide = true,
            (letter @ ("s" | "f"), attached) => {
                let value = if attached.is_empty() { words.get(at + 1).cloned() } else { Some(attached.to_owned()) };
                at += usize::from(attached.is_empty());
                let Some(value) = value else { break };
                if letter == "s" { separator = value } else { form = Some(value) }
            }
            _ => {
                tool.complain(&format!("Unknown option {}", &word[1..])).await;
                return 1;
            }
        }
        at += 1;
    }
    let numbers: Option<Vec<(f64, usize)>> = words[at.min(words.len())..].iter().map(|word| number(word)).collect();
    let (first, step, last) = match numbers.as_deref() {
        Some([last]) => ((1.0, 0), (1.0, 0), *last),
        Some([first, last]) => (*first, (1.0, 0), *last),
        Some([first, step, last]) if step.0 != 0.0 => (*first, *step, *last),
        _ => {
            tool.complain("bad number").await;
            return 1;
        }
    };
    let digits = first.1.max(step.1);
    let width =
        if wide { [first.0, last.0].map(|n| format!("{n:.digits$}").len()).into_iter().max().unwrap_or(0) } else { 0 };
    let written = |value: f64| match &form {
        Some(form) => form.replacen("%g", &value.to_string(), 1).replacen("%f", &format!("{value:.6}"), 1),
        None => format!("{value:0width$.digits$}"),
    };
    let mut count = 0_u32;
    loop {
        let mut text = String::new();
        for _ in 0..BATCH {
            let next = f64::from(count).mul_add(step.0, first.0);
            // Half a step's millionth, for what tenths come to.
            let slack = step.0.abs() / 1e6;
            if (step.0 > 0.0 && next > last.0 + slack) || (step.0 < 0.0 && next < last.0 - slack) {
                let end = if count > 0 { "\n" } else { "" };
                return tool.finish(text + end).await;
            }
            if count > 0 {
                text += &separator;
            }
            text += &written(next);
            count += 1;
        }
        if !tool.out(text).await {
            return 0;
        }
    }
}
