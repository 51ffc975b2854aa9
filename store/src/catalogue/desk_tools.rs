//! Queries of what agents work with: notes, tags, canned replies, messages for later.

use domain::filter::Page;
use domain::note::NoteWording;
use domain::{
    AgentId, CannedReply, CannedReplyId, CustomerId, DiversionLinkId, Message, Note, NoteId, ProjectId,
    ScheduledMessage, SessionId, Tag, TagId,
};

use crate::desk_tools::{NewCannedReply, NewNote, NewPresetTag, NewScheduledMessage};
use crate::error::Result;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// The notes with these identifiers, those that were taken away included, in no order.
    notes = notes::many(ids: &[i64]) -> Vec<Note>;
    /// One page of a session's notes, oldest first, in the order of reading from the asked end: as they are, or those
    /// that were there at a version of the session.
    note_page = notes::page(session: SessionId, version: Option<i64>, page: Page<NoteId>) -> Vec<Note>;
    /// How many notes a session has, or had at a version of it.
    note_count = notes::count(session: SessionId, version: Option<i64>) -> i64;
    /// Everything that these notes said before.
    note_wordings = notes::wordings(notes: &[i64]) -> Vec<NoteWording>;
    /// Every note of these sessions, those that were taken away included, in their order.
    notes_of_sessions = notes::of_sessions(sessions: &[i64]) -> Vec<Note>;

    /// The tags of these customers, by name.
    tags_of_customers = tags::of_customers(customers: &[i64]) -> Vec<(CustomerId, Tag)>;
    /// The open sessions that have a tag, themselves or by their customers, in order.
    open_sessions_with_tag = tags::open_sessions_with(tag: TagId) -> Vec<SessionId>;
    /// The diversion links of a project that give tags, each with these.
    diversion_link_tags = tags::of_diversion_links(project: ProjectId) -> Vec<(DiversionLinkId, Vec<TagId>)>;

    /// The canned replies with these identifiers, in no order.
    canned_replies = canned_replies::many(ids: &[i64]) -> Vec<CannedReply>;
    /// The canned replies of a project that an agent has: the shared ones and their own, by shortcut.
    canned_replies_for = canned_replies::of_agent(project: ProjectId, agent: AgentId) -> Vec<CannedReply>;
    /// How many canned replies of a project belong to somebody, or to all.
    canned_reply_count = canned_replies::count(project: ProjectId, owner: Option<AgentId>) -> i64;
    /// Which canned reply of an owner has a shortcut.
    canned_reply_called = canned_replies::by_shortcut(project: ProjectId, owner: Option<AgentId>, shortcut: &str) -> Option<CannedReplyId>;

    /// The messages for later with these identifiers, in no order.
    scheduled_messages = scheduled_messages::many(ids: &[i64]) -> Vec<ScheduledMessage>;
    /// The newest messages for later of each of these sessions and all that wait, oldest first. With an agent, of those
    /// that were there when the session ended for them, and all that wait.
    newest_scheduled_of = scheduled_messages::newest_of(sessions: &[i64], left_by: Option<AgentId>, newest: i64) -> Vec<ScheduledMessage>;
    /// Every message for later of these sessions, oldest first.
    scheduled_messages_of = scheduled_messages::of_sessions(sessions: &[i64]) -> Vec<ScheduledMessage>;

    /// The messages of these sessions that are pinned, and those that were when their session ended for an agent, in no
    /// order.
    pinned_messages = messages::pinned(sessions: &[i64], agent: AgentId) -> Vec<Message>;
}

catalogue! { Tx:
    /// Adds a note.
    insert_note = notes::insert(note: &NewNote) -> Note;
    /// Writes what a note says and whether it was taken away, under its next version.
    update_note = notes::update(note: &Note) -> Note;
    /// Keeps what a note said before.
    insert_note_wording = notes::insert_wording(wording: &NoteWording) -> ();
    /// Forgets the notes of sessions with all that they said. Answers which they were.
    erase_notes = notes::erase(sessions: &[i64]) -> Vec<i64>;

    /// Adds a tag that every project begins with.
    insert_preset_tag = tags::insert_preset(tag: NewPresetTag) -> ();
    /// The tags with these identifiers, which nobody changes until the transaction ends, by identifier.
    hold_tags = tags::hold(ids: &[i64]) -> Vec<Tag>;
    /// Writes everything about a tag that people can change, under its next version.
    update_tag = tags::update(tag: &Tag) -> Tag;
    /// Gives a customer a tag. Answers whether they did not have it.
    add_customer_tag = tags::add_to_customer(customer: CustomerId, tag: TagId) -> bool;
    /// Takes a tag from a customer. Answers whether they had it.
    remove_customer_tag = tags::remove_from_customer(customer: CustomerId, tag: TagId) -> bool;
    /// Takes every tag from a customer.
    erase_customer_tags = tags::erase_of_customer(customer: CustomerId) -> ();
    /// Gives another tag to whatever has a tag, each once, and takes that one away.
    replace_tag = tags::replace(tag: TagId, with: TagId) -> ();
    /// Writes which tags a diversion link gives.
    set_diversion_link_tags = tags::set_of_diversion_link(link: DiversionLinkId, tags: Vec<TagId>) -> ();

    /// Adds a canned reply.
    insert_canned_reply = canned_replies::insert(reply: &NewCannedReply) -> CannedReply;
    /// Writes everything about a canned reply that people can change, under its next version.
    update_canned_reply = canned_replies::update(reply: &CannedReply) -> CannedReply;
    /// Takes a canned reply away.
    delete_canned_reply = canned_replies::delete(id: CannedReplyId) -> ();
    /// Counts that a canned reply was sent.
    count_canned_reply = canned_replies::count_use(id: CannedReplyId) -> ();

    /// Adds a message for later.
    insert_scheduled_message = scheduled_messages::insert(message: &NewScheduledMessage) -> ScheduledMessage;
    /// Writes a message for later, under its next version.
    update_scheduled_message = scheduled_messages::update(message: &ScheduledMessage) -> ScheduledMessage;
    /// Forgets the messages for later of sessions. Answers which they were.
    erase_scheduled_messages = scheduled_messages::erase(sessions: &[i64]) -> Vec<i64>;
    /// Forgets the requests by which objects were made.
    forget_requests = idempotency::forget(operation: &str, objects: &[i64]) -> ();
    /// Takes a job away. Answers whether there was one.
    remove_job = jobs::remove(key: &str) -> bool;
}
