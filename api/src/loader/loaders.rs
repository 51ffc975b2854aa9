//! The loaders of one answer.

use std::sync::{Arc, OnceLock};

use super::{Loader, Relation, Source};
use crate::schema::{AgentById, ApiTokenById, CustomerById, MessageById, ProjectById, SeenInSession, SessionById};

/// One loader for each relation. A loader is made when it is first used: most answers need few.
pub(crate) struct Loaders {
    source: Arc<Source>,
    agents: OnceLock<Loader<AgentById>>,
    api_tokens: OnceLock<Loader<ApiTokenById>>,
    customers: OnceLock<Loader<CustomerById>>,
    messages: OnceLock<Loader<MessageById>>,
    projects: OnceLock<Loader<ProjectById>>,
    sessions: OnceLock<Loader<SessionById>>,
    seen: OnceLock<Loader<SeenInSession>>,
}

impl Loaders {
    pub(crate) fn new(source: Arc<Source>) -> Self {
        Self {
            source,
            agents: OnceLock::new(),
            api_tokens: OnceLock::new(),
            customers: OnceLock::new(),
            messages: OnceLock::new(),
            projects: OnceLock::new(),
            sessions: OnceLock::new(),
            seen: OnceLock::new(),
        }
    }

    pub(crate) fn agents(&self) -> &Loader<AgentById> {
        self.loader(&self.agents)
    }

    pub(crate) fn api_tokens(&self) -> &Loader<ApiTokenById> {
        self.loader(&self.api_tokens)
    }

    pub(crate) fn customers(&self) -> &Loader<CustomerById> {
        self.loader(&self.customers)
    }

    pub(crate) fn messages(&self) -> &Loader<MessageById> {
        self.loader(&self.messages)
    }

    pub(crate) fn projects(&self) -> &Loader<ProjectById> {
        self.loader(&self.projects)
    }

    pub(crate) fn sessions(&self) -> &Loader<SessionById> {
        self.loader(&self.sessions)
    }

    /// How many inbound messages of a session the agent has seen.
    pub(crate) fn seen(&self) -> &Loader<SeenInSession> {
        self.loader(&self.seen)
    }

    fn loader<'a, R: Relation>(&self, loader: &'a OnceLock<Loader<R>>) -> &'a Loader<R> {
        loader.get_or_init(|| Loader::new(self.source.clone()))
    }
}
