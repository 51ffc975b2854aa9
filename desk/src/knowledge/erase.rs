//! Forgetting what was made of the words of a customer.

use domain::{Project, Time};
use store::Tx;

use super::create::OPERATION;

/// Forgets the questions and the keywords of the entries that were made from sessions whose customer is erased, since they may
/// be words of theirs. Somebody gives them other ones before the bot uses them again.
pub(crate) async fn erase_knowledge(
    tx: &mut Tx,
    project: &Project,
    sessions: &[i64],
    wall: Time,
) -> Result<(), store::Error> {
    let entries = tx.erase_knowledge_entries(sessions, project.time(wall)).await?;
    if entries.is_empty() {
        return Ok(());
    }
    tx.forget_requests(OPERATION, &entries).await?;
    tx.raise_project_version(project.id).await
}
