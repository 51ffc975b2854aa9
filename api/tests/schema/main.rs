//! The schema over a real desk on SQLite, executed without a transport.

mod published;
