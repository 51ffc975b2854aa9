//! Saying whether an escalation was needed.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::ticket::EscalationJudgeRefusal as Refusal;

use super::Escalation;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `escalationJudge` takes.
#[derive(InputObject)]
pub(crate) struct EscalationJudgeInput {
    /// The global id of the escalation.
    escalation_id: ID,
    /// Whether there was no need.
    unnecessary: bool,
    /// What there is to say about it, up to 2000 characters. Null or left out for nothing.
    note: Option<String>,
}

/// What came of `escalationJudge`.
#[derive(SimpleObject)]
pub(crate) struct EscalationJudgePayload {
    /// The escalation as it is now. Null if nothing was noted.
    escalation: Option<Escalation>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<EscalationJudgeError>,
}

user_error! {
    /// Why `escalationJudge` did nothing.
    EscalationJudgeError,
    /// The reasons of `escalationJudge` to do nothing.
    EscalationJudgeErrorCode {
        /// This is not the id of an escalation.
        InvalidId,
        /// There is no such escalation, or you may not see it.
        EscalationNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The note has more than 2000 characters.
        NoteTooLong,
    }
}

#[derive(Default)]
pub(crate) struct EscalationJudge;

#[Object]
impl EscalationJudge {
    /// Notes whether an escalation was needed, for the rates of whoever escalated and of the trigger. The last word counts.
    /// For supervisors and administrators of the project.
    async fn escalation_judge(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The escalation and the judgement.")] input: EscalationJudgeInput,
    ) -> Result<EscalationJudgePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(EscalationJudgePayload { escalation: done.map(|done| Escalation::new(Arc::new(done), &view)), user_errors })
    }
}

async fn run(
    view: &View,
    input: EscalationJudgeInput,
) -> Result<domain::Escalation, Stop<domain::Escalation, EscalationJudgeError>> {
    let id = id::parse(&input.escalation_id).map_err(|invalid| {
        EscalationJudgeError::new(EscalationJudgeErrorCode::InvalidId, Some("escalationId"), invalid)
    })?;
    let note = input.note.unwrap_or_default();
    let judged = view.desk().escalation_judge(view.actor(), id, input.unnecessary, &note).await;
    judged.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Escalation, EscalationJudgeError> {
    use EscalationJudgeErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::NotFound => (Code::EscalationNotFound, Some("escalationId")),
        Refusal::NotSupervisor => (Code::NotSupervisor, None),
        Refusal::Note(_) => (Code::NoteTooLong, Some("note")),
    };
    EscalationJudgeError::new(code, field, refusal).into()
}
