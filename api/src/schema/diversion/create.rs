//! Making a diversion link.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::diversion::{DiversionRefusal as Refusal, NewDiversion};
use desk::project::StandingRefusal;
use domain::name::NameRefusal;

use super::DiversionLink;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `diversionLinkCreate` takes.
#[derive(InputObject)]
pub(crate) struct DiversionLinkCreateInput {
    /// The global id of the project.
    project_id: ID,
    /// The name shown to agents, 1 to 100 characters.
    name: String,
    /// Where the customers come from, at most 100 characters.
    source: Option<String>,
    /// The global ids of the tags that the session gets.
    tag_ids: Option<Vec<ID>>,
    /// The global id of the team that the session is for.
    team_id: Option<ID>,
    /// The global id of the agent who answers.
    agent_id: Option<ID>,
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with the
    /// same input makes no other link and gives the first one. Null or left out: sending again is another request.
    idempotency_key: Option<String>,
}

/// What came of `diversionLinkCreate`.
#[derive(SimpleObject)]
pub(crate) struct DiversionLinkCreatePayload {
    /// The new link. Null if none was made.
    diversion_link: Option<DiversionLink>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<DiversionLinkCreateError>,
}

user_error! {
    /// Why `diversionLinkCreate` did nothing.
    DiversionLinkCreateError,
    /// The reasons of `diversionLinkCreate` to do nothing.
    DiversionLinkCreateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The name has no visible character.
        NameEmpty,
        /// The name has more than 100 characters.
        NameTooLong,
        /// The name has a control character or one that turns the direction of writing.
        NameInvalid,
        /// The source has more than 100 characters.
        SourceTooLong,
        /// A tag is not of the project, or there are more than 50.
        TagNotFound,
        /// The team is not of the project.
        TeamNotFound,
        /// There is no such agent, or they do not work in this project.
        AgentNotFound,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used for another request within 24 hours.
        IdempotencyKeyReused,
    }
}

#[derive(Default)]
pub(crate) struct DiversionLinkCreate;

#[Object]
impl DiversionLinkCreate {
    /// Makes a diversion link. For supervisors and administrators of the project.
    async fn diversion_link_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The link to make.")] input: DiversionLinkCreateInput,
    ) -> Result<DiversionLinkCreatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(DiversionLinkCreatePayload {
            diversion_link: done.map(|link| DiversionLink::new(Arc::new(link), &view)),
            user_errors,
        })
    }
}

async fn run(
    view: &View,
    input: DiversionLinkCreateInput,
) -> Result<domain::DiversionLink, Stop<domain::DiversionLink, DiversionLinkCreateError>> {
    let project_id = id::parse(&input.project_id).map_err(|invalid| {
        DiversionLinkCreateError::new(DiversionLinkCreateErrorCode::InvalidId, Some("projectId"), invalid)
    })?;
    let ids = input.tag_ids.unwrap_or_default();
    let tag_ids = ids.iter().map(|tag| id::parse(tag)).collect::<Result<Vec<_>, _>>();
    let new = NewDiversion {
        project_id,
        name: input.name,
        source: input.source.unwrap_or_default(),
        tag_ids: tag_ids.map_err(|invalid| {
            DiversionLinkCreateError::new(DiversionLinkCreateErrorCode::InvalidId, Some("tagIds"), invalid)
        })?,
        team_id: input.team_id.map(|team| id::parse(&team)).transpose().map_err(|invalid| {
            DiversionLinkCreateError::new(DiversionLinkCreateErrorCode::InvalidId, Some("teamId"), invalid)
        })?,
        agent_id: input.agent_id.map(|agent| id::parse(&agent)).transpose().map_err(|invalid| {
            DiversionLinkCreateError::new(DiversionLinkCreateErrorCode::InvalidId, Some("agentId"), invalid)
        })?,
        idempotency_key: input.idempotency_key,
    };
    let made = view.desk().diversion_link_create(view.actor(), &new).await;
    made.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::DiversionLink, DiversionLinkCreateError> {
    use DiversionLinkCreateErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::Name(NameRefusal::Empty) => (Code::NameEmpty, Some("name")),
        Refusal::Name(NameRefusal::TooLong) => (Code::NameTooLong, Some("name")),
        Refusal::Name(NameRefusal::Invalid) => (Code::NameInvalid, Some("name")),
        Refusal::Source => (Code::SourceTooLong, Some("source")),
        Refusal::TagNotFound => (Code::TagNotFound, Some("tagIds")),
        Refusal::TeamNotFound => (Code::TeamNotFound, Some("teamId")),
        Refusal::AgentNotFound => (Code::AgentNotFound, Some("agentId")),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => {
            (Code::IdempotencyKeyMalformed, Some("idempotencyKey"))
        }
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Reused) => (Code::IdempotencyKeyReused, Some("idempotencyKey")),
        Refusal::NotFound | Refusal::VersionConflict(_) => return Stop::unexpected(refusal),
    };
    DiversionLinkCreateError::new(code, field, refusal).into()
}
