//! Looking files up.

use domain::{AgentId, ApiScope, File, FileId, ProjectId};
use store::Tx;

use crate::{Actor, Desk, Error};

impl Desk {
    /// Those of the files that are whole and that the actor uploaded and may still send, in no order.
    pub async fn files_by_id(&self, actor: &Actor, ids: &[FileId]) -> Result<Vec<File>, Error> {
        actor.needs(ApiScope::MessagesSend)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        // The connection goes back before rights are asked for, which may take another one.
        let found = self.store.read().await?.files(&ids).await?;
        let mut own = Vec::with_capacity(found.len());
        for file in found {
            let is_own = file.agent_id == actor.agent.id && file.completed_at.is_some();
            if is_own && self.role_in(actor, file.project_id).await?.is_some() {
                own.push(file);
            }
        }
        Ok(own)
    }

    /// A whole file of a project, for the sender and for downloads, which have asked for rights before.
    pub async fn file(&self, project_id: ProjectId, id: FileId) -> Result<Option<File>, Error> {
        let found = self.store.read().await?.files(&[id.0]).await?;
        Ok(found.into_iter().find(|file| file.project_id == project_id && file.completed_at.is_some()))
    }
}

/// A file that an agent has uploaded and may send to a customer of a project. It is not purged before the transaction has ended.
pub(crate) async fn sendable(
    tx: &mut Tx,
    agent: AgentId,
    project_id: ProjectId,
    id: FileId,
) -> Result<Option<File>, store::Error> {
    let found = tx.lock_file(id).await?;
    Ok(found.filter(|file| file.project_id == project_id && file.agent_id == agent && file.completed_at.is_some()))
}
