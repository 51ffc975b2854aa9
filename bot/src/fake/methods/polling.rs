//! `getUpdates`.

use std::time::Duration;

use tokio::time::Instant;

use super::super::{PendingUpdate, answer::Answer, call::Call, learning::learn, server::Server};

/// The most updates in one answer, as with Telegram.
const MAX_UPDATES: i64 = 100;

/// The longest poll, as with Telegram.
const MAX_TIMEOUT_SECONDS: i64 = 50;

const OTHER_POLL: &str = "Conflict: terminated by other getUpdates request; make sure that only \
                          one bot instance is running";
const WEBHOOK_ACTIVE: &str = "Conflict: can't use getUpdates method while webhook is active; \
                              use deleteWebhook to delete the webhook first";

/// Hands out updates, waiting for one if there is none. An `offset` confirms what is before it;
/// a negative one counts from the end and forgets the rest.
pub(super) async fn get_updates(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let bot = &call.bot;
    if bot.current_webhook().is_some() {
        return Err(Answer::error(409, WEBHOOK_ACTIVE));
    }
    let my_turn = bot.take_poll_turn(OTHER_POLL);
    let mut turn = bot.poll_turn.subscribe();
    let mut arrivals = server.backlog.arrivals(bot.id);
    let limit = call.parameters.integer("limit").unwrap_or(MAX_UPDATES);
    let limit = usize::try_from(limit.clamp(1, MAX_UPDATES)).unwrap_or(1);
    let offset = confirm(server, call).await?;
    let deadline = Instant::now() + timeout(call);
    loop {
        arrivals.mark_unchanged();
        let updates = server.backlog.pending(bot.id, offset, limit).await?;
        if !updates.is_empty() || deadline <= Instant::now() || server.stop.is_cancelled() {
            updates.iter().for_each(|update| learn(server, bot.id, &update.json));
            return Ok(batch(&updates));
        }
        tokio::select! {
            Ok(()) = arrivals.changed() => {}
            Ok(turn) = turn.wait_for(|turn| turn.number != my_turn) => {
                return Err(Answer::error(409, turn.conflict));
            }
            () = tokio::time::sleep_until(deadline) => {}
            () = server.stop.cancelled() => {}
        }
    }
}

/// Confirms what the `offset` of the call says, and returns the number to go on from.
async fn confirm(server: &Server, call: &Call) -> Result<i64, Answer> {
    let bot = call.bot.id;
    let offset = call.parameters.integer("offset").unwrap_or_default();
    if offset < 0 {
        let waiting = server.backlog.pending(bot, 0, usize::MAX).await?;
        let keep = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
        let first = waiting.len().saturating_sub(keep);
        let offset = waiting.get(first).map_or(0, |update| update.update_id);
        server.backlog.confirm(bot, offset).await?;
        return Ok(offset);
    }
    if offset > 0 {
        server.backlog.confirm(bot, offset).await?;
    }
    Ok(offset)
}

fn timeout(call: &Call) -> Duration {
    let seconds = call.parameters.integer("timeout").unwrap_or_default();
    let seconds = seconds.clamp(0, MAX_TIMEOUT_SECONDS);
    Duration::from_secs(seconds.unsigned_abs())
}

fn batch(updates: &[PendingUpdate]) -> Answer {
    let updates: Vec<_> = updates.iter().map(PendingUpdate::with_number).collect();
    Answer::ok_raw(&format!("[{}]", updates.join(",")))
}
