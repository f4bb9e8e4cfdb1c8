//! The program as its users meet it: arguments in, files, words and exit codes out.

mod archives;
mod bench;
mod captures;
mod casework;
mod catalogues;
mod comparisons;
mod complaints;
mod days;
mod errors;
mod faults;
mod interruptions;
mod lexicons;
mod main_job;
mod memory;
mod real_apps;
mod real_server;
mod redaction;
mod reviews;
mod sealing;
mod stamps;
mod versions;
