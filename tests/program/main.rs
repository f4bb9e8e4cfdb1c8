//! The program as its users meet it: arguments in, files, words and exit codes out.

mod bench;
mod complaints;
mod errors;
mod faults;
mod interruptions;
mod main_job;
mod real_apps;
mod real_server;
mod redaction;
mod reviews;
mod sealing;
mod versions;
