//! Saying what one thinks of it that a trigger fired.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::trigger::TriggerJudgeRefusal as Refusal;

use super::firing::{TriggerFiring, TriggerJudgement};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `triggerFiringJudge` takes.
#[derive(InputObject)]
pub(crate) struct TriggerFiringJudgeInput {
    /// The global id of the firing.
    trigger_firing_id: ID,
    /// Whether it was right.
    judgement: TriggerJudgement,
}

/// What came of `triggerFiringJudge`.
#[derive(SimpleObject)]
pub(crate) struct TriggerFiringJudgePayload {
    /// The firing as it is now. Null if nothing was noted.
    trigger_firing: Option<TriggerFiring>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TriggerFiringJudgeError>,
}

user_error! {
    /// Why `triggerFiringJudge` did nothing.
    TriggerFiringJudgeError,
    /// The reasons of `triggerFiringJudge` to do nothing.
    TriggerFiringJudgeErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such firing, or its session does not go on for you.
        TriggerFiringNotFound,
    }
}

#[derive(Default)]
pub(crate) struct TriggerFiringJudge;

#[Object]
impl TriggerFiringJudge {
    /// Notes whether it was right that a trigger fired, for its statistics. The last word counts.
    async fn trigger_firing_judge(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The firing and the judgement.")] input: TriggerFiringJudgeInput,
    ) -> Result<TriggerFiringJudgePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(TriggerFiringJudgePayload {
            trigger_firing: done.map(|done| TriggerFiring::new(Arc::new(done), &view)),
            user_errors,
        })
    }
}

async fn run(
    view: &View,
    input: TriggerFiringJudgeInput,
) -> Result<domain::trigger::TriggerFiring, Stop<domain::trigger::TriggerFiring, TriggerFiringJudgeError>> {
    use TriggerFiringJudgeErrorCode as Code;
    let invalid = |field| move |invalid| TriggerFiringJudgeError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.trigger_firing_id).map_err(invalid("triggerFiringId"))?;
    let judged = view.desk().trigger_firing_judge(view.actor(), id, input.judgement.into()).await;
    judged.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::trigger::TriggerFiring, TriggerFiringJudgeError> {
    use TriggerFiringJudgeErrorCode as Code;
    let Refusal::NotFound = refusal;
    TriggerFiringJudgeError::new(Code::TriggerFiringNotFound, Some("triggerFiringId"), refusal).into()
}
