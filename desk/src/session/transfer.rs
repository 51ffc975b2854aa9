//! Handing a session to another agent or to a team, with everything that is known.

use std::sync::Arc;

use domain::event::Cause;
use domain::notice::NoticeKind;
use domain::session::{Description, DescriptionRefusal, Target, Transfer, TransferKind};
use domain::{ApiScope, Session, SessionId, TransferId};
use store::transfers::NewTransfer;

use super::{Premise, SessionChange, SessionRefusal};
use crate::agent::member;
use crate::retry::retried;
use crate::routing::put_back;
use crate::staff::tell_team;
use crate::visibility::View;
use crate::{Actor, Connection, Desk, Error, PageRequest, Rejected};

/// Why a session was not handed over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionTransferRefusal {
    /// As for every change of a session.
    #[error(transparent)]
    Session(#[from] SessionRefusal),
    /// The description cannot be taken.
    #[error(transparent)]
    Description(#[from] DescriptionRefusal),
    /// The session has an agent, and the actor is neither that one nor a supervisor.
    #[error("another agent has this session: ask them or a supervisor to hand it over")]
    TakenByAnother,
    /// The agent is unknown, not active, or has no role in the project.
    #[error("there is no such agent in this project: choose one of its active agents")]
    NoSuchAgent,
    /// The team is unknown or is another project's.
    #[error("there is no such team in this project: choose one of its teams")]
    NoSuchTeam,
    /// It is there already.
    #[error("the session is there already: choose somebody else")]
    SameTarget,
}

impl<E: Into<SessionTransferRefusal>> From<E> for Rejected<SessionTransferRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Hands a session to an agent, or to a team in which it then waits. Agents hand on what is theirs or nobody's,
    /// supervisors every session. Whoever gets it sees all of it; for whoever had it it ends, and they go on seeing it as
    /// it was then.
    pub async fn session_transfer(
        &self,
        actor: &Actor,
        id: SessionId,
        target: Target,
        description: &str,
        expected_version: Option<i64>,
    ) -> Result<(Session, Transfer), Rejected<SessionTransferRefusal>> {
        self.session_transfer_on(actor, id, target, description, Premise::Seen(expected_version)).await
    }

    /// The same where it hangs on something else.
    pub(super) async fn session_transfer_on(
        &self,
        actor: &Actor,
        id: SessionId,
        target: Target,
        description: &str,
        premise: Premise,
    ) -> Result<(Session, Transfer), Rejected<SessionTransferRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        let description = Description::parse(description)?;
        retried(|| self.try_session_transfer(actor, id, target, &description, premise)).await
    }

    async fn try_session_transfer(
        &self,
        actor: &Actor,
        id: SessionId,
        target: Target,
        description: &Description,
        premise: Premise,
    ) -> Result<(Session, Transfer), Rejected<SessionTransferRefusal>> {
        let mut change = self.change_session_on(actor, id, premise).await.map_err(Rejected::widened)?;
        if !change.session.is_open() {
            return Err(SessionRefusal::AlreadyClosed.into());
        }
        if !change.may_answer_for() {
            return Err(SessionTransferRefusal::TakenByAnother.into());
        }
        check_target(&mut change, target).await?;
        if change.session.is_with(target) {
            return Err(SessionTransferRefusal::SameTarget.into());
        }
        let from = (change.session.assignee_id, change.session.team_id);
        change.session.hand_to(target, change.now);
        change.leave_if_out_of_sight(actor);
        let to = match target {
            Target::Agent(agent) => (Some(agent), None),
            Target::Team(team) => (None, Some(team)),
        };
        let transfer = NewTransfer {
            session_id: id,
            session_version: change.session.version + 1,
            kind: TransferKind::Transfer,
            from,
            to,
            description: description.as_str(),
            by: Some(actor.agent.id),
            at: change.now,
        };
        let transfer = change.tx.insert_transfer(&transfer).await?;
        match target {
            Target::Agent(agent) if agent == actor.agent.id => {}
            Target::Agent(agent) => change.tell_assignee(agent).await?,
            Target::Team(team) => {
                change.tx.forget_ruled_team(id).await?;
                put_back(&mut change.tx, &change.project, &mut change.session, from.0, change.wall).await?;
                let kind = NoticeKind::HandedOver;
                tell_team(&mut change.tx, &change.project, &change.session, team, kind, change.wall).await?;
            }
        }
        Ok((self.finish_session(change, Cause::Transfer).await?, transfer))
    }

    /// A page of the transfers of a session, oldest first, up to where it ended for the actor if it did.
    pub async fn transfers(
        &self,
        actor: &Actor,
        id: SessionId,
        request: PageRequest<TransferId>,
    ) -> Result<Connection<Arc<Transfer>, TransferId>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let mut view = self.view(actor, id).await?.ok_or(Error::NotFound("session"))?;
        let page = request.page()?;
        let (rows, total) = loop {
            let mut reader = request.reader(&self.store).await?;
            let rows = reader.transfer_page(id, last_version(&view), page).await?;
            let total = request.total(reader.transfer_count(id, last_version(&view))).await?;
            // The connection goes back before rights are asked for, which may take another one.
            reader.end().await?;
            match self.ended_since(actor, id, &view).await? {
                Some(left) => view = left,
                None => break (rows, total),
            }
        };
        Ok(Connection::new(page, rows.into_iter().map(Arc::new).collect(), total, |transfer| transfer.id))
    }
}

/// The last version of a session that the actor sees, of those that there will ever be.
fn last_version(view: &View) -> i64 {
    view.last_version().unwrap_or(i64::MAX)
}

/// Fails unless the target is of the session's project.
async fn check_target(change: &mut SessionChange, target: Target) -> Result<(), Rejected<SessionTransferRefusal>> {
    match target {
        Target::Agent(agent) => match member(&mut change.tx, &change.project, agent).await? {
            Some(_) => Ok(()),
            None => Err(SessionTransferRefusal::NoSuchAgent.into()),
        },
        Target::Team(team) => match change.tx.teams(&[team.0]).await?.first() {
            Some(team) if team.project_id == change.project.id => Ok(()),
            _ => Err(SessionTransferRefusal::NoSuchTeam.into()),
        },
    }
}
