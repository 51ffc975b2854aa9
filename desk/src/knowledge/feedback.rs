//! What customers say about the answers of the bot.

use domain::MessageId;
use domain::knowledge::Feedback;
use store::Tx;
use store::knowledge::KnowledgeAnswer;

/// Keeps what a customer says about the answer that a message is: the last word on whether it helped, and for good that
/// they wanted a person.
pub(crate) async fn take_feedback(tx: &mut Tx, message: MessageId, feedback: Feedback) -> Result<(), store::Error> {
    let Some(answer) = tx.knowledge_answer_by_message(message).await? else { return Ok(()) };
    let said = match feedback {
        Feedback::Helped => KnowledgeAnswer { helped: Some(true), ..answer },
        Feedback::DidNotHelp => KnowledgeAnswer { helped: Some(false), ..answer },
        Feedback::Person => KnowledgeAnswer { person: true, ..answer },
    };
    if said == answer { Ok(()) } else { tx.update_knowledge_answer(&said).await }
}
