//! Ending the link of a group with a team.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::team::TeamGroupRefusal as Refusal;
use domain::ChatId;

use super::Team;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `teamGroupRemove` takes.
#[derive(InputObject)]
pub(crate) struct TeamGroupRemoveInput {
    /// The global id of the team.
    team_id: ID,
    /// The number of the chat in Telegram, as `Team.groups` gives it.
    telegram_chat_id: String,
}

/// What came of `teamGroupRemove`.
#[derive(SimpleObject)]
pub(crate) struct TeamGroupRemovePayload {
    /// The team as it is now. Null if nothing was changed.
    team: Option<Team>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TeamGroupRemoveError>,
}

user_error! {
    /// Why `teamGroupRemove` did nothing.
    TeamGroupRemoveError,
    /// The reasons of `teamGroupRemove` to do nothing.
    TeamGroupRemoveErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such team, or you may not see it.
        TeamNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// This group is not linked to the team.
        GroupNotLinked,
    }
}

#[derive(Default)]
pub(crate) struct TeamGroupRemove;

#[Object]
impl TeamGroupRemove {
    /// Ends the link of a Telegram group with a team: it gets no notices any more. For supervisors and administrators of the
    /// project.
    async fn team_group_remove(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The team and its group.")] input: TeamGroupRemoveInput,
    ) -> Result<TeamGroupRemovePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(TeamGroupRemovePayload { team: done.map(|team| Team::new(Arc::new(team), &view)), user_errors })
    }
}

async fn run(
    view: &View,
    input: TeamGroupRemoveInput,
) -> Result<domain::Team, Stop<domain::Team, TeamGroupRemoveError>> {
    let team_id = id::parse(&input.team_id)
        .map_err(|invalid| TeamGroupRemoveError::new(TeamGroupRemoveErrorCode::InvalidId, Some("teamId"), invalid))?;
    // Zero is the number of no chat.
    let chat = ChatId(input.telegram_chat_id.parse().unwrap_or_default());
    let removed = view.desk().team_group_remove(view.actor(), team_id, chat).await;
    removed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Team, TeamGroupRemoveError> {
    use TeamGroupRemoveErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::TeamNotFound | Refusal::Standing(StandingRefusal::NotFound) => (Code::TeamNotFound, Some("teamId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::NotLinked => (Code::GroupNotLinked, Some("telegramChatId")),
    };
    TeamGroupRemoveError::new(code, field, refusal).into()
}
