//! What the triggers remember of a session.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{Time, TriggerId};

/// How far the triggers of a session are. It begins empty, and again whenever the issue is resolved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// How many of the customer's newest messages in a row a trigger counts. None is not listed.
    pub rows: BTreeMap<TriggerId, u32>,
    /// The triggers that have fired and do not fire again until the issue is resolved.
    pub fired: BTreeSet<TriggerId>,
    /// When the issue began, where a trigger waits for that; later by as long as it has waited for the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began: Option<Time>,
    /// Since when it waits for the customer, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<Time>,
}

impl Progress {
    /// The issue that was resolved is not, after all: everything begins anew.
    pub fn begin_anew(&mut self, now: Time) {
        *self = Self { began: self.began.map(|_| now), ..Self::default() };
    }

    /// It waits for the customer, which does not count as time that the issue is unresolved.
    pub fn pause(&mut self, now: Time) {
        if self.began.is_some() {
            self.paused.get_or_insert(now);
        }
    }

    /// It does not wait for the customer any more.
    pub fn resume(&mut self, now: Time) {
        if let Some(paused) = self.paused.take()
            && let Some(began) = &mut self.began
        {
            *began += (now - paused).max(TimeDelta::zero());
        }
    }
}
