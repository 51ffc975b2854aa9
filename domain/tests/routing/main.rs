//! Properties of routing over random teams, settings and histories, and stories for each rule.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod backlogs;
mod fairness;
mod limits;
mod stories;
mod worlds;
