//! A search finds what somebody who read everything that they may would find, in the same order.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use desk::intake::{Decode, Decoded};
use desk::message::NewReply;
use desk::search::{SearchIndexer, SearchKey, SearchPage, SearchRequest, SearchResult, Step};
use desk::session::{NewFollowUp, NewStatus};
use desk::{Actor, PageRequest};
use domain::customer::CustomerFilter;
use domain::filter::{SessionFilter, SessionOrder, SessionOrderField};
use domain::search::{Query, SearchKind, text_of_customer, text_of_session};
use domain::session::Awaited;
use domain::{ProjectId, Session, SessionId};
use tests::{Engine, Sql, on_both_engines};

use crate::letters::{Letters, letter};
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
const QUERIES: [&str; 22] = [
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
    "3",
    "#7",
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

/// Understands letters of customers each of whom has a name of their own.
struct Named;

impl Decode for Named {
    fn decode(&self, raw: &str) -> Result<Decoded, String> {
        let mut decoded = Letters.decode(raw)?;
        if let Decoded::Message(incoming) = &mut decoded {
            let number = usize::try_from(incoming.customer.telegram_user_id.0).unwrap();
            incoming.customer.name = format!("Kim {}", WORDS[number % WORDS.len()]);
        }
        Ok(decoded)
    }
}

/// What was found: its kind and its number.
type Found = (SearchKind, i64);

/// By what a session is found: its number, if that is what is asked for, or what was noted of it.
fn text_of(session: &Session, query: &Query) -> String {
    if query.number() == Some(session.number) {
        return format!("#{}", session.number);
    }
    let summary = session.resolution.as_ref().map(|resolution| resolution.summary.as_str());
    text_of_session(summary, session.follow_up.as_ref().map(|waits| waits.note.as_str()))
}

fn all<K>() -> PageRequest<K> {
    PageRequest { first: Some(100), after: None, last: None, before: None, counted: false }
}

/// What somebody finds who reads everything that goes on for them, in the order of the results.
async fn read_through(stage: &Stage, actor: &Actor, project: ProjectId, query: &Query) -> Vec<Found> {
    let order = SessionOrder { field: SessionOrderField::CreatedAt, descending: false };
    let everything = SessionFilter::All(Vec::new());
    let sessions = stage.desk.sessions(actor, project, &everything, order, all()).await.unwrap();
    let mut texts = Vec::new();
    for session in sessions.edges {
        texts.push((SearchKind::Session, session.node.id.0, text_of(&session.node, query)));
        let messages = stage.desk.messages(actor, session.node.id, all()).await.unwrap();
        let messages = messages.edges.into_iter().map(|edge| edge.node);
        let messages = messages.filter(|message| message.deleted_at.is_none());
        texts.extend(messages.map(|message| (SearchKind::Message, message.id.0, message.text)));
    }
    let customers = stage.desk.customers(actor, project, &CustomerFilter::default(), all()).await.unwrap();
    for customer in customers.edges.into_iter().map(|edge| edge.node) {
        let text = text_of_customer(&customer.name, customer.username.as_deref());
        texts.push((SearchKind::Customer, customer.id.0, text));
    }
    let fits = |(kind, id, text): (SearchKind, i64, String)| Some((kind, Reverse((query.find_in(&text)?.grade, id))));
    let mut found: Vec<_> = texts.into_iter().filter_map(fits).collect();
    found.sort_unstable();
    found.into_iter().map(|(kind, Reverse((_, id)))| (kind, id)).collect()
}

/// From which end of the results pages are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum From {
    Start,
    End,
}

