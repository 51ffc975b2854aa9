//! Clients who ask for the same few things again and again.

use std::sync::Arc;

use serde_json::{Value, json};
use tests::Client;

use super::Setting;
use crate::Result;
use crate::arguments::Looker;
use crate::dice::Dice;
use crate::drive::{self, drive, expect};
use crate::http::{Answer, write_operation};
use crate::made_up_data::agent_email;
use crate::measurement::Measurement;
use crate::stage::{Running, token_of};

/// Somebody who looks.
pub(super) async fn looker(running: &Running, by: Looker) -> Client {
    match by {
        Looker::Supervisor => running.sign_in().await,
        Looker::Agent => running.sign_in_as(&agent_email(1)).await,
    }
}

/// Has clients ask one of the requests after the other, by chance.
pub(super) async fn measure(
    setting: &Setting<'_>,
    running: &Running,
    clients: usize,
    requests: &Arc<[Vec<u8>]>,
) -> Result<Measurement> {
    let readers = |seed: usize| -> Vec<_> {
        let seeds = (0..clients).map(|client| seed + client);
        seeds.map(|seed| Reader { requests: requests.clone(), dice: Dice::seeded(seed) }).collect()
    };
    drive(running.address, readers(0), setting.periods.warm_up).await?;
    let readers = |round: usize| readers((round + 1) * clients);
    Measurement::fastest(running.processes, running.address, readers, setting.periods.measured).await
}

/// A request of an operation.
pub(super) fn operation(client: &Client, document: &str, variables: &Value) -> Vec<u8> {
    let mut request = Vec::new();
    let operation = json!({ "query": document, "variables": variables });
    write_operation(&mut request, token_of(client), &operation.to_string());
    request
}

/// Somebody who asks again and again.
struct Reader {
    requests: Arc<[Vec<u8>]>,
    dice: Dice,
}

impl drive::Client for Reader {
    fn write_request(&mut self, request: &mut Vec<u8>) -> bool {
        request.extend_from_slice(&self.requests[self.dice.index(self.requests.len())]);
        true
    }

    fn check(&self, answer: Answer<'_>) -> Result<()> {
        let has_errors = memchr::memmem::find(answer.body, b"\"errors\":").is_some();
        expect(answer.status == 200 && !has_errors, answer)
    }
}
