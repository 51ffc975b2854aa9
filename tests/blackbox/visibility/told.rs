//! What somebody reads and is told, held against the model.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tests::graphql::Subscription;
use tests::{Client, eventually};
use tokio::task::JoinHandle;

use super::model::{BOSS, Person, Session};
use super::play::{CUSTOMERS, Play, marker};
use crate::stage::PATIENCE;

pub const EVENTS: &str = "subscription Events($projectId: ID!, $after: String) {
    sessionEvents(projectId: $projectId, after: $after) {
        __typename
        ... on MessageAdded { message { id text replyTo { text } } session { ...Shown } }
        ... on MessageUpdated { message { id text } session { ...Shown } }
        ... on MessageRemoved { messageId session { ...Shown } }
        ... on SessionOpened { session { ...Shown } }
        ... on SessionUpdated { session { ...Shown } }
        ... on SessionRemoved { sessionId session { ...Shown } }
    }
}
fragment Shown on Session { id lastMessage { text } messages(last: 100) { nodes { text } } }";

const MESSAGES: &str = "subscription Messages($sessionId: ID!, $after: String) {
    sessionMessages(sessionId: $sessionId, after: $after) {
        __typename
        ... on MessageAdded { message { id text session { lastMessage { text } } } }
        ... on MessageUpdated { message { id text session { lastMessage { text } } } }
        ... on MessageRemoved { messageId session { lastMessage { text } } }
        ... on SessionRemoved { sessionId session { lastMessage { text } } }
    }
}";

pub const LOOK: &str = "query Look($project: ID!, $a: ID!, $b: ID!, $ids: [ID!]!) {
    a: session(id: $a) { ...Shown }
    b: session(id: $b) { ...Shown }
    node(id: $a) { ... on Session { ...Shown } }
    nodes(ids: $ids) { ... on Message { id text session { lastMessage { text } } } }
    sessions(projectId: $project, first: 100) { totalCount nodes { id lastMessage { text } } }
    sessionsLeft(projectId: $project, first: 100) { totalCount nodes { id } }
    savedViews(projectId: $project) { count }
    search(projectId: $project, query: \"secret\", first: 50) {
        edges { snippet { text } node { ... on Message { text } } }
    }
}
fragment Shown on Session {
    id
    unreadCount
    lastMessage { id text }
    messages(first: 100) { totalCount nodes { id text } }
    customer { sessions(first: 10) { totalCount nodes { id } } }
}";

/// Somebody who follows the messages of one of the two sessions from a place in the log.
pub struct Follower {
    person: Person,
    /// Which of the sessions.
    place: usize,
    /// After which round they go on.
    cursor: usize,
    /// What they were told so far.
    told: Arc<Mutex<Vec<Value>>>,
    /// Reads until the subscription ends, so that whoever is told nothing answers the server's pings.
    reading: JoinHandle<()>,
}

impl Play {
    /// Everybody, at every process, reads what they may and nothing else, and so do those who use an API token.
    pub async fn check_what_is_read(&self, round: usize) {
        for door in &self.doors {
            for (person, client) in door.people.iter().enumerate() {
                self.check_reader(person, client, round).await;
            }
        }
        self.check_reader(0, &self.token, round).await;
    }

    async fn check_reader(&self, person: Person, client: &Client, round: usize) {
        let all: Vec<_> = self.sessions.iter().flat_map(|session| &session.messages).collect();
        let ids: Vec<&str> = all.iter().map(|said| said.id.as_str()).collect();
        let (a, b) = (&self.sessions[0], &self.sessions[1]);
        let variables = json!({ "project": self.project, "a": a.id, "b": b.id, "ids": ids });
        let found = client.query(LOOK, variables).await;
        let context = || format!("{person} after round {round}: {found}\n{:#?}", self.sessions);
        for (name, session) in [("a", a), ("b", b), ("node", a)] {
            assert_eq!(found[name], shown(session, person), "{}", context());
        }
        let nodes: Vec<Value> = self.sessions.iter().flat_map(|session| nodes(session, person)).collect();
        assert_eq!(found["nodes"], json!(nodes), "{}", context());
        let going_on: BTreeSet<&str> = self.ids_where(|session| session.goes_on_for(person));
        let left: BTreeSet<&str> = self.ids_where(|session| session.gone.contains_key(&person));
        // Each round left a session that everybody sees.
        assert_eq!(found["sessions"]["totalCount"], going_on.len() + round + 1, "{}", context());
        assert_eq!(found["savedViews"][0]["count"], going_on.len() + round + 1, "{}", context());
        assert_eq!(self.own_among(&found["sessions"]["nodes"]), going_on, "{}", context());
        assert_eq!(found["sessionsLeft"]["totalCount"], left.len(), "{}", context());
        assert_eq!(self.own_among(&found["sessionsLeft"]["nodes"]), left, "{}", context());
        let read = self.sessions.iter().filter_map(|session| session.read_by(person)).flatten();
        self.check_texts(&found, &read.map(|said| said.text.clone()).collect(), &context());
    }

