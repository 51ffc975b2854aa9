//! What is run on the connections of this process, as they tell it.

use std::collections::BTreeMap;
use std::sync::Mutex;

use diesel::connection::{Instrumentation, InstrumentationEvent};

/// How often each statement was run, and how often it was prepared to be kept.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    run: usize,
    pub kept: usize,
}

static USES: Mutex<BTreeMap<String, Use>> = Mutex::new(BTreeMap::new());
/// The last statement that was run, with its values.
static LAST: Mutex<String> = Mutex::new(String::new());

pub fn last_statement() -> String {
    LAST.lock().unwrap().clone()
}

pub struct Listener;

impl Instrumentation for Listener {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        let mut uses = USES.lock().unwrap();
        match event {
            InstrumentationEvent::StartQuery { query, .. } => {
                let text = query.to_string();
                LAST.lock().unwrap().clone_from(&text);
                let text = text.split(" -- binds: ").next().unwrap();
                uses.entry(text.to_owned()).or_default().run += 1;
            }
            InstrumentationEvent::CacheQuery { sql, .. } => uses.entry(sql.to_owned()).or_default().kept += 1,
            _ => {}
        }
    }
}

/// The uses of statements since the last call, without those of a connection's set-up and end.
pub fn uses() -> BTreeMap<String, Use> {
    let mut uses = std::mem::take(&mut *USES.lock().unwrap());
    let is_a_setting = |text: &str| {
        ["SET ", "PRAGMA ", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"]
            .iter()
            .any(|start| text.starts_with(start))
    };
    uses.retain(|text, _| !is_a_setting(text));
    uses
}
