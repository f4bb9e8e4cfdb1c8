//! Reports of a made-up case: what they say, that hostile texts stay texts, and that a browser shows them.

mod browser;
mod example;
mod golden;
mod lists;
mod notice;
mod page;
mod run;
mod sample;
mod scale;
mod tables;
