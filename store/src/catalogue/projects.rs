//! Queries of projects, their bots, and what these say and offer by themselves.

use domain::bot_text::{BotCommand, Texts};
use domain::chat_theme::ChatTheme;
use domain::session::SessionLife;
use domain::{BotStatus, Project, ProjectId, Time, WorkspaceId};

use crate::error::Result;
use crate::people::BotTexts;
use crate::projects::{BotNote, BotRecord, NewProject};
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// One project.
    project = projects::find(id: ProjectId) -> Option<Project>;
    /// The projects with these identifiers, in no order.
    projects = projects::many(ids: &[i64]) -> Vec<Project>;
    /// The project of the bot that Telegram numbers so.
    project_by_bot_id = projects::by_bot_id(bot_id: i64) -> Option<Project>;
    /// Every project of a workspace, oldest first.
    projects_of_workspace = projects::of_workspace(workspace: WorkspaceId) -> Vec<Project>;
    /// Every bot that is to be served, simulated ones included, and those of archived projects to
    /// which Telegram still delivers.
    bots = projects::bots() -> Vec<BotRecord>;
    /// Whether the bot of a project is a simulated one, and its sealed token.
    bot_token_sealed = projects::bot_token_sealed(id: ProjectId) -> Option<(bool, Option<String>)>;
    /// Which bot of Telegram a project has.
    bot_id = projects::bot_id(id: ProjectId) -> Option<i64>;
    /// Whether anybody ever wrote to a project's bot.
    has_history = projects::has_history(id: ProjectId) -> bool;
    /// What is known of these bots, in no order.
    bot_status = bots::status(projects: &[i64]) -> Vec<(ProjectId, BotStatus)>;

    /// What the bot of a project says and offers by itself.
    bot_texts = bot_texts::find(project: ProjectId) -> BotTexts;
    /// The projects whose bots have commands that Telegram was not told.
    projects_with_new_commands = bot_texts::with_new_commands() -> Vec<ProjectId>;
}

catalogue! { Tx:
    /// Adds a project.
    insert_project = projects::insert(project: &NewProject) -> Project;
    /// One project, locked.
    lock_project = projects::lock(id: ProjectId) -> Option<Project>;
    /// Writes a project's name and whether it is put away, under its next version.
    update_project = projects::update(id: ProjectId, name: &str, archived_at: Option<Time>) -> Project;
    /// Writes how long a project's sessions live, under its next version.
    set_session_life = projects::set_session_life(id: ProjectId, life: SessionLife) -> Project;
    /// Writes how consoles show a project's conversations, under its next version.
    set_chat_theme = projects::set_chat_theme(id: ProjectId, theme: &ChatTheme) -> Project;
    /// Gives a project another bot, whose user name is not known yet.
    set_bot = projects::set_bot(id: ProjectId, bot_id: i64) -> ();
    /// Notes how a bot is doing.
    note_bot = bots::note(project: ProjectId, note: &BotNote, now: Time) -> ();
    /// Notes that nobody serves a bot any more.
    dismiss_bot = bots::dismiss(project: ProjectId) -> ();
    /// Forgets all that is known of a bot.
    forget_bot = bots::forget(project: ProjectId) -> ();
    /// Notes until when Telegram wants to hear nothing of a bot.
    freeze_bot = bots::freeze(project: ProjectId, until: Time) -> ();
    /// Keeps the sealed token of a project's bot.
    set_bot_token = projects::set_bot_token(id: ProjectId, sealed: &str) -> ();
    /// Keeps the user name that Telegram gives the bot.
    set_bot_username = projects::set_bot_username(id: ProjectId, username: &str) -> ();
    /// Moves a project's clock forward.
    advance_clock = projects::advance_clock(id: ProjectId, by_micros: i64) -> Project;
    /// Takes the next number for a session of a project.
    next_session_number = projects::next_session_number(id: ProjectId) -> i64;

    /// Writes what new customers are greeted with.
    set_greeting = bot_texts::set_greeting(project: ProjectId, greeting: &Texts) -> ();
    /// Writes the commands that a bot is to offer.
    set_bot_commands = bot_texts::set_commands(project: ProjectId, commands: Vec<BotCommand>) -> ();
    /// Notes which commands Telegram was told.
    set_registered_commands = bot_texts::set_registered(project: ProjectId, commands: Vec<BotCommand>) -> ();
}
