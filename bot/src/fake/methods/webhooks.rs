//! `setWebhook`, `deleteWebhook` and `getWebhookInfo`.

use std::sync::Arc;

use serde_json::json;

use super::super::{answer::Answer, call::Call, delivery::deliver, server::Server, webhook::Webhook};

const TERMINATED: &str = "Conflict: terminated by setWebhook request";

/// Delivers updates to an address from now on; to none if the address is empty.
pub(super) async fn set(server: &Arc<Server>, call: &Call) -> Result<Answer, Answer> {
    let Some(webhook) = Webhook::asked_for(&call.parameters, server.stop.child_token())? else {
        return delete(server, call).await;
    };
    drop_pending(server, call).await?;
    let webhook = Arc::new(webhook);
    call.bot.replace_webhook(Some(Arc::clone(&webhook)));
    call.bot.take_poll_turn(TERMINATED);
    let delivery = deliver(Arc::clone(server), Arc::clone(&call.bot), webhook);
    server.tasks.spawn(delivery);
    Ok(Answer::ok(&json!(true)))
}

/// Delivers updates to no address any more.
pub(super) async fn delete(server: &Server, call: &Call) -> Result<Answer, Answer> {
    call.bot.replace_webhook(None);
    drop_pending(server, call).await?;
    Ok(Answer::ok(&json!(true)))
}

/// Says where updates are delivered and how it goes.
pub(super) async fn info(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let waiting = server.backlog.pending(call.bot.id, 0, usize::MAX).await?;
    let info = match call.bot.current_webhook() {
        Some(webhook) => webhook.info(waiting.len()),
        None => json!({
            "url": "",
            "has_custom_certificate": false,
            "pending_update_count": waiting.len(),
        }),
    };
    Ok(Answer::ok(&info))
}

async fn drop_pending(server: &Server, call: &Call) -> Result<(), Answer> {
    if call.parameters.is_true("drop_pending_updates") {
        server.backlog.confirm(call.bot.id, i64::MAX).await?;
    }
    Ok(())
}
