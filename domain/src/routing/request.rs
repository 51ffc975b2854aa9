//! What is to be routed.

use std::collections::BTreeMap;

use super::AttributeValue;
use crate::escalation::EscalationTarget;
use crate::{AgentId, DiversionLinkId, TagId, TeamId};

/// A session that needs an agent, as far as routing cares.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    /// Where it was escalated to: a team, the administrators or one agent. Nobody else gets it, whatever the rules say.
    pub escalated_to: Option<EscalationTarget>,
    /// The team that it is for, because it was transferred to it, came by a link of it, or a rule chose it.
    pub team_id: Option<TeamId>,
    /// The customer's language as an IETF tag.
    pub language: Option<String>,
    /// The diversion link by which the customer came.
    pub link_id: Option<DiversionLinkId>,
    /// The tags of the session and the customer.
    pub tag_ids: Vec<TagId>,
    /// What integrations say of the customer.
    pub attributes: BTreeMap<String, AttributeValue>,
    /// The agents who had it since the customer was last answered and let it lie, in that order.
    pub let_lie_by: Vec<AgentId>,
}

impl Request {
    /// The team that it is for, by escalation or otherwise.
    pub fn team(&self) -> Option<TeamId> {
        self.escalated_to.and_then(|target| target.parties().1).or(self.team_id)
    }

    /// Whether it stays with whoever has it until another one of those to whom it was escalated can have it.
    pub fn is_personal(&self) -> bool {
        self.escalated_to.is_some_and(EscalationTarget::is_personal)
    }
}
