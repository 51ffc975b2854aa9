//! A session with its messages and events.

use domain::event::{Cause, NewEvent};
use domain::message::{ButtonAction, Change, ChangeKind, Content, Thread, Wording};
use domain::rating::Score;
use domain::{
    AgentId, ChatId, CustomerId, Delivery, DeliveryState, Direction, EventKind, OutboxId, Position, ProjectId, Session,
    TelegramUserId,
};
use store::Tx;
use store::buttons::Button;
use store::messages::{NewMessage, Rewording};
use store::sessions::NewSession;

use crate::now;

pub async fn write_session(
    tx: &mut Tx,
    project_id: ProjectId,
    customer_id: CustomerId,
    agent: AgentId,
    round: i64,
) -> Session {
    let number = tx.next_session_number(project_id).await.unwrap();
    let new = NewSession {
        project_id,
        number,
        customer_id,
        chat_id: ChatId(1),
        thread: Thread::default(),
        created_at: now(),
    };
    let mut session = tx.insert_session(&new).await.unwrap();
    session.assignee_id = (round % 2 == 0).then_some(agent);
    tx.update_session(&session).await.unwrap();
    tx.lock_session(session.id).await.unwrap();
    tx.lock_session_if_free(session.id).await.unwrap();
    tx.lock_newest_session(customer_id).await.unwrap();
    tx.set_pace(session.id, session.pace).await.unwrap();
    tx.customers_by_telegram_users(&[project_id], &[TelegramUserId(1)]).await.unwrap();
    tx.lock_open_sessions(&[customer_id]).await.unwrap();
    tx.note_arrivals(std::slice::from_ref(&session)).await.unwrap();
    tx.mark_seen(session.id, agent, round).await.unwrap();
    let message = NewMessage {
        project_id,
        session_id: session.id,
        customer_id,
        chat_id: ChatId(1),
        direction: Direction::Outbound,
        kind: "text".to_owned(),
        text: "Hello".to_owned(),
        entities: None,
        author_id: session.assignee_id,
        reply_to_id: None,
        telegram_message_id: None,
        delivery: Some(DeliveryState::Queued),
        content: Content::default(),
        album_id: None,
        created_at: now(),
    };
    let numbered = NewMessage { telegram_message_id: Some(1000 + round), ..message.clone() };
    tx.insert_arrivals(std::slice::from_ref(&numbered)).await.unwrap();
    tx.insert_new_message(&numbered).await.unwrap();
    let message = tx.insert_message(&message).await.unwrap().id;
    let rewording = Rewording {
        kind: "text",
        text: "Hi",
        entities: None,
        content: &Content::default(),
        edited_at: now(),
        worded_at: (round % 2 == 0).then(now),
    };
    tx.reword_message(message, &rewording).await.unwrap();
    tx.insert_poll(project_id, "poll", message).await.unwrap();
    tx.insert_press(&format!("code {round}"), TelegramUserId(1)).await.unwrap();
    tx.insert_chat_migration(project_id, ChatId(8), ChatId(9)).await.unwrap();
    tx.move_sessions(customer_id, ChatId(8), ChatId(9)).await.unwrap();
    tx.move_unnumbered_messages(customer_id, ChatId(8), ChatId(9)).await.unwrap();
    tx.queued_calls(project_id, ChatId(8)).await.unwrap();
    tx.move_call(OutboxId(1), ChatId(1), "{}").await.unwrap();
    tx.hand_over_sessions(CustomerId(-1), customer_id).await.unwrap();
    let sent = Delivery { state: DeliveryState::Sent, error: None };
    tx.set_delivery(message, &sent, Some(round)).await.unwrap();
    tx.set_messages_sent(&[(message, Some(round))]).await.unwrap();
    tx.set_message_text(message, "Hi", None, now()).await.unwrap();
    let wording = Wording { text: "Hi".to_owned(), entities: None, edited_at: (round % 2 == 0).then(now) };
    tx.set_wording(message, &wording).await.unwrap();
    tx.set_changes(message, &vec![Change::queued(ChangeKind::Edit, now())]).await.unwrap();
    tx.set_content(message, &Content::default()).await.unwrap();
    tx.set_pinned(message, (round % 2 == 0).then(now)).await.unwrap();
    tx.set_deleted(message, now()).await.unwrap();
    let action = (round % 2 == 0).then(|| ButtonAction::Rate(Score::try_from(5).unwrap()));
    let (code, label) = (format!("button {round}"), "Yes".to_owned());
    let button = Button { code, project_id, message_id: message, label, action };
    tx.insert_button(&button, now()).await.unwrap();
    let event = |message_id| NewEvent {
        project_id,
        kind: EventKind::MessageAdded,
        session_id: session.id,
        customer_id,
        message_id,
        ticket: None,
        clock_id: None,
        todo_id: None,
        cause: Cause::AgentReply,
        at: now(),
        audience_before: None,
    };
    // Whatever their number and whatever is empty in them.
    tx.append_events(&[event(Some(message))], now()).await.unwrap();
    tx.append_events(&[event(None), event(Some(message))], now()).await.unwrap();
    tx.append_sight_change(project_id, AgentId(1), now(), now()).await.unwrap();
    tx.delete_events_through(Position::START).await.unwrap();
    session
}
