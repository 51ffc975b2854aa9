//! Following who is writing in a session.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use domain::{AgentId, ApiScope, SessionId};
use tokio::sync::watch;

use crate::event::Permit;
use crate::presence::{Attending, Typing};
use crate::visibility::View;
use crate::{Actor, Desk, Error};

/// Somebody has begun to write, or has stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypingChange {
    /// The agent.
    pub agent_id: AgentId,
    /// Whether they are writing now.
    pub is_typing: bool,
}

/// Tells which colleagues are writing in a session.
pub struct TypingFeed {
    desk: Desk,
    permit: Permit,
    session_id: SessionId,
    known: BTreeSet<AgentId>,
    ready: VecDeque<TypingChange>,
    looks: watch::Receiver<Option<Arc<Typing>>>,
    _attending: Option<Attending>,
}

impl Desk {
    /// Which colleagues are writing in a session from now on.
    pub async fn typing(&self, actor: &Actor, session_id: SessionId) -> Result<TypingFeed, Error> {
        actor.needs(ApiScope::AgentsRead)?;
        let session = self.session(actor, session_id).await?.ok_or(Error::NotFound("session"))?;
        let view = self.view(actor, session_id).await?;
        // Of a session that they left there is nothing to follow.
        view.filter(|view| matches!(view, View::Whole)).ok_or(Error::NotFound("session"))?;
        let permit = Permit::of(self, actor.credential, session.project_id).await?;
        let mut looks = self.board.follow_typing();
        looks.mark_changed();
        Ok(TypingFeed {
            desk: self.clone(),
            permit,
            session_id,
            known: BTreeSet::new(),
            ready: VecDeque::new(),
            looks,
            _attending: self.attend(session.project_id, actor.credential),
        })
    }
}

impl TypingFeed {
    /// Waits for the next change. While the session does not go on for the reader nothing is told: even an end would say
    /// that somebody writes in it.
    pub async fn next(&mut self) -> Result<TypingChange, Error> {
        loop {
            self.permit.check(&self.desk).await?;
            if !self.ready.is_empty() {
                // Boxed, since it is rare and every idle reader would carry the room for it.
                let view = Box::pin(self.desk.view(self.permit.actor(), self.session_id)).await?;
                if !matches!(view, Some(View::Whole)) {
                    self.ready.clear();
                    self.known.clear();
                }
            }
            if let Some(change) = self.ready.pop_front() {
                return Ok(change);
            }
            tokio::select! {
                look = self.looks.changed() => {
                    look.map_err(|_| Error::internal("the board was closed while somebody followed it"))?;
                }
                () = self.permit.ended() => continue,
            }
            let typing = self.looks.borrow_and_update().clone();
            if let Some(typing) = typing {
                self.compare(&typing);
            }
        }
    }

    /// Notes who has begun and who has stopped. What the readers do themselves they know.
    fn compare(&mut self, typing: &Typing) {
        let me = self.permit.actor().agent.id;
        let here = typing.range((self.session_id, AgentId(i64::MIN))..=(self.session_id, AgentId(i64::MAX)));
        let here: BTreeSet<AgentId> = here.map(|(_, agent)| *agent).filter(|agent| *agent != me).collect();
        let change = |is_typing| move |agent: &AgentId| TypingChange { agent_id: *agent, is_typing };
        self.ready.extend(self.known.difference(&here).map(change(false)));
        self.ready.extend(here.difference(&self.known).map(change(true)));
        self.known = here;
    }

    /// Who reads, with the rights that were last looked at.
    pub fn actor(&self) -> &Arc<Actor> {
        self.permit.actor()
    }
}
