//! The catalogue of queries: each line makes one method that calls the query of the engine.

use domain::bot_text::{BotCommand, Texts};
use domain::customer::Profile;
use domain::event::NewEvent;
use domain::filter::{Page, SessionFilter, SessionKey, SessionOrder};
use domain::message::{Change, Content, MediaKind, Wording};
use domain::notice::NoticeKind;
use domain::session::{Pace, SessionLife};
use domain::{
    Agent, AgentId, ApiToken, ApiTokenId, BotStatus, ChatId, Customer, CustomerId, Delivery, DeliveryState,
    DiversionLink, DiversionLinkId, Event, File, FileId, JobId, Message, MessageId, OutboxId, Position, Project,
    ProjectId, Role, Session, SessionId, Sight, StaffLink, Tag, TagId, Team, TeamGroup, TelegramUserId, Time,
    TokenFamilyId, UpdateRowId, WorkspaceId,
};

use crate::agents::NewAgent;
use crate::api_tokens::{NewApiToken, Owners};
use crate::buttons::Button;
use crate::error::Result;
use crate::events::Scope;
use crate::files::{NewFile, Unused};
use crate::idempotency::Answered;
use crate::inbox::{FailedUpdate, KeptUpdate, NewUpdate, Place, Shelf, StoredUpdate, UpdateState};
use crate::jobs::{Job, NewJob};
use crate::messages::{NewMessage, Rewording};
use crate::outbox::{DueLanes, Hold, Lane, NewCall, OpenCall, OpenTry, OutboxState, QueuedCall, Room, Turn};
use crate::people::{BotTexts, LinkCode, NewDiversionLink, NewTag, NewTeam};
use crate::projects::{BotNote, BotRecord, NewProject};
use crate::sandbox::NewFault;
use crate::sessions::NewSession;
use crate::tokens::RefreshToken;
use crate::traces::Marks;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

