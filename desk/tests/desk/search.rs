//! A search finds what somebody who read everything that they may would find, in the same order.

use std::cmp::Reverse;
use std::sync::Arc;

use desk::message::NewReply;
use desk::search::{SearchIndexer, SearchKey, SearchRequest, SearchResult, Step};
use desk::{Actor, PageRequest};
use domain::filter::{SessionFilter, SessionOrder, SessionOrderField};
use domain::search::{Query, SearchKind};
use domain::{MessageId, ProjectId};
use tests::on_both_engines;

use crate::stage::{Stage, eventually};
use crate::visibility::agent;

const WORDS: [&str; 16] = [
    "refund",
    "unrefundable",
    "fun",
    "ok",
    "a",
    "деньги",
    "Деньгами",
    "нет",
    "退款",
    "我要退款了",
    "款",
    "👍",
    "❤️🔥",
    "4711",
    "order-4711",
    "été",
];
const QUERIES: [&str; 20] = [
    "refund",
    "fund",
    "fun",
    "ok",
    "a",
    "деньг",
    "ДЕНЬГИ",
    "нет деньги",
    "退款",
    "款",
    "款了",
    "👍",
    "🔥",
    "471",
    "order",
    "or",
    "ete",
    "refund 退款",
    "我要退款了 ok",
    "missing",
];

/// A source of random numbers that is the same in every run (xorshift64*).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from((self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % end as u64).unwrap()
    }

    fn text(&mut self) -> String {
        let words: Vec<&str> = (0..=self.below(4)).map(|_| WORDS[self.below(WORDS.len())]).collect();
        words.join([" ", ", ", " - "][self.below(3)])
    }
}

/// What somebody finds who reads everything that goes on for them.
async fn read_through(stage: &Stage, actor: &Actor, project: ProjectId, query: &Query) -> Vec<MessageId> {
    let order = SessionOrder { field: SessionOrderField::CreatedAt, descending: false };
    let page = || PageRequest { first: Some(100), after: None, last: None, before: None };
    let everything = SessionFilter::All(Vec::new());
    let sessions = stage.desk.sessions(actor, project, &everything, order, page()).await.unwrap();
    let mut found = Vec::new();
    for session in sessions.edges {
        let messages = stage.desk.messages(
            actor,
            session.node.id,
            PageRequest { first: Some(100), after: None, last: None, before: None },
        );
        for message in messages.await.unwrap().edges.into_iter().map(|edge| edge.node) {
            if message.deleted_at.is_none()
                && let Some(hit) = query.find_in(&message.text)
            {
                found.push((hit.grade, message.id));
            }
        }
    }
    found.sort_by_key(|found| Reverse(*found));
    found.into_iter().map(|(_, id)| id).collect()
}

/// What a search finds, page by page.
async fn searched(stage: &Stage, actor: &Actor, project: ProjectId, query: &str, first: i32) -> Vec<MessageId> {
    let mut found = Vec::new();
    let mut after: Option<SearchKey> = None;
    loop {
        let request =
            SearchRequest { query, kinds: &[SearchKind::Message], session_id: None, first: Some(first), after };
        let page = stage.desk.search(actor, project, &request).await.unwrap();
        assert!(page.hits.len() <= usize::try_from(first).unwrap());
        for hit in page.hits {
            let SearchResult::Message(message) = hit.result else { panic!("only messages are wanted") };
            found.push(message.id);
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return found,
        }
    }
}

async fn compare(stage: &Stage, actors: &[&Arc<Actor>], project: ProjectId) {
    let indexer = SearchIndexer::new(stage.desk.clone());
    for query in QUERIES {
        let parsed = Query::parse(query).unwrap();
        for (place, actor) in actors.iter().enumerate() {
            let expected = read_through(stage, actor, project, &parsed).await;
            // On PostgreSQL the events of a moment ago may be hidden for another one.
            let mut last = Vec::new();
            eventually(async || {
                while indexer.step().await.unwrap() != Step::Nothing {}
                last = searched(stage, actor, project, query, 3).await;
                (last == expected).then_some(())
            })
            .await;
            assert_eq!(searched(stage, actor, project, query, 100).await, expected, "{query} by actor {place}");
        }
    }
}

on_both_engines! {
    async fn a_search_finds_what_reading_everything_would_find(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let (ada, bob) = (agent(&stage, project, "ada").await, agent(&stage, project, "bob").await);
        let actors = [&stage.actor, &ada, &bob];
        let mut dice = Dice(0x5eed);
        let mut sessions = Vec::new();
        for number in 0..60 {
            let customer = 1 + i64::try_from(dice.below(9)).unwrap();
            let text = dice.text();
            stage.hear(project, number, customer, &text).await;
            sessions = stage.sessions(project).await;
            let session = sessions[dice.below(sessions.len())].id;
            match dice.below(6) {
                0 => {
                    let to = [Some(ada.agent.id), Some(bob.agent.id), None][dice.below(3)];
                    stage.desk.session_assign(&stage.actor, session, to, None).await.unwrap();
                }
                1 => {
                    let replier = actors[dice.below(3)];
                    // Who has it not is refused.
                    let _ = stage.desk.message_send(replier, &NewReply::text(session, dice.text())).await;
                }
                _ => {}
            }
        }
        compare(&stage, &actors, project).await;

        // What agents wrote is changed and taken back, and sessions change hands once more.
        for session in &sessions {
            for message in stage.messages(session.id).await.iter().filter(|message| message.author_id.is_some()) {
                let by = [&ada, &bob, &stage.actor].into_iter().find(|actor| Some(actor.agent.id) == message.author_id);
                let by = by.unwrap();
                if dice.below(2) == 0 {
                    let wording = desk::message::NewWording { text: dice.text(), entities: Vec::new() };
                    let _ = stage.desk.message_edit(by, message.id, &wording).await;
                } else {
                    let _ = stage.desk.message_delete(&stage.actor, message.id).await;
                }
            }
            let to = [Some(ada.agent.id), Some(bob.agent.id)][dice.below(2)];
            stage.desk.session_assign(&stage.actor, session.id, to, None).await.unwrap();
        }
        compare(&stage, &actors, project).await;
    }
}
