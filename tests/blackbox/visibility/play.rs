//! A desk with two conversations that go from hand to hand, and a model of who may read what.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tests::graphql::Subscription;
use tests::{Client, Engine, Role, Server, eventually};

use super::model::{AGENTS, BOSS, Person, Said, Session, TEAMS};
use super::told::EVENTS;
use crate::stage::{
    Desk, Dice, PATIENCE, Telegram, event_cursor, id_of, message_with_text, mutate, project_called, reply, try_send,
    until_session, until_settled,
};

/// The customers of the two sessions.
pub const CUSTOMERS: [i64; 2] = [7, 8];
/// The first of the customers whose words mark the end of a round, each of whom writes once.
const MARKERS: i64 = 1000;
/// The first of the private chats of the agents.
const CHATS: i64 = 501;

/// A process of the desk, with everybody signed in.
pub struct Door {
    pub people: Vec<Client>,
    pub live: Vec<Subscription>,
}

pub struct Play {
    pub desk: Desk,
    pub telegram: Telegram,
    pub project: String,
    pub doors: Vec<Door>,
    pub sessions: Vec<Session>,
    /// The sessions as they were before the last round.
    pub before: Vec<Session>,
    /// Every text that was ever written in the two sessions.
    pub texts: Vec<String>,
    /// The place of the log before each round.
    pub cursors: Vec<String>,
    /// An API token of the first agent.
    pub token: Client,
    /// Who was given a session by somebody else, each with its place.
    pub given: BTreeSet<(Person, usize)>,
    ids: Vec<Value>,
    teams: Vec<Value>,
    /// The numbers in Telegram of what the customers wrote.
    numbers: BTreeMap<String, i64>,
    dice: Dice,
    /// The second process, on PostgreSQL.
    other: Option<Server>,
}

impl Play {
    pub async fn set(engine: Engine, processes: usize) -> Self {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let mut people = Vec::new();
        for person in 0..AGENTS {
            people.push(desk.add_agent(&format!("agent{person}@desk.test"), "Telegram", "agent").await);
        }
        people.push(desk.add_agent("boss@desk.test", "Telegram", "supervisor").await);
        let teams = teams(&desk.admin, &project, &people).await;
        let input = json!({ "projectId": project, "name": "All", "filter": {}, "shared": true });
        mutate(&desk.admin, "savedViewCreate", input, "savedView { id }").await;
        let mut ids = Vec::new();
        for (person, client) in people.iter().enumerate() {
            ids.push(id_of(client).await);
            link(client, &telegram, &project, CHATS + i64::try_from(person).unwrap()).await;
        }
        let input = json!({ "name": "Integration", "scopes": ["SESSIONS_READ"] });
        let secret = mutate(&people[0], "apiTokenCreate", input, "secret").await["secret"].take();
        let token = people[0].with_token(secret.as_str().unwrap());
        let other = if processes > 1 { Some(desk.settings.clone().role(Role::Api).start().await) } else { None };
        let mut play = Self {
            telegram,
            project,
            doors: Vec::new(),
            sessions: vec![Session::default(); CUSTOMERS.len()],
            before: Vec::new(),
            texts: Vec::new(),
            cursors: Vec::new(),
            token,
            given: BTreeSet::new(),
            ids,
            teams,
            numbers: BTreeMap::new(),
            dice: Dice::new(),
            desk,
            other,
        };
        let start = event_cursor(&play.desk.admin, &play.project).await;
        let urls = std::iter::once(play.desk.server.url()).chain(play.other.as_ref().map(Server::url));
        for url in urls.map(str::to_owned).collect::<Vec<_>>() {
            let door = play.open(&url, &people, &start).await;
            play.doors.push(door);
        }
        for place in 0..CUSTOMERS.len() {
            play.customer_writes(place).await;
        }
        play.before = play.sessions.clone();
        play.end_round(0).await;
        play
    }

    /// Everybody at a process, following all that happens after a place in the log.
    pub async fn open(&self, url: &str, people: &[Client], after: &str) -> Door {
        let at = |client: &Client| Client::anonymous(url).with_token(client.token().expect("they are signed in"));
        let people: Vec<Client> = people.iter().map(at).collect();
        let mut live = Vec::new();
        for client in &people {
            live.push(client.subscribe(EVENTS, json!({ "projectId": self.project, "after": after })).await);
        }
        Door { people, live }
    }

