//! Queries of the desk's own facts, and of answers under idempotency keys.

use domain::{AgentId, Time};

use crate::error::Result;
use crate::idempotency::Answered;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// The value under a key of the desk's own facts.
    meta = meta::get(key: &str) -> Option<String>;
    /// The time of the database in microseconds; fails if the database does not answer.
    now_micros = meta::now_micros() -> i64;

    /// The earlier answer under an idempotency key that is younger than `since`.
    answered = idempotency::find(agent: AgentId, key: &str, since: Time) -> Option<Answered>;
}

catalogue! { Tx:
    /// Sets a fact about the desk unless it is set, and answers the one that stands.
    settle_meta = meta::settle(key: &str, value: &str) -> String;
    /// Sets a fact about the desk.
    set_meta = meta::set(key: &str, value: &str) -> ();

    /// Keeps an answer under an idempotency key. The key is taken if it has an answer that is younger than `since`.
    insert_answered = idempotency::insert(agent: AgentId, key: &str, answered: &Answered, since: Time, now: Time) -> ();
}