macro_rules! catalogue {
    ($on:ident: $($(#[$meta:meta])* $name:ident = $module:ident::$query:ident($($arg:ident: $ty:ty),*) -> $out:ty;)+) => {
        impl $on { $(
            $(#[$meta])*
            pub async fn $name(&mut self, $($arg: $ty),*) -> Result<$out> {
                metrics::counter!("switchboard_statements_total").increment(1);
                let begun = self.begin_statement();
                let outcome = match self.lease() {
                    Lease::Sqlite(conn) => sqlite::queries::$module::$query(conn, $($arg),*).await,
                    Lease::Postgres(conn) => postgres::queries::$module::$query(conn, $($arg),*).await,
                };
                self.end_statement(begun, outcome)
            }
        )+ }
    };
}

mod audit;
mod customers;
mod desk_tools;
mod people_admin;
mod presence;
mod routing;
mod saved_views;
mod search;
mod transfer;
mod triggers;
mod typing;
mod visibility;

catalogue! { Queries:
    /// The value under a key of the desk's own facts.
    meta = meta::get(key: &str) -> Option<String>;
    /// The time of the database in microseconds; fails if the database does not answer.
    now_micros = meta::now_micros() -> i64;

    /// The first workspace of this desk, if it has been set up.
    first_workspace = agents::first_workspace() -> Option<WorkspaceId>;
    /// One agent.
    agent = agents::find(id: AgentId) -> Option<Agent>;
    /// The agents with these identifiers, in no order.
    agents = agents::many(ids: &[i64]) -> Vec<Agent>;
    /// Every agent of a workspace, by name.
    agents_of_workspace = agents::of_workspace(workspace: WorkspaceId) -> Vec<Agent>;
    /// The agent with an e-mail address in its normal form, and the hash of the password.
    agent_by_email = agents::by_email(email: &str) -> Option<(Agent, String)>;
    /// The projects an agent belongs to, with the role in each.
    memberships = agents::memberships(agent: AgentId) -> Vec<(ProjectId, Role)>;
    /// The roles that these agents have in projects, in no order.
    memberships_of = agents::memberships_of(agents: &[i64]) -> Vec<(AgentId, ProjectId, Role)>;
    /// Those of the families of refresh tokens that have neither been ended nor run out, each with
    /// its agent and when it runs out, in no order.
    live_token_families = tokens::live(families: &[i64], now: Time) -> Vec<(TokenFamilyId, AgentId, Time)>;
    /// Whether a refresh token with this hash was ever given out and is kept still.
    is_refresh_token_known = tokens::is_known(hash: &str) -> bool;

    /// The API token with this hash.
    api_token_by_hash = api_tokens::by_hash(hash: &str) -> Option<ApiTokenId>;
    /// The API tokens with these identifiers, in no order.
    api_tokens = api_tokens::many(ids: &[i64]) -> Vec<ApiToken>;
    /// One page of API tokens, newest first, in the order of reading from the asked end.
    api_token_page = api_tokens::page(owners: Owners, page: Page<ApiTokenId>) -> Vec<ApiToken>;
    /// How many API tokens there are, revoked ones included.
    api_token_count = api_tokens::count(owners: Owners) -> i64;
    /// How many API tokens of an agent are taken at a time.
    live_api_token_count = api_tokens::count_live(agent: AgentId, now: Time) -> i64;

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

    /// The customers with these identifiers, in no order.
    customers = customers::many(ids: &[i64]) -> Vec<Customer>;
    /// The customer that a Telegram user is in a project.
    customer_by_telegram_user = customers::by_telegram_user(project: ProjectId, user: TelegramUserId) -> Option<Customer>;

    /// One session.
    session = sessions::find(id: SessionId) -> Option<Session>;
    /// The sessions with these identifiers, in no order.
    sessions = sessions::many(ids: &[i64]) -> Vec<Session>;
    /// One page of a project's sessions, in the order of reading from the asked end.
    session_page = sessions::page(project: ProjectId, filter: &SessionFilter, order: SessionOrder, page: Page<SessionKey>) -> Vec<Session>;
    /// How many of a project's sessions a filter lets through.
    session_count = sessions::count(project: ProjectId, filter: &SessionFilter) -> i64;
    /// How many inbound messages of each session the agent has seen.
    seen = views::seen(agent: AgentId, sessions: &[i64]) -> Vec<(SessionId, i64)>;

    /// One message.
    message = messages::find(id: MessageId) -> Option<Message>;
    /// The messages with these identifiers, in no order.
    messages = messages::many(ids: &[i64]) -> Vec<Message>;
    /// The messages of these sessions that belong to one of these albums, in the order of the sessions' messages.
    messages_of_albums = messages::of_albums(sessions: &[i64], albums: &[String]) -> Vec<Message>;
    /// The message that Telegram numbers so within a chat, or within a business account's part of it.
    message_by_telegram_id = messages::by_telegram_id(project: ProjectId, chat: ChatId, connection: &str, telegram_message_id: i64) -> Option<Message>;
    /// One page of a session's messages, in the order of reading from the asked end.
    message_page = messages::page(session: SessionId, page: Page<MessageId>) -> Vec<Message>;
    /// The button with a code, if there is one.
    button = buttons::find(code: &str) -> Option<Button>;
    /// The messages of an album, in its order.
    album = messages::of_album(session: SessionId, album_id: &str) -> Vec<Message>;
    /// One page of a project's messages that failed or whose fate is unknown, newest first, in the order of reading
    /// from the asked end.
    undelivered_page = messages::undelivered_page(project: ProjectId, sight: &Sight, states: &[DeliveryState], page: Page<MessageId>) -> Vec<Message>;
    /// How many messages of a project failed or have an unknown fate.
    undelivered_count = messages::undelivered_count(project: ProjectId, sight: &Sight, states: &[DeliveryState]) -> i64;
    /// How many messages a session has, up to one if it is given.
    message_count = messages::count(session: SessionId, last: Option<MessageId>) -> i64;

    /// The events that come after a position, in the order of the log.
    events_after = events::after(scope: Scope, position: Position, limit: i64) -> Vec<Event>;
    /// The position of the newest event that readers may see.
    event_head = events::head() -> Position;
    /// Whether the log has an event in this very place.
    has_event = events::has(position: Position) -> bool;
    /// The oldest events of the log with the time each was written.
    oldest_events = events::oldest(limit: i64) -> Vec<(Position, Time)>;

    /// The files with these identifiers, whole ones and others, in no order.
    files = files::many(ids: &[i64]) -> Vec<File>;
    /// A piece of a file.
    file_chunk = files::chunk(file: FileId, number: i32) -> Option<Vec<u8>>;
    /// What an agent has uploaded to a project and not sent.
    unused_files = files::unused(agent: AgentId, project: ProjectId) -> Unused;

    /// The raw text that is stored under an update number, if one is.
    update_raw = inbox::raw(project: ProjectId, epoch: i64, update_id: i64) -> Option<String>;
    /// Whether an update waits that is due.
    has_due_update = inbox::has_due(now: Time) -> bool;
    /// The updates that were given up, oldest first.
    failed_updates = inbox::failed(limit: i64) -> Vec<FailedUpdate>;
    /// The updates with these identifiers, in no order.
    updates = inbox::many(ids: &[i64]) -> Vec<KeptUpdate>;
    /// One page of a project's updates, newest first, in the order of reading from the asked end.
    update_page = inbox::page(project: ProjectId, state: Option<UpdateState>, page: Page<Place>) -> Vec<KeptUpdate>;
    /// How many updates of a project are in a state, or in any.
    update_count = inbox::count(project: ProjectId, state: Option<UpdateState>) -> i64;
    /// The messages that show a poll, the newest first.
    poll_messages = polls::messages(project: ProjectId, poll_id: &str) -> Vec<MessageId>;
    /// The number that a chat has now, if it got another one.
    chat_migration = migrations::target(project: ProjectId, from: ChatId) -> Option<ChatId>;
    /// Which series of numbers a bot is in, if it ever began another one than the first.
    intake_epoch = inbox::epoch(project: ProjectId) -> Option<i64>;
    /// When the next call of each lane is due, for each of these bots, in no order.
    due_lanes = outbox::due_lanes(projects: &[i64]) -> Vec<DueLanes>;
    /// How many calls of each of these bots wait or are under way, in no order.
    waiting_calls = outbox::waiting(projects: &[i64]) -> Vec<(ProjectId, i64)>;
    /// How many leases are held now whose names begin so.
    lease_count = leases::count(prefix: &str) -> i64;
    /// When the next job is due, in microseconds since 1970.
    next_job_due = jobs::next_due() -> Option<i64>;
    /// The earlier answer under an idempotency key that is younger than `since`.
    answered = idempotency::find(agent: AgentId, key: &str, since: Time) -> Option<Answered>;
    /// The updates of a simulated bot from a number on that have not been handed over.
    sandbox_pending = sandbox::pending(project: ProjectId, from: i64, limit: i64) -> Vec<(i64, String)>;
    /// Whether a simulated customer has blocked the bot.
    sandbox_blocks = sandbox::blocks(project: ProjectId, user: TelegramUserId) -> bool;
    /// The oldest fault that strikes a call of a simulated bot: its number, what it is, and how often it strikes yet.
    /// Those that name no method count if `unnamed`.
    sandbox_fault_for = sandbox::fault_for(project: ProjectId, method: &str, unnamed: bool, chat: Option<ChatId>) -> Option<(i64, String, Option<i64>)>;

    /// The teams with these identifiers that are not gone, in no order.
    teams = teams::many(ids: &[i64]) -> Vec<Team>;
    /// Every team of a project, by line and name.
    teams_of_project = teams::of_project(project: ProjectId) -> Vec<Team>;
    /// The groups of these teams, oldest first.
    team_groups = teams::groups_of(teams: &[i64]) -> Vec<TeamGroup>;
    /// Every team group of a project, oldest first.
    team_groups_of_project = teams::groups_of_project(project: ProjectId) -> Vec<TeamGroup>;
    /// The team group that a chat is, if it is one.
    team_group_in = teams::group_in(project: ProjectId, chat: ChatId) -> Option<TeamGroup>;
    /// The linked accounts of these agents, in the order of the projects.
    staff_links = staff::of_agents(agents: &[i64]) -> Vec<StaffLink>;
    /// The linked account of an agent in a project.
    staff_link = staff::of_agent(project: ProjectId, agent: AgentId) -> Option<StaffLink>;
    /// The agent's account that a chat is, if it is one.
    staff_link_in = staff::in_chat(project: ProjectId, chat: ChatId) -> Option<StaffLink>;
    /// The tags with these identifiers, in no order.
    tags = tags::many(ids: &[i64]) -> Vec<Tag>;
    /// Every tag of a project, by name.
    tags_of_project = tags::of_project(project: ProjectId) -> Vec<Tag>;
    /// The tags of these sessions, by name.
    tags_of_sessions = tags::of_sessions(sessions: &[i64]) -> Vec<(SessionId, Tag)>;
    /// The diversion links with these identifiers, in no order.
    diversion_links = diversion::many(ids: &[i64]) -> Vec<DiversionLink>;
    /// The diversion link with a code in a project.
    diversion_link_by_code = diversion::by_code(project: ProjectId, code: &str) -> Option<DiversionLink>;
    /// One page of a project's diversion links, newest first, in the order of reading from the asked end.
    diversion_link_page = diversion::page(project: ProjectId, page: Page<DiversionLinkId>) -> Vec<DiversionLink>;
    /// How many diversion links a project has.
    diversion_link_count = diversion::count(project: ProjectId) -> i64;
    /// What the bot of a project says and offers by itself.
    bot_texts = bot_texts::find(project: ProjectId) -> BotTexts;
    /// The projects whose bots have commands that Telegram was not told.
    projects_with_new_commands = bot_texts::with_new_commands() -> Vec<ProjectId>;
    /// One page of a customer's sessions, newest first, in the order of reading from the asked end.
    customer_session_page = export::session_page(customer: CustomerId, sight: &Sight, page: Page<SessionId>) -> Vec<Session>;
    /// How many sessions a customer has that somebody may read.
    customer_session_count = export::session_count(customer: CustomerId, sight: &Sight) -> i64;
    /// Every session of a customer, oldest first.
    customer_session_ids = export::session_ids(customer: CustomerId) -> Vec<SessionId>;
    /// The stored updates of a user and of a chat behind a row, in the order of arrival, each with its row.
    updates_of = export::updates(project: ProjectId, user: TelegramUserId, chat: ChatId, after: i64, limit: i64) -> Vec<(i64, String)>;
    /// The messages of sessions, in order.
    message_ids_of = erasure::message_ids(sessions: &[i64]) -> Vec<MessageId>;
    /// The polls that messages show, as Telegram names them.
    polls_in = polls::of_messages(messages: &[i64]) -> Vec<String>;
    /// The numbers that a group had before.
    former_chats = migrations::sources(project: ProjectId, to: ChatId) -> Vec<ChatId>;
    /// How far the tables go in which somebody may be mentioned.
    trace_marks = traces::marks() -> Marks;
    /// The updates of a project behind a row whose raw text has a word in it, in order.
    updates_with = traces::updates(project: ProjectId, word: &str, after: i64, limit: i64) -> Vec<i64>;
    /// The messages of a project behind one that have a word in what they hold beside their text, in order.
    messages_with = traces::messages(project: ProjectId, word: &str, after: i64, limit: i64) -> Vec<i64>;
    /// The notices to the staff of a project behind a call that have words in them, in order.
    notices_with = traces::notices(project: ProjectId, words: &str, after: i64, limit: i64) -> Vec<i64>;
    /// The messages of sessions that quote one of these messages.
    quotations = traces::quotations(sessions: &[i64], quoted: &[i64]) -> Vec<Message>;
    /// What waits for the bot of a sandbox and is no customer's own, each with its number, if a word is in it.
    sandbox_updates_with = sandbox::waiting_with(project: ProjectId, word: &str) -> Vec<(i64, String)>;
}

catalogue! { Tx:
    /// Sets a fact about the desk unless it is set, and answers the one that stands.
    settle_meta = meta::settle(key: &str, value: &str) -> String;
    /// Sets a fact about the desk.
    set_meta = meta::set(key: &str, value: &str) -> ();

    /// Adds a workspace.
    insert_workspace = agents::insert_workspace(name: &str, now: Time) -> WorkspaceId;
    /// Adds an agent.
    insert_agent = agents::insert(agent: &NewAgent) -> Agent;
    /// Whether an agent may sign in, and the hash of the password, locked.
    lock_credentials = agents::lock_credentials(id: AgentId) -> Option<(bool, String)>;
    /// Replaces the hash of an agent's password.
    set_password = agents::set_password(id: AgentId, hash: &str) -> ();
    /// Lets an agent sign in, or no longer.
    set_agent_active = agents::set_active(id: AgentId, active: bool) -> ();
    /// Gives an agent a role in a project, in place of an earlier one.
    set_membership = agents::set_membership(project: ProjectId, agent: AgentId, role: Role) -> ();
    /// Takes an agent's role in a project away. Answers whether there was one.
    remove_membership = agents::remove_membership(project: ProjectId, agent: AgentId) -> bool;

    /// Starts a family of refresh tokens at sign-in.
    insert_token_family = tokens::insert_family(agent: AgentId, now: Time, expires_at: Time) -> TokenFamilyId;
    /// Adds the live token of a family.
    insert_refresh_token = tokens::insert(hash: &str, family: TokenFamilyId) -> ();
    /// The refresh token with this hash and its family, locked.
    lock_refresh_token = tokens::lock(hash: &str) -> Option<RefreshToken>;
    /// Marks a refresh token as used.
    use_up_refresh_token = tokens::use_up(hash: &str, now: Time) -> ();
    /// Ends a family of refresh tokens.
    revoke_token_family = tokens::revoke_family(family: TokenFamilyId, now: Time) -> ();
    /// Ends every family of refresh tokens of an agent.
    revoke_tokens_of_agent = tokens::revoke_agent(agent: AgentId, now: Time) -> ();

    /// Adds an API token.
    insert_api_token = api_tokens::insert(token: &NewApiToken) -> ApiToken;
    /// Ends an API token, unless it was ended before.
    revoke_api_token = api_tokens::revoke(id: ApiTokenId, now: Time) -> ();
    /// Ends every API token of an agent.
    revoke_api_tokens_of_agent = api_tokens::revoke_agent(agent: AgentId, now: Time) -> usize;
    /// Notes that an API token was used, unless a use after `before` is noted.
    note_api_token_use = api_tokens::note_use(id: ApiTokenId, now: Time, before: Time) -> ();
    /// Keeps an API token under another hash of the same secret.
    set_api_token_hash = api_tokens::set_hash(id: ApiTokenId, hash: &str) -> ();

    /// Adds a project.
    insert_project = projects::insert(project: &NewProject) -> Project;
    /// One project, locked.
    lock_project = projects::lock(id: ProjectId) -> Option<Project>;
    /// Writes a project's name and whether it is put away, under its next version.
    update_project = projects::update(id: ProjectId, name: &str, archived_at: Option<Time>) -> Project;
    /// Writes how long a project's sessions live, under its next version.
    set_session_life = projects::set_session_life(id: ProjectId, life: SessionLife) -> Project;
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

    /// Adds a customer.
    insert_customer = customers::insert(project: ProjectId, chat: ChatId, profile: &Profile, now: Time) -> Customer;
    /// Writes everything about a customer that can change.
    update_customer = customers::update(customer: &Customer) -> ();

    /// One session, which nobody else changes until the transaction ends.
    lock_session = sessions::lock(id: SessionId) -> Option<Session>;
    /// One session as above; nothing, without waiting, if another transaction has it.
    lock_session_if_free = sessions::lock_if_free(id: SessionId) -> Option<Session>;
    /// The customer's newest session, locked.
    lock_newest_session = sessions::lock_newest(customer: CustomerId) -> Option<Session>;
    /// Adds a session without messages.
    insert_session = sessions::insert(session: &NewSession) -> Session;
    /// Writes everything about a session that can change.
    update_session = sessions::update(session: &Session) -> ();
    /// Writes how fast the customer of a session writes, and nothing else.
    set_pace = sessions::set_pace(id: SessionId, pace: Pace) -> ();
    /// Notes how many inbound messages of a session an agent has seen.
    mark_seen = views::mark(session: SessionId, agent: AgentId, inbound_seen: i64) -> ();

    /// The customers that Telegram users are in projects, in no order: each of the users in each of the projects.
    customers_by_telegram_users = arrivals::customers(projects: &[ProjectId], users: &[TelegramUserId]) -> Vec<Customer>;
    /// The open sessions of customers, locked.
    lock_open_sessions = arrivals::lock_open_sessions(customers: &[CustomerId]) -> Vec<Session>;
    /// Adds inbound messages of the bots' own chats, in this order. Answers the identifier of each, and nothing for one
    /// that is there already.
    insert_arrivals = arrivals::insert_messages(new: &[NewMessage]) -> Vec<Option<MessageId>>;
    /// Writes what an arrival changes about each of these sessions.
    note_arrivals = arrivals::update_sessions(changed: &[Session]) -> ();

    /// Adds a message that Telegram numbers, unless it is there. Answers it if it was not.
    insert_new_message = messages::insert_new(message: &NewMessage) -> Option<Message>;
    /// Writes what a message says since its author changed it, unless what stands was written later. Answers whether
    /// anything was written.
    reword_message = messages::reword(id: MessageId, rewording: &Rewording<'_>) -> bool;
    /// Notes that a message shows a poll.
    insert_poll = polls::insert(project: ProjectId, poll_id: &str, message: MessageId) -> ();
    /// Notes that somebody tapped a button. Answers whether it was for the first time.
    insert_press = presses::insert(code: &str, user: TelegramUserId) -> bool;

    /// Notes that a chat has another number now. Others who are about to note the same wait for this transaction.
    insert_chat_migration = migrations::insert(project: ProjectId, from: ChatId, to: ChatId) -> ();
    /// Has the answers of a customer's sessions go to another chat.
    move_sessions = migrations::move_sessions(customer: CustomerId, from: ChatId, to: ChatId) -> ();
    /// Has the messages of a customer that have no number yet go to another chat.
    move_unnumbered_messages = migrations::move_unnumbered(customer: CustomerId, from: ChatId, to: ChatId) -> ();
    /// The calls of a bot to a chat that wait for their turn, locked, each with its parameters.
    queued_calls = migrations::queued_calls(project: ProjectId, chat: ChatId) -> Vec<(OutboxId, String)>;
    /// Has a call go to another chat, with these parameters.
    move_call = migrations::move_call(id: OutboxId, to: ChatId, payload: &str) -> ();
    /// Gives a customer the sessions of another one, with their messages.
    hand_over_sessions = migrations::hand_over_sessions(from: CustomerId, to: CustomerId) -> ();

    /// Adds a message.
    insert_message = messages::insert(message: &NewMessage) -> Message;
    /// Writes what Telegram answered to the sending of a message.
    set_delivery = messages::set_delivery(id: MessageId, delivery: &Delivery, telegram_message_id: Option<i64>) -> ();
    /// Writes that messages were sent, each with its number in Telegram if that could be read.
    set_messages_sent = messages::set_sent(sent: &[(MessageId, Option<i64>)]) -> ();
    /// Writes a message's text as its author changed it.
    set_message_text = messages::set_text(id: MessageId, text: &str, entities: Option<&str>, edited_at: Time) -> ();

    /// Adds a file without any piece.
    insert_file = files::insert(file: &NewFile) -> FileId;
    /// Adds a piece of a file. Fails if the file is gone.
    insert_file_chunk = files::insert_chunk(file: FileId, number: i32, data: &[u8]) -> ();
    /// Notes that a file is whole. Nothing if it is gone.
    complete_file = files::complete(id: FileId, size_bytes: i64, now: Time) -> Option<File>;
    /// One file, which nobody changes or purges until the transaction ends.
    lock_file = files::lock(id: FileId) -> Option<File>;
    /// Notes that a file is sent, unless it was before.
    mark_file_used = files::mark_used(id: FileId, now: Time) -> ();
    /// Notes what Telegram calls a file that was sent as this kind of media.
    set_telegram_file_id = files::set_telegram_file_id(id: FileId, kind: MediaKind, telegram_file_id: &str) -> ();
    /// Deletes files with their pieces.
    delete_files = files::delete(ids: &[i64]) -> usize;

    /// Writes what was asked for of a message and what came of it.
    set_changes = messages::set_changes(id: MessageId, changes: &Vec<Change>) -> ();
    /// Writes what a message shows, with since when.
    set_wording = messages::set_wording(id: MessageId, wording: &Wording) -> ();
    /// Writes what a message holds beside its text.
    set_content = messages::set_content(id: MessageId, content: &Content) -> ();
    /// Notes that a message is gone from its chat, and so no longer pinned.
    set_deleted = messages::set_deleted(id: MessageId, deleted_at: Time) -> ();
    /// Notes since when a message has been pinned, or that it is not.
    set_pinned = messages::set_pinned(id: MessageId, pinned_at: Option<Time>) -> ();
    /// Adds a button.
    insert_button = buttons::insert(button: &Button, now: Time) -> ();

    /// Writes events in this order. `recorded_at` is the wall clock, for retention.
    append_events = events::append(new: &[NewEvent], recorded_at: Time) -> ();
    /// Deletes the events up to a position and that one itself.
    delete_events_through = events::delete_through(position: Position) -> usize;

    /// Stores updates from Telegram and leaves out those that are stored. Answers how many
    /// are new.
    insert_updates = inbox::insert(updates: &[NewUpdate], now: Time) -> usize;
    /// Notes that a bot is in a series of numbers, unless it is in a later one.
    raise_intake_epoch = inbox::raise_epoch(project: ProjectId, epoch: i64) -> ();
    /// Locks the next updates that are due, at most one of each chat.
    claim_updates = inbox::claim(now: Time, limit: i64) -> Vec<StoredUpdate>;
    /// Notes that updates have been worked off.
    finish_updates = inbox::finish(ids: &[i64]) -> ();
    /// Notes that working off an update failed.
    fail_update = inbox::fail(id: UpdateRowId, error: &str, try_again_at: Option<Time>) -> ();
    /// Puts updates by, for a reason.
    shelve_updates = inbox::shelve(ids: &[i64], shelf: Shelf) -> ();
    /// Has those who wait in a chat wait in another one, but for what somebody is working on.
    move_pending_updates = inbox::move_pending(project: ProjectId, from: ChatId, to: ChatId) -> ();
    /// Has an update that was given up or put by worked off again. Answers whether there is such a one.
    retry_update = inbox::retry(id: UpdateRowId, now: Time) -> bool;

    /// Adds a call to Telegram.
    insert_call = outbox::insert(call: &NewCall, now: Time) -> ();
    /// The calls about these messages that wait or are just being made, oldest first, locked.
    lock_open_calls = open_calls::lock_of_messages(messages: &[i64]) -> Vec<OpenCall>;
    /// Puts another call in the place of one that waits.
    replace_call = open_calls::replace(id: OutboxId, call: &NewCall) -> ();
    /// Locks the next calls of a lane that are due, at most one of each chat but for
    /// [`Lane::Answer`].
    claim_calls = outbox::claim(lane: Lane, rooms: &[Room], now: Time) -> Vec<Turn>;
    /// Names the try that is about to be made of these calls, and gives them as they are now, in
    /// no order.
    start_calls = outbox::start(ids: &[i64], attempt: &str) -> Vec<QueuedCall>;
    /// Has chats left alone for a while.
    hold_chats = outbox::hold(holds: &[Hold]) -> ();
    /// Those of these calls that a try may still settle, each with the name of the try, locked.
    open_tries = outbox::open_tries(ids: &[i64]) -> Vec<(OutboxId, String, OpenTry)>;
    /// Writes that Telegram took these calls.
    settle_calls_as_sent = outbox::settle_as_sent(ids: &[i64], now: Time) -> ();
    /// A call, if this try may still settle it, locked.
    lock_try = outbox::lock_try(id: OutboxId, attempt: &str) -> Option<OpenTry>;
    /// Writes how a call ended.
    settle_call = outbox::settle(id: OutboxId, state: OutboxState, error: Option<&str>, now: Time) -> ();
    /// Puts a call back in its place, to be tried again at a time.
    requeue_call = outbox::requeue(id: OutboxId, not_before: Time, used: bool, error: &str) -> ();
    /// The calls of a bot whose try was under way when its sender stopped, locked.
    abandoned_calls = outbox::abandoned(project: ProjectId) -> Vec<(OutboxId, Lane, Option<MessageId>)>;

    /// Adds a job, or moves the one under the same key.
    schedule_job = jobs::schedule(job: &NewJob, now: Time) -> ();
    /// Adds a job unless there is one under the same key.
    schedule_job_once = jobs::schedule_once(job: &NewJob, now: Time) -> ();
    /// Locks the next job that is due.
    claim_job = jobs::claim(now: Time) -> Option<Job>;
    /// Removes a job that has been done.
    finish_job = jobs::finish(id: JobId) -> ();
    /// Moves a job to a later time without counting a failure.
    postpone_job = jobs::postpone(id: JobId, due_at: Time) -> ();
    /// Moves a job to a later time for a reason that is not its own, unless it is due later still.
    put_off_job = jobs::put_off(id: JobId, due_at: Time) -> ();
    /// Notes that a job failed.
    fail_job = jobs::fail(id: JobId, error: &str, try_again_at: Option<Time>) -> ();
    /// Brings the waiting jobs of a project nearer.
    bring_jobs_nearer = jobs::bring_nearer(project: ProjectId, by_micros: i64) -> ();

    /// Takes or renews a lease. Answers whether this holder has it now.
    acquire_lease = leases::acquire(name: &str, holder: &str, ttl_micros: i64) -> bool;
    /// Renews those of these leases that a holder has, and answers which these are.
    renew_leases = leases::renew(names: &[String], holder: &str, ttl_micros: i64) -> Vec<String>;
    /// Whether a holder has a lease now, which nobody else gets before the transaction has ended.
    keep_lease = leases::keep(name: &str, holder: &str) -> bool;
    /// Those of these leases that a holder has now, which nobody else gets before the transaction has ended.
    keep_leases = leases::keep_many(names: &[String], holder: &str) -> Vec<String>;
    /// Gives up the leases of a holder.
    release_leases = leases::release(holder: &str) -> ();
    /// Gives up one lease of a holder.
    release_lease = leases::release_one(name: &str, holder: &str) -> ();

    /// Keeps an answer under an idempotency key. The key is taken if it has an answer that is younger than `since`.
    insert_answered = idempotency::insert(agent: AgentId, key: &str, answered: &Answered, since: Time, now: Time) -> ();

    /// Adds an update of a simulated bot and answers its number.
    push_sandbox_update = sandbox::push(project: ProjectId, by: Option<TelegramUserId>, raw: &str) -> i64;
    /// Forgets the updates of a simulated bot below a number.
    confirm_sandbox_updates = sandbox::confirm(project: ProjectId, below: i64) -> usize;
    /// The next number for a message of a simulated bot.
    next_sandbox_message_id = sandbox::next_message_id(project: ProjectId) -> i64;
    /// Has the numbers of a simulated bot's messages go on behind a number.
    pass_sandbox_message_id = sandbox::pass_message_id(project: ProjectId, number: i64) -> ();
    /// Forgets what the simulated Telegram has of a customer.
    erase_sandbox_customer = sandbox::erase_customer(project: ProjectId, user: TelegramUserId) -> ();
    /// Forgets what waits for the bot of a sandbox.
    drop_sandbox_updates = sandbox::drop_updates(ids: &[i64]) -> ();
    /// Has a simulated customer block the bot. Answers whether that is new.
    block_in_sandbox = sandbox::block(project: ProjectId, user: TelegramUserId) -> bool;
    /// Has a simulated customer let the bot in again. Answers whether that is new.
    unblock_in_sandbox = sandbox::unblock(project: ProjectId, user: TelegramUserId) -> bool;
    /// Adds a fault of the simulated Telegram.
    insert_sandbox_fault = sandbox::insert_fault(new: &NewFault<'_>) -> ();
    /// How many faults wait in a sandbox.
    sandbox_fault_count = sandbox::fault_count(project: ProjectId) -> i64;
    /// Counts a strike of a fault. Answers whether it was still there.
    spend_sandbox_fault = sandbox::spend_fault(id: i64, strikes_left: i64) -> bool;
    /// Takes every fault of a sandbox away. Answers how many there were.
    clear_sandbox_faults = sandbox::clear_faults(project: ProjectId) -> usize;

    /// Deletes the calls that were settled before a time, [`BATCH`](crate::retention::BATCH)
    /// of them at most.
    purge_outbox = retention::purge_outbox(before: Time) -> usize;
    /// Deletes the updates that were worked off and had arrived before a time,
    /// [`BATCH`](crate::retention::BATCH) of them at most.
    purge_inbox = retention::purge_inbox(before: Time) -> usize;
    /// Deletes the idempotency keys that were used before a time,
    /// [`BATCH`](crate::retention::BATCH) of them at most.
    purge_idempotency_keys = retention::purge_idempotency_keys(before: Time) -> usize;
    /// Deletes the families of refresh tokens that ran out before a time,
    /// [`BATCH`](crate::retention::BATCH) of them at most.
    purge_token_families = retention::purge_token_families(before: Time) -> usize;
    /// Deletes the files that nobody has sent and whose upload began before a time,
    /// [`BATCH_OF_FILES`](crate::retention::BATCH_OF_FILES) of them at most.
    purge_unused_files = files::purge_unused(before: Time) -> usize;

    /// Adds a team.
    insert_team = teams::insert(team: &NewTeam) -> Team;
    /// Writes everything about a team that can change, under the next version. Nothing if the team is gone.
    update_team = teams::update(team: &Team) -> Option<Team>;
    /// Has a chat get the notices of a team, and no longer those of another one.
    link_team_group = teams::link_group(group: &TeamGroup) -> ();
    /// Has a chat get no notices any more. Answers whether it did.
    unlink_team_group = teams::unlink_group(project: ProjectId, chat: ChatId) -> bool;
    /// Has the notices to a group that got another number go there.
    move_team_group = teams::move_group(project: ProjectId, from: ChatId, to: ChatId) -> ();
    /// Links a chat to an agent. What the chat or the agent was linked to before in the project is no longer.
    link_staff = staff::link(link: &StaffLink) -> ();
    /// Ends the link of an agent. Answers whether there was one.
    unlink_staff = staff::unlink(project: ProjectId, agent: AgentId) -> bool;
    /// Notes that a chat was told that nobody reads there. Answers whether that was not done after `since`.
    note_staff_hint = staff::note_hint(link: &StaffLink, now: Time, since: Time) -> bool;
    /// Adds a code by which a chat is linked, and forgets those that work no more.
    insert_link_code = staff::insert_code(code: &LinkCode, now: Time) -> ();
    /// The code with a hash, locked.
    lock_link_code = staff::lock_code(hash: &str) -> Option<LinkCode>;
    /// Forgets a code.
    delete_link_code = staff::delete_code(hash: &str) -> ();
    /// Notes that a chat is told something about a session. Answers whether that was not done after `since`.
    note_notice = staff::note_notice(session: SessionId, kind: NoticeKind, chat: ChatId, now: Time, since: Time) -> bool;
    /// Adds a tag.
    insert_tag = tags::insert(tag: &NewTag) -> Tag;
    /// Gives a session a tag. Answers whether it did not have it.
    add_session_tag = tags::add(session: SessionId, tag: TagId) -> bool;
    /// Takes a tag from a session. Answers whether it had it.
    remove_session_tag = tags::remove(session: SessionId, tag: TagId) -> bool;
    /// Adds a diversion link.
    insert_diversion_link = diversion::insert(link: &NewDiversionLink) -> DiversionLink;
    /// Writes everything about a diversion link that people can change, under the next version.
    update_diversion_link = diversion::update(link: &DiversionLink) -> DiversionLink;
    /// Counts that somebody came by a diversion link.
    count_diversion = diversion::count_use(id: DiversionLinkId) -> ();
    /// Writes what new customers are greeted with.
    set_greeting = bot_texts::set_greeting(project: ProjectId, greeting: &Texts) -> ();
    /// Writes the commands that a bot is to offer.
    set_bot_commands = bot_texts::set_commands(project: ProjectId, commands: Vec<BotCommand>) -> ();
    /// Notes which commands Telegram was told.
    set_registered_commands = bot_texts::set_registered(project: ProjectId, commands: Vec<BotCommand>) -> ();
    /// Every session of a customer, locked, oldest first.
    lock_sessions_of = sessions::lock_of_customer(customer: CustomerId) -> Vec<Session>;
    /// Empties the updates of a user and of a chat, whose number another one replaces.
    erase_updates = erasure::updates(project: ProjectId, user: TelegramUserId, chat: ChatId, instead: i64) -> usize;
    /// Writes what is left of the raw text of an update.
    redact_update = traces::redact(update: UpdateRowId, raw: &str) -> ();
    /// Empties updates, which are not worked off any more.
    empty_updates = traces::empty(updates: &[i64]) -> ();
    /// Writes what is left of a message.
    rewrite_message = traces::rewrite(message: &Message) -> ();
    /// Empties calls that are about no message, and withdraws those that wait.
    empty_calls = traces::empty_calls(calls: &[i64], now: Time) -> ();
    /// Empties the messages of sessions.
    erase_messages = erasure::messages(sessions: &[i64], instead: i64) -> usize;
    /// Empties the calls about messages and to a chat, and withdraws those that wait.
    erase_calls = erasure::calls(project: ProjectId, messages: &[i64], chat: ChatId, instead: i64, now: Time) -> ();
    /// Forgets what hangs on messages.
    erase_belongings = erasure::belongings(project: ProjectId, messages: &[i64], user: TelegramUserId) -> ();
    /// Forgets the numbers that a group had.
    erase_chat_migrations = erasure::migrations(project: ProjectId, chat: ChatId) -> ();
    /// Notes that an upload goes to a customer.
    note_file_use = erasure::note_file_use(customer: CustomerId, file: FileId) -> ();
    /// Deletes the uploads that went to nobody but a customer.
    erase_files = erasure::files(customer: CustomerId) -> usize;
    /// Changes the fact that tells of erasures.
    tell_erasure = erasure::tell(fact: &str) -> ();
}
