//! Which conversation of a chat something belongs to.

use domain::message::Thread;

use crate::telegram::fields::Fields;

/// The conversation of a message. In a group without topics `message_thread_id` names a chain of replies, which is no
/// conversation of its own: nothing can be sent to it.
pub(super) fn of(message: &Fields<'_>) -> Thread {
    let topic = message.is_true("is_topic_message").then(|| message.integer("message_thread_id")).flatten();
    Thread {
        business_connection_id: message.string("business_connection_id").filter(|id| !id.is_empty()),
        message_thread_id: topic,
        direct_messages_topic_id: message.object("direct_messages_topic").and_then(|topic| topic.integer("topic_id")),
    }
}