    fn ids_where(&self, holds: impl Fn(&Session) -> bool) -> BTreeSet<&str> {
        self.sessions.iter().filter(|session| holds(session)).map(|session| session.id.as_str()).collect()
    }

    /// Those of the two sessions that are in a list.
    fn own_among(&self, list: &Value) -> BTreeSet<&str> {
        let listed: Vec<&Value> = list.as_array().expect("a list").iter().map(|one| &one["id"]).collect();
        self.ids_where(|session| listed.iter().any(|id| **id == *session.id))
    }

    /// Fails if there is a text in it that may not be there.
    fn check_texts(&self, found: &Value, readable: &BTreeSet<String>, context: &str) {
        let found = found.to_string();
        for text in self.texts.iter().filter(|text| !readable.contains(*text)) {
            assert!(!found.contains(text.as_str()), "{text} is in {found}\n{context}");
        }
    }

    /// Everybody was told live of what happened in the last round, as far as it concerns them.
    pub async fn check_what_was_told(&mut self, round: usize) {
        let mut lives: Vec<(Person, Subscription)> = Vec::new();
        for door in &mut self.doors {
            lives.extend(door.live.drain(..).enumerate());
        }
        for (person, live) in &mut lives {
            let told = until_over(live, round).await;
            self.check_news(*person, round, &told);
        }
        let people = lives.len() / self.doors.len();
        for (number, (_, live)) in lives.into_iter().enumerate() {
            self.doors[number / people].live.push(live);
        }
    }

    fn check_news(&self, person: Person, round: usize, told: &[Value]) {
        let context = format!("{person} in round {round}: {told:#?}\n{:#?}\n{:#?}", self.before, self.sessions);
        let mut readable = told_to(&self.before, person);
        readable.extend(told_to(&self.sessions, person));
        self.check_texts(&json!(told), &readable, &context);
        for (before, now) in self.before.iter().zip(&self.sessions) {
            let about: Vec<&Value> = told.iter().filter(|event| session_of(event) == Some(now.id.as_str())).collect();
            let ends = about.iter().filter(|event| event["__typename"] == "SessionRemoved").count();
            let went_on = before.goes_on_for(person) || before.id.is_empty();
            match (went_on, now.goes_on_for(person)) {
                (false, false) => assert!(about.is_empty(), "{context}"),
                (true, false) => {
                    assert_eq!(ends, 1, "{context}");
                    assert_eq!(about.last().unwrap()["session"], Value::Null, "{context}");
                    assert_eq!(about.last().unwrap()["__typename"], "SessionRemoved", "{context}");
                }
                (_, true) => {
                    assert_eq!(ends, 0, "{context}");
                    let new = now.messages.iter().skip(before.messages.len());
                    check_added(new.map(|said| said.id.as_str()), &about, &context);
                }
            }
        }
    }

    /// Whoever comes back with an old cursor is told of no more than they may read now, and of all of that if a session
    /// goes on for them.
    pub async fn check_replays(&self, cursors: &[usize], round: usize) {
        for door in &self.doors {
            for (person, client) in door.people.iter().enumerate() {
                for cursor in cursors {
                    let after = &self.cursors[*cursor];
                    let variables = json!({ "projectId": self.project, "after": after });
                    let mut replay = client.subscribe(EVENTS, variables).await;
                    let told = until_over(&mut replay, round).await;
                    self.check_replay(person, *cursor, &told);
                }
            }
        }
    }

    fn check_replay(&self, person: Person, cursor: usize, told: &[Value]) {
        let context = format!("{person} replays from round {cursor}: {told:#?}\n{:#?}", self.sessions);
        self.check_texts(&json!(told), &told_to(&self.sessions, person), &context);
        for session in &self.sessions {
            let about: Vec<&Value> =
                told.iter().filter(|event| session_of(event) == Some(session.id.as_str())).collect();
            if session.read_by(person).is_none() {
                assert!(about.iter().all(|event| event["session"].is_null()), "{context}");
            }
            if session.goes_on_for(person) {
                let since = session.messages.iter().filter(|said| said.round > cursor);
                check_added(since.map(|said| said.id.as_str()), &about, &context);
            }
        }
    }

    /// Everybody, whether the sessions are theirs or not, follows the messages of each by old cursors.
    pub async fn follow_messages(&self, cursors: &[usize]) -> Vec<Follower> {
        let mut followers = Vec::new();
        for door in &self.doors {
            for (person, client) in door.people.iter().enumerate() {
                for (place, session) in self.sessions.iter().enumerate() {
                    for &cursor in cursors {
                        let variables = json!({ "sessionId": session.id, "after": self.cursors[cursor] });
                        let subscription = client.subscribe(MESSAGES, variables).await;
                        let told = Arc::default();
                        let reading = tokio::spawn(read(subscription, Arc::clone(&told)));
                        followers.push(Follower { person, place, cursor, told, reading });
                    }
                }
            }
        }
        followers
    }

