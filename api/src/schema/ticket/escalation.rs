//! The type `Escalation`.

use std::sync::Arc;

use async_graphql::{Enum, Object};
use domain::{AgentId, TeamId};

use super::Ticket;
use super::packet::EscalationPacket;
use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::scalar::DateTime;
use crate::schema::session::SessionPriority;
use crate::schema::team::Team;
use crate::schema::trigger::{Trigger, TriggerFiring};
use crate::view::View;

/// How high something is escalated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::trigger::Level")]
pub(crate) enum EscalationLevel {
    /// To the second line: technical failures, disputes, intense emotion.
    #[graphql(name = "L2")]
    Second,
    /// Straight to the administrators: system down, security, legal disputes.
    #[graphql(name = "L3")]
    Third,
}

/// Why a ticket is escalated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::escalation::EscalationReason")]
pub(crate) enum EscalationReason {
    /// Something does not work.
    TechnicalFailure,
    /// A dispute about money.
    RefundDispute,
    /// The customer is upset.
    IntenseEmotion,
    /// Everything is down.
    SystemDown,
    /// A leak or an attack.
    Security,
    /// Lawyers, authorities.
    Legal,
    /// Nobody has resolved it in time.
    Unresolved,
    /// The customer asks for somebody else.
    CustomerRequest,
    /// The customer rated the service with few stars.
    LowRating,
    /// Anything else.
    Other,
}

pub(crate) struct Escalation {
    row: Arc<domain::Escalation>,
    view: View,
}

impl Escalation {
    pub(crate) fn new(row: Arc<domain::Escalation>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }

    async fn agent(&self, id: Option<AgentId>) -> Result<Option<Agent>> {
        let Some(id) = id else { return Ok(None) };
        Ok(self.view.loaders().agents().load(id).await?.map(|agent| Agent::new(agent, &self.view)))
    }

    async fn team(&self, id: Option<TeamId>) -> Result<Option<Team>> {
        let Some(id) = id else { return Ok(None) };
        Ok(self.view.loaders().teams().load(id).await?.map(|team| Team::new(team, &self.view)))
    }
}

/// One time that a ticket went to another line.
#[Object]
impl Escalation {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// The ticket. Null if you do not see it any more.
    async fn ticket(&self) -> Result<Option<Ticket>> {
        let ticket = self.view.loaders().tickets().load(self.row.ticket_id).await?;
        Ok(ticket.map(|ticket| Ticket::new(ticket, &self.view)))
    }

    /// The line of support that had it, from 1 to 3.
    #[graphql(name = "fromLine")]
    fn previous_line(&self) -> i32 {
        self.row.from_line
    }

    /// Who had it. Null if nobody did.
    #[graphql(name = "fromAgent")]
    async fn previous_agent(&self) -> Result<Option<Agent>> {
        self.agent(self.row.from_agent_id).await
    }

    /// The team that it was for. Null for no particular one.
    #[graphql(name = "fromTeam")]
    async fn previous_team(&self) -> Result<Option<Team>> {
        self.team(self.row.from_team_id).await
    }

    /// How high it went.
    fn level(&self) -> EscalationLevel {
        self.row.level.into()
    }

    /// The team that got it. Null if an agent did instead of one.
    async fn to_team(&self) -> Result<Option<Team>> {
        self.team(self.row.to_team_id).await
    }

    /// The agent who got it: an administrator, or whom the project has named for low ratings. Null if a team did.
    async fn to_agent(&self) -> Result<Option<Agent>> {
        self.agent(self.row.to_agent_id).await
    }

    /// Why.
    fn reason(&self) -> EscalationReason {
        self.row.reason.into()
    }

    /// The trigger that made it happen or suggested it. Null if none did.
    async fn trigger(&self) -> Result<Option<Trigger>> {
        let Some(id) = self.row.trigger_id else { return Ok(None) };
        Ok(self.view.loaders().triggers().load(id).await?.map(|trigger| Trigger::new(trigger, &self.view)))
    }

    /// The time that the trigger fired. Null if none did, or if you do not see its session.
    async fn trigger_firing(&self) -> Result<Option<TriggerFiring>> {
        let Some(id) = self.row.firing_id else { return Ok(None) };
        let firing = self.view.loaders().trigger_firings().load(id).await?;
        Ok(firing.map(|firing| TriggerFiring::new(firing, &self.view)))
    }

    /// What whoever gets it needs to know. Empty once the customer was erased.
    fn description(&self) -> &str {
        &self.row.description
    }

    /// Whether the form was skipped for an obvious emergency.
    fn quick(&self) -> bool {
        self.row.quick
    }

    /// What goes along.
    fn packet(&self) -> EscalationPacket {
        EscalationPacket::new(self.row.packet.clone(), &self.view)
    }

    /// How pressing the ticket was from then on.
    fn priority(&self) -> SessionPriority {
        self.row.priority.into()
    }

    /// Who escalated it. Null for the desk itself, and if they are gone.
    async fn by(&self) -> Result<Option<Agent>> {
        self.agent(self.row.by_agent_id).await
    }

    /// When it was, on the project's clock.
    fn at(&self) -> DateTime {
        self.row.at.into()
    }

    /// Whether a supervisor found that there was no need. Null if none has said so.
    fn unnecessary(&self) -> Option<bool> {
        self.row.unnecessary
    }

    /// Who said so. Null if nobody has.
    async fn judged_by(&self) -> Result<Option<Agent>> {
        self.agent(self.row.judged_by).await
    }

    /// What they said about it. May be empty.
    fn judgement_note(&self) -> &str {
        &self.row.judgement_note
    }

    /// When they did, on the project's clock. Null if nobody has.
    fn judged_at(&self) -> Option<DateTime> {
        self.row.judged_at.map(DateTime::from)
    }
}
