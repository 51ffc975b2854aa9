//! Groups that become supergroups, which have other numbers.

use domain::event::Cause;
use domain::{ChatId, CloseReason, Customer, CustomerId, Project, Session, TelegramUserId, Time};
use serde_json::Value;
use store::Tx;

use crate::Error;
use crate::customer::{hand_over_profile, lock};
use crate::session::touch;

/// Telegram numbers nobody so, nor below.
const NOBODY: i64 = -(1 << 62);

/// Has a conversation go on under the new number of its group: the customer, where answers go, what waits to be sent
/// and what waits to be worked off. Telegram tells it three times, in both chats and to who still writes to the old
/// one, and others may have written in the new chat before; whichever comes first does it all, and the others find
/// little left to do.
///
/// Messages that have a number keep the chat it is from: in the new chat it is the number of another message.
pub(crate) async fn migrate_chat(
    tx: &mut Tx,
    project: &Project,
    from: ChatId,
    to: ChatId,
    wall: Time,
) -> Result<(), Error> {
    if from == to {
        return Ok(());
    }
    // Whoever else is told of it waits here.
    tx.insert_chat_migration(project.id, from, to).await?;
    let before = tx.customer_by_telegram_user(project.id, TelegramUserId(from.0)).await?;
    let after = tx.customer_by_telegram_user(project.id, TelegramUserId(to.0)).await?;
    let customer = match (before, after) {
        (Some(before), Some(after)) => Some(merged(tx, project, before, after, wall).await?),
        (Some(before), None) => Some(before),
        (None, after) => after,
    };
    if let Some(customer) = customer
        && let (Some(mut customer), newest) = lock(tx, customer.id).await?
        && customer.erased_at.is_none()
    {
        if customer.chat_id != to || customer.telegram_user_id.0 != to.0 {
            customer.chat_id = to;
            customer.telegram_user_id = TelegramUserId(to.0);
            tx.update_customer(&customer).await?;
        }
        tx.move_unnumbered_messages(customer.id, from, to).await?;
        tx.move_sessions(customer.id, from, to).await?;
        if let Some(session) = newest.filter(|session| session.is_open() && session.chat_id == from) {
            let mut session = Session { chat_id: to, ..session };
            let event = touch(tx, &mut session, Cause::Migration, project.time(wall)).await?;
            tx.append_events(&[event], wall).await?;
        }
    }
    tx.move_team_group(project.id, from, to).await?;
    for (call, payload) in tx.queued_calls(project.id, from).await? {
        tx.move_call(call, to, &addressed(&payload, to)).await?;
    }
    Ok(tx.move_pending_updates(project.id, from, to).await?)
}

/// Makes one customer of two: some wrote in the new chat before the desk knew that it is the old group. The one of old
/// stays, with everything that the desk knows of it.
async fn merged(
    tx: &mut Tx,
    project: &Project,
    before: Customer,
    after: Customer,
    wall: Time,
) -> Result<Customer, Error> {
    // The newest first, as everywhere; then those that are closed.
    tx.lock_open_sessions(&[before.id, after.id]).await?;
    let mut open = Vec::with_capacity(2);
    let (_, current) = lock(tx, before.id).await?;
    open.extend(current.filter(Session::is_open));
    let (after_now, current) = lock(tx, after.id).await?;
    let after = after_now.unwrap_or(after);
    open.extend(current.filter(Session::is_open));
    open.sort_by_key(|session| session.id);
    if let [earlier, later] = &mut open[..] {
        join(tx, project, earlier, later, wall).await?;
    }
    let sessions: Vec<i64> = tx.customer_session_ids(after.id).await?.iter().map(|session| session.0).collect();
    tx.hand_over_sessions(after.id, before.id).await?;
    tx.hand_over_tickets(after.id, before.id).await?;
    hand_over_promises(tx, &sessions, before.id).await?;
    hand_over_profile(tx, project.id, after.id, before.id).await?;
    // Somebody may know of the row still, but the number is free for the one of old. Erasing that one would not find
    // what is said here.
    let forsaken = NOBODY - after.id.0;
    let forsaken = Customer {
        telegram_user_id: TelegramUserId(forsaken),
        chat_id: ChatId(forsaken),
        name: String::new(),
        username: None,
        ..after
    };
    tx.update_customer(&forsaken).await?;
    Ok(before)
}

/// Gives a customer what is promised and owed in sessions that are theirs now, and what was thought of them.
async fn hand_over_promises(tx: &mut Tx, sessions: &[i64], to: CustomerId) -> Result<(), store::Error> {
    let tickets: Vec<i64> = tx.tickets_of_sessions(sessions).await?.iter().map(|ticket| ticket.id.0).collect();
    tx.hand_over_sla_clocks(sessions, &tickets, to).await?;
    tx.hand_over_surveys(sessions, to).await?;
    tx.hand_over_todos(sessions, to).await
}

/// Has the later one of two open sessions go on for both, since a customer has one.
async fn join(
    tx: &mut Tx,
    project: &Project,
    earlier: &mut Session,
    later: &mut Session,
    wall: Time,
) -> Result<(), Error> {
    let now = project.time(wall);
    earlier.close(CloseReason::Migration, now);
    if later.assignee_id.is_none() {
        later.assign(earlier.assignee_id, now);
    }
    // Who has left the later one has left the customer.
    for agent in earlier.people.joined.iter().copied().chain(earlier.assignee_id) {
        if later.assignee_id != Some(agent) && !later.people.left.contains(&agent) {
            later.people.join(agent);
        }
    }
    later.team_id = later.team_id.or(earlier.team_id);
    later.link_id = later.link_id.or(earlier.link_id);
    later.priority = later.priority.max(earlier.priority);
    let events = [touch(tx, earlier, Cause::Migration, now).await?, touch(tx, later, Cause::Migration, now).await?];
    Ok(tx.append_events(&events, wall).await?)
}

/// The parameters of a call with another chat. A message of the old chat that it answers cannot be named there.
fn addressed(payload: &str, chat: ChatId) -> String {
    let Ok(Value::Object(mut parameters)) = serde_json::from_str(payload) else { return payload.to_owned() };
    parameters.insert("chat_id".to_owned(), chat.0.into());
    parameters.remove("reply_parameters");
    Value::Object(parameters).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_to_the_new_chat_answers_no_message_of_the_old_one() {
        let payload = r#"{"chat_id":-5,"reply_parameters":{"message_id":7},"text":"Hi"}"#;
        assert_eq!(addressed(payload, ChatId(-1_005)), r#"{"chat_id":-1005,"text":"Hi"}"#);
        assert_eq!(addressed("[]", ChatId(1)), "[]");
    }
}
