//! Queries of what the bot answers by itself.

use domain::knowledge::{KnowledgeAnswer, KnowledgeEntry, KnowledgeStatistics};
use domain::{KnowledgeEntryId, MessageId, ProjectId, SessionId, Time};

use crate::error::Result;
use crate::knowledge::NewKnowledgeEntry;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// The knowledge entries with these identifiers, in no order.
    knowledge_entries = knowledge::many(ids: &[i64]) -> Vec<KnowledgeEntry>;
    /// Every knowledge entry of a project, oldest first.
    knowledge_entries_of = knowledge::of_project(project: ProjectId) -> Vec<KnowledgeEntry>;
    /// What became of the answers by these entries, those that were given at all, in no order.
    knowledge_statistics = knowledge::statistics(ids: &[i64]) -> Vec<(KnowledgeEntryId, KnowledgeStatistics)>;
    /// The answers that these sessions got, of each in the order of the messages.
    knowledge_answers_in = knowledge::answers_in(sessions: &[i64]) -> Vec<KnowledgeAnswer>;
    /// The answer that a message is, if it is one.
    knowledge_answer_by_message = knowledge::answer_by_message(message: MessageId) -> Option<KnowledgeAnswer>;
    /// Whether an agent has written in a session.
    has_agent_written = knowledge::has_agent_written(session: SessionId) -> bool;
}

catalogue! { Tx:
    /// Adds a knowledge entry.
    insert_knowledge_entry = knowledge::insert(entry: &NewKnowledgeEntry) -> KnowledgeEntry;
    /// Writes everything about a knowledge entry that people can change, under its next version.
    update_knowledge_entry = knowledge::update(entry: &KnowledgeEntry) -> KnowledgeEntry;
    /// Forgets the questions and the keywords of the knowledge entries that were made from these sessions, and puts them away.
    /// Answers which they were.
    erase_knowledge_entries = knowledge::erase(sessions: &[i64], now: Time) -> Vec<i64>;
    /// Notes that a session got an answer.
    insert_knowledge_answer = knowledge::insert_answer(answer: &KnowledgeAnswer) -> ();
    /// Writes what a customer said about an answer.
    update_knowledge_answer = knowledge::update_answer(answer: &KnowledgeAnswer) -> ();
}
