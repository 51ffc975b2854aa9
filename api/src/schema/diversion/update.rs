//! Changing a diversion link.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use desk::diversion::{DiversionChange, DiversionRefusal as Refusal};
use desk::project::StandingRefusal;
use domain::name::NameRefusal;

use super::DiversionLink;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `diversionLinkUpdate` takes.
#[derive(InputObject)]
pub(crate) struct DiversionLinkUpdateInput {
    /// The global id of the link.
    diversion_link_id: ID,
    /// The new name. Null or left out: it stays as it is.
    name: Option<String>,
    /// The new source. Null or left out: it stays as it is.
    source: Option<String>,
    /// The new tags. Null or left out: they stay as they are.
    tag_ids: Option<Vec<ID>>,
    /// The new team; null for none. Left out: it stays as it is.
    team_id: MaybeUndefined<ID>,
    /// The new agent; null for none. Left out: they stay as they are.
    agent_id: MaybeUndefined<ID>,
    /// Whether the link works. Null or left out: it stays as it is.
    active: Option<bool>,
    /// The version of the link that you have seen. If given and the link has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `diversionLinkUpdate`.
#[derive(SimpleObject)]
pub(crate) struct DiversionLinkUpdatePayload {
    /// The link as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    diversion_link: Option<DiversionLink>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<DiversionLinkUpdateError>,
}

user_error! {
    /// Why `diversionLinkUpdate` did nothing.
    DiversionLinkUpdateError,
    /// The reasons of `diversionLinkUpdate` to do nothing.
    DiversionLinkUpdateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such link, or you may not see it.
        DiversionLinkNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The link has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
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
    }
}

#[derive(Default)]
pub(crate) struct DiversionLinkUpdate;

#[Object]
impl DiversionLinkUpdate {
    /// Changes a diversion link, or has it work no more. For supervisors and administrators of the project.
    async fn diversion_link_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The link and what is to change.")] input: DiversionLinkUpdateInput,
    ) -> Result<DiversionLinkUpdatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(DiversionLinkUpdatePayload {
            diversion_link: done.map(|link| DiversionLink::new(Arc::new(link), &view)),
            user_errors,
        })
    }
}

async fn run(
    view: &View,
    input: DiversionLinkUpdateInput,
) -> Result<domain::DiversionLink, Stop<domain::DiversionLink, DiversionLinkUpdateError>> {
    let diversion_link_id = id::parse(&input.diversion_link_id).map_err(|invalid| {
        DiversionLinkUpdateError::new(DiversionLinkUpdateErrorCode::InvalidId, Some("diversionLinkId"), invalid)
    })?;
    let tag_ids = input.tag_ids.map(|ids| ids.iter().map(|tag| id::parse(tag)).collect::<Result<Vec<_>, _>>());
    let team_id = given(input.team_id).map(|team| team.map(|team| id::parse(&team)).transpose()).transpose();
    let agent_id = given(input.agent_id).map(|agent| agent.map(|agent| id::parse(&agent)).transpose()).transpose();
    let change = DiversionChange {
        name: input.name,
        source: input.source,
        tag_ids: tag_ids.transpose().map_err(|invalid| {
            DiversionLinkUpdateError::new(DiversionLinkUpdateErrorCode::InvalidId, Some("tagIds"), invalid)
        })?,
        team_id: team_id.map_err(|invalid| {
            DiversionLinkUpdateError::new(DiversionLinkUpdateErrorCode::InvalidId, Some("teamId"), invalid)
        })?,
        agent_id: agent_id.map_err(|invalid| {
            DiversionLinkUpdateError::new(DiversionLinkUpdateErrorCode::InvalidId, Some("agentId"), invalid)
        })?,
        active: input.active,
        expected_version: input.expected_version,
    };
    let changed = view.desk().diversion_link_update(view.actor(), diversion_link_id, &change).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::DiversionLink, DiversionLinkUpdateError> {
    use DiversionLinkUpdateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::NotFound | Refusal::Standing(StandingRefusal::NotFound) => {
            (Code::DiversionLinkNotFound, Some("diversionLinkId"))
        }
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
        Refusal::Name(NameRefusal::Empty) => (Code::NameEmpty, Some("name")),
        Refusal::Name(NameRefusal::TooLong) => (Code::NameTooLong, Some("name")),
        Refusal::Name(NameRefusal::Invalid) => (Code::NameInvalid, Some("name")),
        Refusal::Source => (Code::SourceTooLong, Some("source")),
        Refusal::TagNotFound => (Code::TagNotFound, Some("tagIds")),
        Refusal::TeamNotFound => (Code::TeamNotFound, Some("teamId")),
        Refusal::AgentNotFound => (Code::AgentNotFound, Some("agentId")),
        Refusal::IdempotencyKey(_) => return Stop::unexpected(refusal),
    };
    let error = DiversionLinkUpdateError::new(code, field, &refusal);
    let current = if let Refusal::VersionConflict(link) = refusal { Some(*link) } else { None };
    Stop::Refused { error, current }
}

/// What is to be set, if anything: something or nothing.
fn given(value: MaybeUndefined<ID>) -> Option<Option<ID>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(id) => Some(Some(id)),
    }
}
