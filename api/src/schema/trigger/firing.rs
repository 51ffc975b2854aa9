//! The type `TriggerFiring`.

use std::sync::Arc;

use async_graphql::{Enum, Object};

use super::Trigger;
use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::message::Message;
use crate::schema::scalar::DateTime;
use crate::schema::ticket::EscalationLevel;
use crate::view::View;

/// What people think of it that a trigger fired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::trigger::Judgement")]
pub(crate) enum TriggerJudgement {
    /// It was right.
    Accepted,
    /// There was no need.
    Unnecessary,
}

pub(crate) struct TriggerFiring {
    row: Arc<domain::trigger::TriggerFiring>,
    view: View,
}

impl TriggerFiring {
    pub(crate) fn new(row: Arc<domain::trigger::TriggerFiring>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// One time that a trigger fired in a session.
#[Object]
impl TriggerFiring {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// The trigger, also if it was removed since. Null if you may not see the project.
    async fn trigger(&self) -> Result<Option<Trigger>> {
        let trigger = self.view.loaders().triggers().load(self.row.trigger_id).await?;
        Ok(trigger.map(|trigger| Trigger::new(trigger, &self.view)))
    }

    /// The message that made it fire. Null if none did, or if the customer was erased.
    async fn message(&self) -> Result<Option<Message>> {
        let Some(id) = self.row.message_id else { return Ok(None) };
        Ok(self.view.loaders().messages().load(id).await?.map(|message| Message::new(message, &self.view)))
    }

    /// The phrases of its lists that the message has, as the lists have them, each once.
    fn phrases(&self) -> &[String] {
        &self.row.phrases
    }

    /// How high it suggests to escalate. Null if it does not.
    fn suggested_level(&self) -> Option<EscalationLevel> {
        self.row.suggested.map(EscalationLevel::from)
    }

    /// When it was, on the project's clock.
    fn fired_at(&self) -> DateTime {
        self.row.at.into()
    }

    /// What somebody thinks of it. Null if nobody has said so.
    fn judgement(&self) -> Option<TriggerJudgement> {
        self.row.judgement.map(TriggerJudgement::from)
    }

    /// Who said so. Null if nobody has.
    async fn judged_by(&self) -> Result<Option<Agent>> {
        let Some(id) = self.row.judged_by else { return Ok(None) };
        Ok(self.view.loaders().agents().load(id).await?.map(|agent| Agent::new(agent, &self.view)))
    }
}
