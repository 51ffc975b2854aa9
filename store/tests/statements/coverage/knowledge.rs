//! What the bot answers by itself.

use domain::knowledge::KnowledgeAnswer;
use domain::{AgentId, MessageId, ProjectId, Session};
use store::knowledge::NewKnowledgeEntry;
use store::{Queries, Tx};

use crate::now;

pub async fn write_knowledge(tx: &mut Tx, project_id: ProjectId, agent_id: AgentId, session: &Session, round: i64) {
    let is_even = round % 2 == 0;
    let new = NewKnowledgeEntry {
        project_id,
        session_id: is_even.then_some(session.id),
        question: "How do I pay?".to_owned(),
        answer: "By card.".to_owned(),
        language: is_even.then(|| "en".to_owned()),
        keywords: if is_even { vec!["pay".to_owned()] } else { Vec::new() },
        created_by: agent_id,
        created_at: now(),
    };
    let entry = tx.insert_knowledge_entry(&new).await.unwrap();
    tx.update_knowledge_entry(&entry).await.unwrap();
    let answer = KnowledgeAnswer {
        session_id: session.id,
        entry_id: entry.id,
        message_id: MessageId(1),
        helped: is_even.then_some(true),
        person: false,
        shown_at: now(),
    };
    tx.insert_knowledge_answer(&answer).await.unwrap();
    tx.update_knowledge_answer(&answer).await.unwrap();
    tx.erase_knowledge_entries(&[session.id.0], now()).await.unwrap();
}

pub async fn read_knowledge(queries: &mut Queries, project: ProjectId, session: &Session) {
    let ids = [1, 2, 3];
    queries.knowledge_entries(&ids).await.unwrap();
    queries.knowledge_entries_of(project).await.unwrap();
    queries.knowledge_statistics(&ids).await.unwrap();
    queries.knowledge_answers_in(&[session.id.0]).await.unwrap();
    queries.knowledge_answer_by_message(MessageId(1)).await.unwrap();
    queries.has_agent_written(session.id).await.unwrap();
}
