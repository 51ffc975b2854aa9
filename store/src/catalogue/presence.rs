//! Queries of who is there.

use domain::{AgentId, ProjectId, Time};

use crate::error::Result;
use crate::presence::Present;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// The agents who were seen in a project after a time, in ascending order.
    present = presence::present(project: ProjectId, after: Time) -> Vec<Present>;
    /// The active agents who were seen anywhere after a time, each with their project.
    present_anywhere = presence::present_anywhere(after: Time) -> Vec<(ProjectId, Present)>;
}

catalogue! { Tx:
    /// Notes that an agent follows a project through a process, and since when they have been there.
    begin_presence = presence::begin(holder: &str, project: ProjectId, agent: AgentId, since: Time, now: Time) -> ();
    /// Notes that an agent follows a project no longer through a process.
    end_presence = presence::end(holder: &str, project: ProjectId, agent: AgentId, now: Time) -> ();
    /// Notes that all who follow a project through a process still do. Answers how many these are.
    renew_presence = presence::renew(holder: &str, now: Time) -> usize;
    /// Forgets those who were last seen before a time.
    purge_presence = presence::purge(before: Time) -> usize;
}
