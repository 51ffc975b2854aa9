//! Letting an update in again.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::intake::{KeptUpdate, UpdateRetryRefusal as Refusal};

use super::TelegramUpdate;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `telegramUpdateRetry` takes.
#[derive(InputObject)]
pub(crate) struct TelegramUpdateRetryInput {
    /// The global id of the update.
    telegram_update_id: ID,
}

/// What came of `telegramUpdateRetry`.
#[derive(SimpleObject)]
pub(crate) struct TelegramUpdateRetryPayload {
    /// The update as it is now. Null if there is none to be tried again.
    telegram_update: Option<TelegramUpdate>,
    /// Why nothing is tried again. Empty if all went well.
    user_errors: Vec<TelegramUpdateRetryError>,
}

user_error! {
    /// Why `telegramUpdateRetry` did nothing.
    TelegramUpdateRetryError,
    /// The reasons of `telegramUpdateRetry` to do nothing.
    TelegramUpdateRetryErrorCode {
        /// This is not the id of an update.
        InvalidId,
        /// There is no such update, or you may not see it.
        TelegramUpdateNotFound,
        /// You are neither an administrator nor a supervisor of the project.
        NotSupervisor,
        /// The update has neither failed nor been shelved.
        NotSetAside,
    }
}

#[derive(Default)]
pub(crate) struct TelegramUpdateRetry;

#[Object]
impl TelegramUpdateRetry {
    /// Has an update that failed or was shelved worked off again. One that was shelved is let in, also if the customer is
    /// banned still. What was written meanwhile stays before it. For administrators and supervisors of the project.
    async fn telegram_update_retry(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The update to be tried again.")] input: TelegramUpdateRetryInput,
    ) -> Result<TelegramUpdateRetryPayload> {
        let view = View::fresh(context).await?;
        let (update, user_errors) = settled(retry(&view, &input)).await?;
        let telegram_update = update.map(|update| TelegramUpdate::new(Arc::new(update), &view));
        Ok(TelegramUpdateRetryPayload { telegram_update, user_errors })
    }
}

async fn retry(
    view: &View,
    input: &TelegramUpdateRetryInput,
) -> Result<KeptUpdate, Stop<KeptUpdate, TelegramUpdateRetryError>> {
    let id = id::parse(&input.telegram_update_id).map_err(|invalid| {
        TelegramUpdateRetryError::new(TelegramUpdateRetryErrorCode::InvalidId, Some("telegramUpdateId"), invalid)
    })?;
    let retried = view.desk().telegram_update_retry(view.actor(), id).await;
    retried.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<KeptUpdate, TelegramUpdateRetryError> {
    let code = match refusal {
        Refusal::NotFound => TelegramUpdateRetryErrorCode::TelegramUpdateNotFound,
        Refusal::NotSupervisor => TelegramUpdateRetryErrorCode::NotSupervisor,
        Refusal::NotSetAside => TelegramUpdateRetryErrorCode::NotSetAside,
    };
    TelegramUpdateRetryError::new(code, Some("telegramUpdateId"), refusal).into()
}
