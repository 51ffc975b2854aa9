//! What the triggers remember of a session.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Time, TriggerId};

/// How far the triggers of a session are. It begins empty, and again whenever the issue is resolved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// How many of the customer's newest messages in a row a trigger counts. None is not listed.
    pub rows: BTreeMap<TriggerId, u32>,
    /// The triggers that have fired and do not fire again until the issue is resolved.
    pub fired: BTreeSet<TriggerId>,
    /// When the issue began, where a trigger waits for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began: Option<Time>,
}
