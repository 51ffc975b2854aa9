//! Any update at all.

use domain::ProjectId;
use serde_json::{Map, Value};

use super::backlog::push;
use super::{PlaceRefusal, SandboxAct};
use crate::{Actor, Desk, Rejected};

/// Why an update was not pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SandboxUpdateRefusal {
    /// Nothing can be simulated there.
    #[error(transparent)]
    Place(#[from] PlaceRefusal),
    /// It is no update.
    #[error(
        "an update is a JSON object with something in it, without an `update_id`, which the simulated Telegram gives it"
    )]
    NotAnUpdate,
    /// It is too long.
    #[error("an update has at most {MAX_BYTES} bytes")]
    TooLong,
}

/// More than the longest update of Telegram.
const MAX_BYTES: usize = 64 * 1024;

/// The largest number of a message (32 bits in Telegram).
const LAST_MESSAGE_ID: i64 = i32::MAX as i64;

impl Desk {
    /// Has the simulated Telegram tell the bot something, however strange. Answers the number of the update.
    pub async fn sandbox_update_push(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        json: &str,
    ) -> Result<i64, Rejected<SandboxUpdateRefusal>> {
        let refuse = |refusal: SandboxUpdateRefusal| Rejected::Refused(refusal);
        let project = self.sandbox(actor, project_id).await?;
        if json.len() > MAX_BYTES {
            return Err(refuse(SandboxUpdateRefusal::TooLong));
        }
        let fields: Map<String, Value> =
            serde_json::from_str(json).map_err(|_| refuse(SandboxUpdateRefusal::NotAnUpdate))?;
        if fields.is_empty() || fields.contains_key("update_id") {
            return Err(refuse(SandboxUpdateRefusal::NotAnUpdate));
        }
        let mut tx = self.store.begin().await?;
        // What customers write later must not have the number of a message that is there, or it would be taken for it.
        if let Some(number) = last_message_id(&fields) {
            tx.pass_sandbox_message_id(project.id, number).await?;
        }
        let update_id = push(&mut tx, project.id, &SandboxAct::Update { json: json.to_owned() }).await?;
        self.commit(tx).await?;
        Ok(update_id)
    }
}

/// The largest number of a message that an update brings.
fn last_message_id(update: &Map<String, Value>) -> Option<i64> {
    let numbers = update.values().filter_map(|value| value.get("message_id")?.as_i64());
    numbers.filter(|number| (1..=LAST_MESSAGE_ID).contains(number)).max()
}
