//! Handing a session to another agent or to a team.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use desk::session::{SessionRefusal, SessionTransferRefusal as Refusal};
use domain::session::{DescriptionRefusal, Target, Transfer};
use domain::{AgentId, TeamId};

use super::Session;
use super::refusal::current;
use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::scalar::DateTime;
use crate::schema::team::Team;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `sessionTransfer` takes.
#[derive(InputObject)]
pub(crate) struct SessionTransferInput {
    /// The global id of the session.
    session_id: ID,
    /// The global id of the agent who shall answer. Give this or `toTeamId`.
    to_agent_id: Option<ID>,
    /// The global id of the team in which it shall wait for somebody. Give this or `toAgentId`.
    to_team_id: Option<ID>,
    /// What it is about and what is to be done, from 1 to 2000 characters.
    description: String,
    /// The version of the session that you have seen. If given and the session has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `sessionTransfer`.
#[derive(SimpleObject)]
pub(crate) struct SessionTransferPayload {
    /// The session as it is now for you: if it was yours, as it was when you handed it over. Null if it was left as it
    /// is, except for `VERSION_CONFLICT`.
    session: Option<Session>,
    /// The transfer. Null if the session was left as it is.
    transfer: Option<SessionTransfer>,
    /// Why the session was left as it is. Empty if all went well.
    user_errors: Vec<SessionTransferError>,
}

user_error! {
    /// Why `sessionTransfer` left the session as it is.
    SessionTransferError,
    /// The reasons of `sessionTransfer` to leave the session as it is.
    SessionTransferErrorCode {
        /// This is not the id of a session, an agent or a team.
        InvalidId,
        /// There is no such session, or you may not see it, or it has ended for you.
        SessionNotFound,
        /// The session has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// Neither `toAgentId` nor `toTeamId` was given, or both were.
        TargetRequired,
        /// There is no such agent, or they do not work in this project.
        NoSuchAgent,
        /// There is no such team in this project.
        NoSuchTeam,
        /// The session is there already.
        SameTarget,
        /// The description is empty.
        DescriptionRequired,
        /// The description is longer than 2000 characters.
        DescriptionTooLong,
        /// The session is closed.
        AlreadyClosed,
        /// Another agent has the session, and you are not a supervisor.
        TakenByAnother,
    }
}

/// By what a session came into other hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::session::TransferKind")]
pub(crate) enum SessionTransferKind {
    /// `sessionTransfer`.
    Transfer,
    /// `sessionAssign`.
    Assignment,
    /// `sessionTakeOver`.
    TakeOver,
    /// The desk moved it on, since it was not answered.
    Rerouting,
    /// A ticket of it was escalated.
    Escalation,
}

#[derive(Default)]
pub(crate) struct SessionTransferMutation;

#[Object]
impl SessionTransferMutation {
    /// Hands a session to another agent, or to a team in which it waits for somebody, with everything in it: history,
    /// tags, notes and profile. Agents hand on what is theirs or nobody's, supervisors every session. For whoever had it
    /// it ends here: they go on seeing it as it was (`sessionsLeft`), and nothing later reaches them.
    async fn session_transfer(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session and who gets it.")] input: SessionTransferInput,
    ) -> Result<SessionTransferPayload> {
        let view = View::fresh(context).await?;
        let mut made = None;
        let (session, user_errors) = settled(transfer(&view, &input, &mut made)).await?;
        let session = session.map(|session| Session::new(Arc::new(session), &view));
        let transfer = made.map(|made| SessionTransfer::new(Arc::new(made), &view));
        Ok(SessionTransferPayload { session, transfer, user_errors })
    }
}

async fn transfer(
    view: &View,
    input: &SessionTransferInput,
    made: &mut Option<Transfer>,
) -> Result<domain::Session, Stop<domain::Session, SessionTransferError>> {
    use SessionTransferErrorCode as Code;
    let invalid =
        |field| move |invalid: id::InvalidId| SessionTransferError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.session_id).map_err(invalid("sessionId"))?;
    let target = match (&input.to_agent_id, &input.to_team_id) {
        (Some(agent), None) => Target::Agent(id::parse::<AgentId>(agent).map_err(invalid("toAgentId"))?),
        (None, Some(team)) => Target::Team(id::parse::<TeamId>(team).map_err(invalid("toTeamId"))?),
        _ => {
            let message = "give `toAgentId` or `toTeamId`, and not both";
            return Err(SessionTransferError::new(Code::TargetRequired, Some("toAgentId"), message).into());
        }
    };
    let desk = view.desk();
    let handed = desk.session_transfer(view.actor(), id, target, &input.description, input.expected_version).await;
    let (session, transfer) = handed.map_err(|rejected| Stop::of(rejected, explain))?;
    *made = Some(transfer);
    Ok(session)
}

fn explain(refusal: Refusal) -> Stop<domain::Session, SessionTransferError> {
    use SessionTransferErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Session(SessionRefusal::NotFound) => (Code::SessionNotFound, "sessionId"),
        Refusal::Session(SessionRefusal::VersionConflict(_)) => (Code::VersionConflict, "expectedVersion"),
        Refusal::Session(SessionRefusal::AlreadyClosed) => (Code::AlreadyClosed, "sessionId"),
        Refusal::Session(_) => return Stop::unexpected(refusal),
        Refusal::Description(DescriptionRefusal::Required) => (Code::DescriptionRequired, "description"),
        Refusal::Description(DescriptionRefusal::TooLong) => (Code::DescriptionTooLong, "description"),
        Refusal::TakenByAnother => (Code::TakenByAnother, "sessionId"),
        Refusal::NoSuchAgent => (Code::NoSuchAgent, "toAgentId"),
        Refusal::NoSuchTeam => (Code::NoSuchTeam, "toTeamId"),
        Refusal::SameTarget => (Code::SameTarget, "sessionId"),
    };
    let error = SessionTransferError::new(code, Some(field), &refusal);
    let current = if let Refusal::Session(refusal) = refusal { current(refusal) } else { None };
    Stop::Refused { error, current }
}

pub(crate) struct SessionTransfer {
    row: Arc<Transfer>,
    view: View,
}

impl SessionTransfer {
    pub(crate) fn new(row: Arc<Transfer>, view: &View) -> Self {
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

/// A session came into other hands.
#[Object]
impl SessionTransfer {
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

    /// By what it came into other hands.
    fn kind(&self) -> SessionTransferKind {
        self.row.kind.into()
    }

    /// The agent who got it. Null if a team did, or nobody.
    async fn to_agent(&self) -> Result<Option<Agent>> {
        self.agent(self.row.to_agent_id).await
    }

    /// The team that got it. Null if an agent did, or nobody in particular.
    async fn to_team(&self) -> Result<Option<Team>> {
        self.team(self.row.to_team_id).await
    }

    /// What it is about and what is to be done. Empty unless its kind is `TRANSFER` or
    /// `ESCALATION`, and once the customer was erased.
    fn description(&self) -> &str {
        &self.row.description
    }

    /// Who did it. Null if the desk moved it on, or if they are gone.
    async fn by(&self) -> Result<Option<Agent>> {
        self.agent(self.row.by_agent_id).await
    }

    /// When it was, on the project's clock.
    fn at(&self) -> DateTime {
        self.row.at.into()
    }
}
