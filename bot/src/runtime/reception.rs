//! Knowing which bots have a webhook, without serving them.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::Shared;
use super::roster::with_webhooks;
use crate::cause::cause_of;

/// How often the bots are looked up. A bot that is added is expected from then on; Telegram
/// repeats what it delivered before.
const LOOK_AFTER: Duration = Duration::from_secs(1);

/// Keeps the receiver up to date until told to stop.
pub(super) async fn follow(shared: Arc<Shared>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match shared.desk.bots().await {
            Ok(bots) => shared.receiver.expect(with_webhooks(&shared, &bots)),
            Err(error) => tracing::warn!(error = cause_of(&error), "the bots cannot be looked up; trying again"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(LOOK_AFTER) => {}
        }
    }
}
