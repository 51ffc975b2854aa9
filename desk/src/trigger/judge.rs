//! Saying what one thinks of it that a trigger fired.

use domain::audit::ObjectKind;
use domain::event::Cause;
use domain::trigger::{Judgement, TriggerFiring};
use domain::{ApiScope, TriggerFiringId};
use serde_json::json;

use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// Why it was not noted what somebody thinks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TriggerJudgeRefusal {
    /// There is no such firing, or its session does not go on for the actor.
    #[error("there is no such firing of a trigger")]
    NotFound,
}

impl From<TriggerJudgeRefusal> for Rejected<TriggerJudgeRefusal> {
    fn from(refusal: TriggerJudgeRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Desk {
    /// Notes whether it was right that a trigger fired, for its statistics. The last word counts.
    pub async fn trigger_firing_judge(
        &self,
        actor: &Actor,
        id: TriggerFiringId,
        judgement: Judgement,
    ) -> Result<TriggerFiring, Rejected<TriggerJudgeRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_trigger_firing_judge(actor, id, judgement)).await
    }

    async fn try_trigger_firing_judge(
        &self,
        actor: &Actor,
        id: TriggerFiringId,
        judgement: Judgement,
    ) -> Result<TriggerFiring, Rejected<TriggerJudgeRefusal>> {
        let known = self.store.read().await?.trigger_firings(&[id.0]).await?.pop();
        let known = known.ok_or(TriggerJudgeRefusal::NotFound)?;
        let change = self.change_any_session(actor, known.session_id).await?;
        let mut change = change.ok_or(TriggerJudgeRefusal::NotFound)?;
        let judged = change.tx.judge_trigger_firing(id, judgement, actor.agent.id).await?;
        change.noted = Some(("judgement", json!(judgement.name())));
        let object = (ObjectKind::Trigger, known.trigger_id.0);
        self.finish_within_session(change, Cause::Judgement, "triggerFiringJudge", object).await?;
        Ok(judged)
    }
}