    /// Those for whom a session goes on are told of its last message.
    pub async fn until_last_message_told(&self, followers: &[Follower]) {
        for follower in followers {
            let session = &self.sessions[follower.place];
            let Some(last) = session.messages.last().filter(|_| session.goes_on_for(follower.person)) else { continue };
            let is_told = || async {
                let told = follower.told.lock().unwrap();
                if told.iter().any(|event| is_added(event, &last.id)) { Ok(()) } else { Err(told.clone()) }
            };
            eventually(PATIENCE, is_told).await;
        }
    }

    /// Until the desk stopped, nobody was told of other messages of a session than they read, and those for whom it goes
    /// on of each once.
    pub async fn check_messages_told(&self, followers: Vec<Follower>) {
        for follower in followers {
            let Follower { person, place, cursor, told, reading } = follower;
            reading.await.unwrap();
            let told = std::mem::take(&mut *told.lock().unwrap());
            let session = &self.sessions[place];
            let context = format!("{person} follows session {place} from round {cursor}: {told:#?}\n{session:#?}");
            self.check_texts(&json!(told), &session.told_to(person), &context);
            assert!(session.read_by(person).is_some() || told.is_empty(), "{context}");
            if session.goes_on_for(person) {
                let since = session.messages.iter().filter(|said| said.round > cursor);
                check_added(since.map(|said| said.id.as_str()), &told.iter().collect::<Vec<_>>(), &context);
            }
        }
    }

    /// The bot told nobody of the staff anything that was written, nor agents of a session that never was theirs.
    pub fn check_notices(&self) {
        for person in 0..=BOSS {
            let notices = self.notices_of(person);
            self.check_texts(&json!(notices), &BTreeSet::new(), &format!("notices of {person}"));
            for (place, customer) in CUSTOMERS.iter().enumerate() {
                let name = format!("with Customer {customer} ");
                let is_told = notices.iter().any(|notice| notice.contains(&name));
                assert!(!is_told || self.given.contains(&(person, place)), "{person}: {notices:?}");
            }
        }
    }
}

/// The texts of which somebody may be told.
fn told_to(sessions: &[Session], person: Person) -> BTreeSet<String> {
    sessions.iter().flat_map(|session| session.told_to(person)).collect()
}

/// What is told up to the end of a round.
async fn until_over(subscription: &mut Subscription, round: usize) -> Vec<Value> {
    let mut told = Vec::new();
    let end = marker(round);
    loop {
        let event = subscription.next_within(PATIENCE).await["sessionEvents"].take();
        if event["message"]["text"] == *end {
            return told;
        }
        told.push(event);
    }
}

fn session_of(event: &Value) -> Option<&str> {
    event["sessionId"].as_str().or_else(|| event["session"]["id"].as_str())
}

fn check_added<'a>(messages: impl Iterator<Item = &'a str>, told: &[&Value], context: &str) {
    for id in messages {
        assert_eq!(told.iter().filter(|event| is_added(event, id)).count(), 1, "{id}: {context}");
    }
}

/// Keeps what a subscription to messages tells until it ends.
async fn read(mut subscription: Subscription, told: Arc<Mutex<Vec<Value>>>) {
    while let Some(mut payload) = subscription.next().await {
        assert!(payload.get("errors").is_none(), "an event came with errors: {payload}");
        told.lock().unwrap().push(payload["data"]["sessionMessages"].take());
    }
}

fn is_added(event: &Value, message: &str) -> bool {
    event["__typename"] == "MessageAdded" && event["message"]["id"] == *message
}

/// A session as it must look to somebody.
fn shown(session: &Session, person: Person) -> Value {
    let Some(read) = session.read_by(person) else { return Value::Null };
    let message = |said: &super::model::Said| json!({ "id": said.id, "text": said.text });
    json!({
        "id": session.id,
        "unreadCount": session.unread_by(person),
        "lastMessage": read.last().map(message),
        "messages": { "totalCount": read.len(), "nodes": read.iter().map(message).collect::<Vec<_>>() },
        "customer": { "sessions": { "totalCount": 1, "nodes": [{ "id": session.id }] } },
    })
}

/// The messages of a session, asked for one by one, as they must look to somebody.
fn nodes(session: &Session, person: Person) -> Vec<Value> {
    let read = session.read_by(person).unwrap_or_default();
    let node = |said: &super::model::Said| match read.iter().find(|one| one.id == said.id) {
        Some(said) => json!({
            "id": said.id,
            "text": said.text,
            "session": { "lastMessage": { "text": read.last().map(|last| &last.text) } },
        }),
        None => Value::Null,
    };
    session.messages.iter().map(node).collect()
}