/// What a search finds, page by page, in the order of the results.
async fn searched(stage: &Stage, actor: &Actor, project: ProjectId, query: &str, end: From, size: i32) -> Vec<Found> {
    let mut found = Vec::new();
    let mut cursor: Option<SearchKey> = None;
    loop {
        let request = SearchRequest { query, kinds: &[], session_id: None };
        let page = match end {
            From::Start => PageRequest { first: Some(size), after: cursor, last: None, before: None, counted: false },
            From::End => PageRequest { first: None, after: None, last: Some(size), before: cursor, counted: false },
        };
        let page = stage.desk.search(actor, project, &request, page).await.unwrap();
        assert!(page.hits.len() <= usize::try_from(size).unwrap());
        let here = page.hits.into_iter().map(|hit| match hit.result {
            SearchResult::Session(session) => (SearchKind::Session, session.id.0),
            SearchResult::Customer(customer) => (SearchKind::Customer, customer.id.0),
            SearchResult::Message(message) => (SearchKind::Message, message.id.0),
        });
        let (place, more) = match end {
            From::Start => (found.len(), page.has_next_page),
            From::End => (0, page.has_previous_page),
        };
        found.splice(place..place, here);
        if !more {
            return found;
        }
        cursor = if end == From::Start { page.end } else { page.start };
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
                last = searched(stage, actor, project, query, From::Start, 3).await;
                (last == expected).then_some(())
            })
            .await;
            for (end, size) in [(From::Start, 100), (From::End, 3), (From::End, 100)] {
                let found = searched(stage, actor, project, query, end, size).await;
                assert_eq!(found, expected, "{query} by actor {place} from {end:?} by {size}");
            }
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
            stage.desk.store_updates(project, vec![letter(number, customer, &text)]).await.unwrap();
            stage.work_off(&Named).await;
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
                2 => {
                    // What is resolved already is refused.
                    let _ = stage.desk.session_resolve(&stage.actor, session, &dice.text(), None).await;
                }
                3 => {
                    let waits = NewFollowUp { awaited: Awaited::ThirdParty, until: None, note: dice.text() };
                    let waits = NewStatus::FollowUp(waits);
                    stage.desk.session_status_update(&stage.actor, session, &waits, None).await.unwrap();
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

    async fn what_its_number_finds_is_listed_once_however_many_newer_sessions_have_the_words(engine: Engine) {
        const SESSIONS: i64 = 1_101;
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let letters = (0..SESSIONS).map(|number| letter(number, 1 + number, "hello"));
        stage.desk.store_updates(project, letters.collect()).await.unwrap();
        stage.work_off(&Letters).await;
        let sql = Sql::connect(&stage.database).await.unwrap();
        for session in 2..=SESSIONS {
            let waits = NewFollowUp { awaited: Awaited::ThirdParty, until: None, note: "order 1".to_owned() };
            let waits = NewStatus::FollowUp(waits);
            stage.desk.session_status_update(&stage.actor, SessionId(session), &waits, None).await.unwrap();
        }
        assert_eq!(sql.number("SELECT id FROM sessions WHERE number = 1").await.unwrap(), 1);
        let indexer = SearchIndexer::new(stage.desk.clone());
        for end in [From::Start, From::End] {
            let mut found = Vec::new();
            eventually(async || {
                while indexer.step().await.unwrap() != Step::Nothing {}
                found = searched(&stage, &stage.actor, project, "1", end, 100).await;
                found.retain(|(kind, _)| *kind == SearchKind::Session);
                let all: BTreeSet<i64> = found.iter().map(|(_, id)| *id).collect();
                (all.len() == usize::try_from(SESSIONS).unwrap()).then_some(())
            })
            .await;
            assert_eq!(found.len(), usize::try_from(SESSIONS).unwrap(), "from {end:?}");
        }
    }

    async fn the_list_is_the_same_from_either_end(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        // More than are compared with a query at a time, of each grade, and of two kinds.
        let letters = (0..1_200).map(|number| {
            let text = ["tell Kim", "kimono", "nothing", "Kim again"][usize::try_from(number % 4).unwrap()];
            letter(number, 1 + number, text)
        });
        stage.desk.store_updates(project, letters.collect()).await.unwrap();
        stage.work_off(&Letters).await;
        let list = |page| {
            let request = SearchRequest { query: "kim", kinds: &[], session_id: None };
            let (stage, project) = (&stage, project);
            async move { stage.desk.search(&stage.actor, project, &request, page).await.unwrap() }
        };
        let forwards = |after, before| PageRequest { first: Some(100), after, last: None, before, counted: false };
        let backwards = |after, before| PageRequest { first: None, after, last: Some(70), before, counted: false };
        let indexer = SearchIndexer::new(stage.desk.clone());
        let mut keys: Vec<SearchKey> = Vec::new();
        eventually(async || {
            while indexer.step().await.unwrap() != Step::Nothing {}
            keys.clear();
            loop {
                let page = list(forwards(keys.last().copied(), None)).await;
                keys.extend(page.hits.iter().map(|hit| hit.key));
                if !page.has_next_page {
                    break;
                }
            }
            (keys.len() == 1_200 + 900).then_some(())
        })
        .await;
        if engine == Engine::Sqlite {
            // What was taken in batch by batch is put together once there is nothing more.
            let sql = Sql::connect(&stage.database).await.unwrap();
            sql.execute_alone("INSERT INTO search_index (search_index, rank) VALUES ('merge', 64)").await.unwrap();
            assert_eq!(sql.number("SELECT total_changes()").await.unwrap(), 1, "but for this statement nothing changed");
        }

        let same = |found: &[SearchKey], listed: &[SearchKey]| {
            let what = |key: &SearchKey| (key.kind, key.place);
            assert!(found.iter().map(what).eq(listed.iter().map(what)), "{found:?} for {listed:?}");
        };
        let mut found: Vec<SearchKey> = Vec::new();
        loop {
            let page = list(backwards(None, found.first().copied())).await;
            found.splice(..0, page.hits.iter().map(|hit| hit.key));
            if !page.has_previous_page {
                break;
            }
        }
        same(&found, &keys);
        let keys_of = |page: SearchPage| page.hits.into_iter().map(|hit| hit.key).collect::<Vec<_>>();
        for place in [1_usize, 3, 40, 499, 500, 900, 1_199, 1_200, 1_240, 1_800, 2_099] {
            let start = place.saturating_sub(70);
            same(&keys_of(list(backwards(None, Some(keys[place]))).await), &keys[start..place]);
            // Between two places, from either end.
            let after = keys[place / 2];
            let between = &keys[place / 2 + 1..place.max(place / 2 + 1)];
            let first = keys_of(list(forwards(Some(after), Some(keys[place]))).await);
            same(&first, &between[..between.len().min(100)]);
            let last = keys_of(list(backwards(Some(after), Some(keys[place]))).await);
            same(&last, &between[between.len().saturating_sub(70)..]);
        }
    }
}
