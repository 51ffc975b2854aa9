//! Saying whether an escalation was needed.

use domain::event::Cause;
use domain::ticket::{TicketText, TicketTextRefusal};
use domain::trigger::Judgement;
use domain::{ApiScope, Escalation, EscalationId, EventKind, Role};
use serde_json::json;

use super::carry::object;
use super::change::ticket_event;
use crate::audit::Audited;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::session::touch;
use crate::{Actor, Desk, Error, Rejected};

/// Why it was not noted what somebody thinks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EscalationJudgeRefusal {
    /// There is no such escalation, or the actor may not know of it.
    #[error("there is no such escalation")]
    NotFound,
    /// The actor is an agent only.
    #[error("only supervisors and administrators of the project judge escalations: ask one of them")]
    NotSupervisor,
    /// What they say about it cannot be taken.
    #[error(transparent)]
    Note(#[from] TicketTextRefusal),
}

impl From<StandingRefusal> for EscalationJudgeRefusal {
    fn from(refusal: StandingRefusal) -> Self {
        match refusal {
            StandingRefusal::NotFound => Self::NotFound,
            StandingRefusal::NotSupervisor => Self::NotSupervisor,
        }
    }
}

impl<E: Into<EscalationJudgeRefusal>> From<E> for Rejected<EscalationJudgeRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Notes whether an escalation was needed, for the rates of whoever escalated and of the trigger. The last word counts.
    pub async fn escalation_judge(
        &self,
        actor: &Actor,
        id: EscalationId,
        unnecessary: bool,
        note: &str,
    ) -> Result<Escalation, Rejected<EscalationJudgeRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        let note = TicketText::parse_optional(note)?;
        retried(|| self.try_escalation_judge(actor, id, unnecessary, &note)).await
    }

    async fn try_escalation_judge(
        &self,
        actor: &Actor,
        id: EscalationId,
        unnecessary: bool,
        note: &TicketText,
    ) -> Result<Escalation, Rejected<EscalationJudgeRefusal>> {
        let known = self.visible_escalations(actor, &[id]).await?.pop().ok_or(EscalationJudgeRefusal::NotFound)?;
        let (mut tx, project) = self.change_in_project(actor, known.project_id, Role::Supervisor).await??;
        let mut session = tx.lock_session(known.session_id).await?.ok_or(Error::NotFound("session"))?;
        let ticket = tx.lock_ticket(known.ticket_id).await?.ok_or(Error::NotFound("ticket"))?;
        // Erasing may have come before.
        let found = tx.escalations(&[id.0]).await?.pop().ok_or(EscalationJudgeRefusal::NotFound)?;
        let wall = self.now();
        let now = project.time(wall);
        let judged = Escalation {
            unnecessary: Some(unnecessary),
            judged_by: Some(actor.agent.id),
            judgement_note: note.as_str().to_owned(),
            judged_at: Some(now),
            ..found
        };
        tx.judge_escalation(&judged).await?;
        let mut event = ticket_event(&ticket, EventKind::TicketUpdated, Cause::Ticket, None);
        event.at = now;
        let mut events = vec![event];
        if let Some(firing) = judged.firing_id {
            let judgement = if unnecessary { Judgement::Unnecessary } else { Judgement::Accepted };
            tx.judge_trigger_firing(firing, judgement, actor.agent.id).await?;
            events.push(touch(&mut tx, &mut session, Cause::Judgement, now).await?);
        }
        let audited = Audited::in_project(&actor.agent, &project, "escalationJudge", object(&judged), wall);
        audited.with(&json!({ "ticket": ticket.id, "unnecessary": unnecessary })).write(&mut tx).await?;
        tx.append_events(&events, wall).await?;
        self.commit(tx).await?;
        Ok(judged)
    }
}
