//! The loaders of one answer.

use std::sync::{Arc, OnceLock};

use super::{Loader, Relation, Source};
use crate::schema::{
    AgentById, AlbumMessages, ApiTokenById, CustomerById, DiversionLinkById, FileById, GroupsOfTeam, LinksOfAgent,
    MessageById, ProfileOfCustomer, ProjectById, SeenInSession, SessionById, StatusOfProject, TagById, TagsOfSession, TeamById,
    TelegramUpdateById,
};

/// One loader for each relation. A loader is made when it is first used: most answers need few.
pub(crate) struct Loaders {
    source: Arc<Source>,
    agents: OnceLock<Loader<AgentById>>,
    albums: OnceLock<Loader<AlbumMessages>>,
    api_tokens: OnceLock<Loader<ApiTokenById>>,
    customers: OnceLock<Loader<CustomerById>>,
    customer_profiles: OnceLock<Loader<ProfileOfCustomer>>,
    diversion_links: OnceLock<Loader<DiversionLinkById>>,
    session_tags: OnceLock<Loader<TagsOfSession>>,
    staff_links: OnceLock<Loader<LinksOfAgent>>,
    tags: OnceLock<Loader<TagById>>,
    team_groups: OnceLock<Loader<GroupsOfTeam>>,
    teams: OnceLock<Loader<TeamById>>,
    files: OnceLock<Loader<FileById>>,
    messages: OnceLock<Loader<MessageById>>,
    projects: OnceLock<Loader<ProjectById>>,
    sessions: OnceLock<Loader<SessionById>>,
    seen: OnceLock<Loader<SeenInSession>>,
    telegram_status: OnceLock<Loader<StatusOfProject>>,
    telegram_updates: OnceLock<Loader<TelegramUpdateById>>,
}

impl Loaders {
    pub(crate) fn new(source: Arc<Source>) -> Self {
        Self {
            source,
            agents: OnceLock::new(),
            albums: OnceLock::new(),
            api_tokens: OnceLock::new(),
            customers: OnceLock::new(),
            customer_profiles: OnceLock::new(),
            diversion_links: OnceLock::new(),
            session_tags: OnceLock::new(),
            staff_links: OnceLock::new(),
            tags: OnceLock::new(),
            team_groups: OnceLock::new(),
            teams: OnceLock::new(),
            files: OnceLock::new(),
            messages: OnceLock::new(),
            projects: OnceLock::new(),
            sessions: OnceLock::new(),
            seen: OnceLock::new(),
            telegram_status: OnceLock::new(),
            telegram_updates: OnceLock::new(),
        }
    }

    pub(crate) fn agents(&self) -> &Loader<AgentById> {
        self.loader(&self.agents)
    }

    /// The messages of an album of a session.
    pub(crate) fn albums(&self) -> &Loader<AlbumMessages> {
        self.loader(&self.albums)
    }

    pub(crate) fn api_tokens(&self) -> &Loader<ApiTokenById> {
        self.loader(&self.api_tokens)
    }

    pub(crate) fn customers(&self) -> &Loader<CustomerById> {
        self.loader(&self.customers)
    }

    /// What is known of a customer beside what Telegram says.
    pub(crate) fn customer_profiles(&self) -> &Loader<ProfileOfCustomer> {
        self.loader(&self.customer_profiles)
    }

    pub(crate) fn files(&self) -> &Loader<FileById> {
        self.loader(&self.files)
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

    /// How the bot of a project is doing.
    pub(crate) fn telegram_status(&self) -> &Loader<StatusOfProject> {
        self.loader(&self.telegram_status)
    }

    pub(crate) fn telegram_updates(&self) -> &Loader<TelegramUpdateById> {
        self.loader(&self.telegram_updates)
    }

    pub(crate) fn diversion_links(&self) -> &Loader<DiversionLinkById> {
        self.loader(&self.diversion_links)
    }

    /// The tags of a session.
    pub(crate) fn session_tags(&self) -> &Loader<TagsOfSession> {
        self.loader(&self.session_tags)
    }

    /// The linked accounts of an agent.
    pub(crate) fn staff_links(&self) -> &Loader<LinksOfAgent> {
        self.loader(&self.staff_links)
    }

    pub(crate) fn tags(&self) -> &Loader<TagById> {
        self.loader(&self.tags)
    }

    /// The groups that get the notices of a team.
    pub(crate) fn team_groups(&self) -> &Loader<GroupsOfTeam> {
        self.loader(&self.team_groups)
    }

    pub(crate) fn teams(&self) -> &Loader<TeamById> {
        self.loader(&self.teams)
    }

    fn loader<'a, R: Relation>(&self, loader: &'a OnceLock<Loader<R>>) -> &'a Loader<R> {
        loader.get_or_init(|| Loader::new(self.source.clone()))
    }
}
