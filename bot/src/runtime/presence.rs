//! Telling other processes that this one serves bots too.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::Shared;
use crate::cause::cause_of;

/// How long the goodbye may take; the others notice soon enough by themselves.
const LEAVE_TIMEOUT: Duration = Duration::from_secs(2);

/// Counts among those who serve until told to stop, and keeps the share of this process up to
/// date meanwhile. What it serves at the end is handed over while it drains.
pub(super) async fn keep_up(shared: Arc<Shared>, stop: CancellationToken) {
    let (desk, holder) = (&shared.desk, &shared.holder);
    while !stop.is_cancelled() {
        match timeout(shared.settings.lease_ttl, desk.join_service(holder)).await {
            Ok(Ok(processes)) => shared.share.set_processes(processes),
            Ok(Err(error)) => {
                tracing::warn!(
                    error = cause_of(&error),
                    "the processes that serve bots cannot be counted; trying again"
                );
            }
            Err(_) => tracing::warn!("the processes that serve bots could not be counted in time; trying again"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(holder.renewal_interval()) => {}
        }
    }
    match timeout(LEAVE_TIMEOUT, desk.leave_service(holder)).await {
        Ok(Ok(())) | Err(_) => {}
        Ok(Err(error)) => {
            tracing::warn!(error = cause_of(&error), "the others notice by themselves that this process ends")
        }
    }
}
