//! Who may read what, as the design says it, apart from the desk that is put to the test.

use std::collections::{BTreeMap, BTreeSet};

/// Somebody of the staff: the agents from 0 on, and behind them the supervisor.
pub type Person = usize;

/// How many agents there are.
pub const AGENTS: usize = 3;

/// The supervisor.
pub const BOSS: Person = AGENTS;

/// The members of each team.
pub const TEAMS: [&[Person]; 2] = [&[0, 1], &[2]];

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub id: String,
    pub text: String,
    pub is_inbound: bool,
    /// The round in which it came to be.
    pub round: usize,
}

/// What there was when a session ended for somebody.
#[derive(Debug, Clone)]
pub struct Past {
    messages: Vec<Said>,
    texts: BTreeSet<String>,
}

/// A session as it must be.
#[derive(Debug, Clone, Default)]
pub struct Session {
    pub id: String,
    pub messages: Vec<Said>,
    /// Every text that was ever written in it, also those that were replaced.
    pub texts: BTreeSet<String>,
    pub assignee: Option<Person>,
    pub team: Option<usize>,
    pub joined: BTreeSet<Person>,
    /// For whom it has ended, with what there was then.
    pub gone: BTreeMap<Person, Past>,
    pub is_open: bool,
    /// How many messages of the customer each had seen when they answered last.
    seen: [usize; AGENTS + 1],
}

impl Session {
    /// Whether it goes on for somebody.
    pub fn goes_on_for(&self, person: Person) -> bool {
        let is_of_team = self.team.is_none_or(|team| TEAMS[team].contains(&person));
        person == BOSS
            || self.assignee == Some(person)
            || self.joined.contains(&person)
            || self.assignee.is_none() && is_of_team && !self.gone.contains_key(&person)
    }

    /// What somebody reads of it; nothing if they do not know of it.
    pub fn read_by(&self, person: Person) -> Option<&[Said]> {
        if self.goes_on_for(person) {
            return Some(&self.messages);
        }
        self.gone.get(&person).map(|past| past.messages.as_slice())
    }

    /// The texts of which somebody may be told, as an event may show what was before it was replaced.
    pub fn told_to(&self, person: Person) -> BTreeSet<String> {
        if self.goes_on_for(person) {
            return self.texts.clone();
        }
        self.gone.get(&person).map(|past| past.texts.clone()).unwrap_or_default()
    }

    /// How many messages somebody has not seen of those that they read.
    pub fn unread_by(&self, person: Person) -> usize {
        let read = self.read_by(person).unwrap_or_default();
        inbound(read).saturating_sub(self.seen[person])
    }

    pub fn may_answer(&self, person: Person) -> bool {
        self.is_open && self.assignee.map_or_else(|| self.goes_on_for(person), |assignee| assignee == person)
    }

    pub fn answer(&mut self, person: Person, said: Said) {
        self.assign(person);
        self.seen[person] = inbound(&self.messages);
        self.say(said);
    }

    pub fn say(&mut self, said: Said) {
        self.texts.insert(said.text.clone());
        self.messages.push(said);
    }

    pub fn reword(&mut self, message: usize, text: &str) {
        self.texts.insert(text.to_owned());
        text.clone_into(&mut self.messages[message].text);
    }

    pub fn assign(&mut self, person: Person) {
        if let Some(before) = self.assignee.filter(|before| *before != person) {
            self.end_for(before);
        }
        self.assignee = Some(person);
        self.joined.remove(&person);
        self.gone.remove(&person);
    }

    /// Somebody hands it to a person.
    pub fn hand_to(&mut self, by: Person, to: Person) {
        self.assign(to);
        self.end_if_unseen(by);
    }

    /// Somebody hands it to a team.
    pub fn hand_to_team(&mut self, by: Person, team: usize) {
        if let Some(before) = self.assignee.take() {
            self.end_for(before);
        }
        self.team = Some(team);
        self.end_if_unseen(by);
    }

    /// Nobody has it any more.
    pub fn put_back(&mut self) {
        if let Some(before) = self.assignee.take() {
            self.end_if_unseen(before);
        }
    }

    pub fn take_over(&mut self, keeps_previous: bool) {
        let before = self.assignee.filter(|before| *before != BOSS);
        self.assign(BOSS);
        if let Some(before) = before.filter(|_| keeps_previous) {
            self.join(before);
        }
    }

    pub fn join(&mut self, person: Person) {
        self.gone.remove(&person);
        self.joined.insert(person);
    }

    /// It ends for somebody, with what there is now.
    pub fn end_for(&mut self, person: Person) {
        self.joined.remove(&person);
        let past = Past { messages: self.messages.clone(), texts: self.texts.clone() };
        self.gone.entry(person).or_insert(past);
    }

    fn end_if_unseen(&mut self, person: Person) {
        if !self.goes_on_for(person) {
            self.end_for(person);
        }
    }
}

fn inbound(messages: &[Said]) -> usize {
    messages.iter().filter(|said| said.is_inbound).count()
}