    /// Somebody at one of the processes.
    fn client(&mut self, person: Person) -> Client {
        let door = self.below(self.doors.len());
        self.doors[door].people[person].clone()
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.dice.below(end as u64)).expect("a small number")
    }

    fn text(&mut self) -> String {
        let text = format!("secret w{}w", self.texts.len());
        self.texts.push(text.clone());
        text
    }

    /// Something happens in one of the sessions, and then the round ends.
    pub async fn round(&mut self, round: usize) {
        self.before.clone_from(&self.sessions);
        self.cursors.push(event_cursor(&self.desk.admin, &self.project).await);
        let place = self.below(self.sessions.len());
        match self.below(12) {
            0..=2 => self.customer_writes(place).await,
            3 | 4 => self.somebody_answers(place).await,
            5 => self.customer_edits(place).await,
            6 | 7 => self.somebody_hands_over(place).await,
            8 => self.somebody_joins(place).await,
            9 => self.somebody_leaves(place).await,
            10 => self.boss_takes_over(place).await,
            _ => self.boss_closes_or_puts_back(place).await,
        }
        self.end_round(round).await;
    }

    /// Both customers write once more, and then the round ends.
    pub async fn last_round(&mut self, round: usize) {
        self.before.clone_from(&self.sessions);
        self.cursors.push(event_cursor(&self.desk.admin, &self.project).await);
        for place in 0..self.sessions.len() {
            self.customer_writes(place).await;
        }
        self.end_round(round).await;
    }

    /// A customer whom everybody sees says that the round is over.
    async fn end_round(&mut self, round: usize) {
        let customer = MARKERS + i64::try_from(round).unwrap();
        self.telegram.customer_writes(customer, &marker(round)).await;
        until_session(&self.desk.admin, &self.project, customer).await;
    }

    async fn customer_writes(&mut self, place: usize) {
        let text = self.text();
        let said = self.telegram.customer_writes(CUSTOMERS[place], &text).await;
        let session = until_session(&self.desk.admin, &self.project, CUSTOMERS[place]).await;
        let message = self.until_text(&session, &text).await;
        self.numbers.insert(message.clone(), said.message_id);
        let round = self.cursors.len();
        let model = &mut self.sessions[place];
        model.id = session;
        model.is_open = true;
        model.say(Said { id: message, text, is_inbound: true, round });
    }

    async fn until_text(&self, session: &str, text: &str) -> String {
        let there = || async { message_with_text(&self.desk.admin, session, text).await };
        eventually(PATIENCE, there).await["id"].as_str().expect("an id").to_owned()
    }

    async fn customer_edits(&mut self, place: usize) {
        let messages = self.sessions[place].messages.iter().enumerate();
        let inbound: Vec<usize> = messages.filter(|(_, said)| said.is_inbound).map(|(number, _)| number).collect();
        let message = inbound[self.below(inbound.len())];
        let text = self.text();
        let (customer, id) = (CUSTOMERS[place], self.sessions[place].messages[message].id.clone());
        let edited = json!({ "edited_message": {
            "message_id": self.numbers[&id],
            "date": 1_767_225_600,
            "edit_date": self.telegram.passes().timestamp(),
            "from": { "id": customer, "is_bot": false, "first_name": format!("Customer {customer}") },
            "chat": { "id": customer, "type": "private", "first_name": format!("Customer {customer}") },
            "text": text,
        } });
        self.telegram.tells(&edited).await;
        self.until_text(&self.sessions[place].id, &text).await;
        self.sessions[place].reword(message, &text);
    }

    /// Somebody who may answers; everybody who may not tries in vain.
    async fn somebody_answers(&mut self, place: usize) {
        let people: Vec<Person> = (0..=BOSS).filter(|person| self.sessions[place].may_answer(*person)).collect();
        let id = self.sessions[place].id.clone();
        for person in (0..=BOSS).filter(|person| !people.contains(person)) {
            let refused = try_send(&self.client(person), json!({ "sessionId": id, "text": "no" })).await.unwrap();
            let session = &self.sessions[place];
            let expected = match (session.goes_on_for(person), session.is_open) {
                (false, _) => "SESSION_NOT_FOUND",
                (true, false) => "SESSION_CLOSED",
                (true, true) => "NOT_ACTIVE_REPLIER",
            };
            assert_eq!(refused.data["messageSend"]["userErrors"][0]["code"], expected, "{person}: {session:?}");
        }
        if people.is_empty() {
            return;
        }
        let person = people[self.below(people.len())];
        let text = self.text();
        let message = reply(&self.client(person), &id, &text).await["id"].as_str().unwrap().to_owned();
        until_settled(&self.desk.admin, &id, &text).await;
        let round = self.cursors.len();
        self.sessions[place].answer(person, Said { id: message, text, is_inbound: false, round });
    }

    async fn somebody_hands_over(&mut self, place: usize) {
        let session = &self.sessions[place];
        if !session.is_open {
            return;
        }
        let may = |person: &Person| *person == BOSS || session.may_answer(*person);
        let people: Vec<Person> = (0..=BOSS).filter(may).collect();
        let by = people[self.below(people.len())];
        let target = self.below(BOSS + 1 + TEAMS.len());
        let session = &mut self.sessions[place];
        let mut input = json!({ "sessionId": session.id, "description": "for you" });
        if target <= BOSS {
            if session.assignee == Some(target) {
                return;
            }
            session.hand_to(by, target);
            self.given.insert((target, place));
            input["toAgentId"] = self.ids[target].clone();
        } else {
            let team = target - BOSS - 1;
            if session.assignee.is_none() && session.team == Some(team) {
                return;
            }
            session.hand_to_team(by, team);
            input["toTeamId"] = self.teams[team].clone();
        }
        mutate(&self.client(by), "sessionTransfer", input, "transfer { at }").await;
    }

    async fn somebody_joins(&mut self, place: usize) {
        let person = self.below(AGENTS);
        let session = &mut self.sessions[place];
        if !session.is_open || session.assignee == Some(person) {
            return;
        }
        session.join(person);
        let input = json!({ "sessionId": session.id, "agentId": self.ids[person] });
        mutate(&self.client(BOSS), "sessionParticipantAdd", input, "session { id }").await;
    }

    async fn somebody_leaves(&mut self, place: usize) {
        let session = &mut self.sessions[place];
        let Some(person) = session.joined.first().copied() else { return };
        session.end_for(person);
        let input = json!({ "sessionId": session.id, "agentId": self.ids[person] });
        mutate(&self.client(person), "sessionParticipantRemove", input, "session { id }").await;
    }

    async fn boss_takes_over(&mut self, place: usize) {
        let keeps_previous = self.below(2) == 0;
        let session = &mut self.sessions[place];
        if !session.is_open {
            return;
        }
        session.take_over(keeps_previous);
        let input = json!({ "sessionId": session.id, "keepPrevious": keeps_previous });
        mutate(&self.client(BOSS), "sessionTakeOver", input, "session { id }").await;
    }

    async fn boss_closes_or_puts_back(&mut self, place: usize) {
        let puts_back = self.below(2) == 0;
        let session = &mut self.sessions[place];
        let mut input = json!({ "sessionId": session.id });
        let mutation = if !session.is_open {
            "sessionReopen"
        } else if puts_back {
            session.put_back();
            input["agentId"] = Value::Null;
            "sessionAssign"
        } else {
            "sessionClose"
        };
        session.is_open = mutation != "sessionClose";
        mutate(&self.client(BOSS), mutation, input, "session { id }").await;
    }

    /// The texts that the bot wrote to somebody of the staff.
    pub fn notices_of(&self, person: Person) -> Vec<String> {
        self.telegram.received_by(CHATS + i64::try_from(person).unwrap())
    }
}

/// What is said at the end of a round.
pub fn marker(round: usize) -> String {
    format!("round {round} is over")
}

/// Two teams with their members.
async fn teams(admin: &Client, project: &str, people: &[Client]) -> Vec<Value> {
    let mut teams = Vec::new();
    for (number, members) in TEAMS.iter().enumerate() {
        let input = json!({ "projectId": project, "name": format!("Team {number}"), "line": 1 });
        let team = mutate(admin, "teamCreate", input, "team { id }").await["team"]["id"].take();
        for member in *members {
            let input = json!({ "teamId": team, "agentId": id_of(&people[*member]).await });
            mutate(admin, "teamMemberAdd", input, "team { id }").await;
        }
        teams.push(team);
    }
    teams
}

/// Has the bot write to somebody's chat what concerns them.
async fn link(client: &Client, telegram: &Telegram, project: &str, chat: i64) {
    let input = json!({ "projectId": project });
    let payload = mutate(client, "staffLinkCreate", input, "invitation { code }").await;
    telegram.customer_writes(chat, &format!("/start {}", payload["invitation"]["code"].as_str().unwrap())).await;
    let linked = || async { telegram.received_by(chat).pop() };
    eventually(PATIENCE, linked).await;
}
