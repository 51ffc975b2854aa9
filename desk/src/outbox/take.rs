//! Handing out calls that are due.

use domain::{Delivery, DeliveryState, ProjectId, Time};
use store::outbox::{OutboxState, QueuedCall};

use crate::{Desk, Error, Holder};

const ABANDONED: &str = "the desk stopped while the message was on its way, so Telegram may or may not have it";

impl Desk {
    /// The next calls of a bot that are due, at most one of each chat; none for one who does not
    /// have the bot's lease. Before they are handed out it is durable that this attempt makes
    /// them; whoever finds them so after a crash knows that they may have gone out.
    pub async fn take_calls(
        &self,
        project_id: ProjectId,
        holder: &Holder,
        attempt: &str,
        limit: i64,
    ) -> Result<Vec<QueuedCall>, Error> {
        if self.next_call_due(project_id).await?.is_none_or(|due| due > self.now()) {
            return Ok(Vec::new());
        }
        let mut tx = self.store.begin().await?;
        // Who takes the bot over waits for this transaction, and so finds what it has marked.
        let calls = match self.keep_bot(&mut tx, project_id, holder).await? {
            true => tx.claim_calls(project_id, self.now(), limit).await?,
            false => Vec::new(),
        };
        if calls.is_empty() {
            tx.roll_back().await?;
            return Ok(calls);
        }
        let ids: Vec<i64> = calls.iter().map(|call| call.id.0).collect();
        tx.start_calls(&ids, attempt).await?;
        tx.commit_silently().await?;
        Ok(calls)
    }

    /// When the next call of a bot is due, if one waits.
    pub async fn next_call_due(&self, project_id: ProjectId) -> Result<Option<Time>, Error> {
        let due = self.store.read().await?.next_call_due(project_id).await?;
        Ok(due.and_then(Time::from_timestamp_micros))
    }

    /// Marks the calls whose attempt was under way when the bot's last sender stopped: nobody
    /// can tell what became of them. Only for the one who has the bot's lease. Answers how
    /// many there were.
    pub async fn give_up_abandoned_calls(&self, project_id: ProjectId) -> Result<usize, Error> {
        let mut tx = self.store.begin().await?;
        let calls = tx.abandoned_calls(project_id).await?;
        for (call, message_id) in &calls {
            tx.settle_call(*call, OutboxState::Unknown, Some(ABANDONED), self.now()).await?;
            if let Some(message_id) = message_id {
                let delivery = Delivery { state: DeliveryState::Unknown, error: Some(ABANDONED.to_owned()) };
                self.deliver(&mut tx, *message_id, delivery, None).await?;
            }
        }
        self.commit(tx).await?;
        Ok(calls.len())
    }
}
