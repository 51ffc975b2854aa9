//! Changing a canned reply.

use domain::audit::ObjectKind;
use domain::bot_text::InLanguage;
use domain::canned::parse_shortcut;
use domain::name::parse_name;
use domain::{ApiScope, CannedReply, CannedReplyId};

use super::CannedReplyRefusal as Refusal;
use super::create::parse_texts;
use crate::audit::Audited;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// What is to change of a canned reply; nothing of what is left out.
#[derive(Debug, Clone, Default)]
pub struct CannedReplyChange {
    /// What agents type for it.
    pub shortcut: Option<String>,
    /// What it is called.
    pub title: Option<String>,
    /// All of its texts with their languages.
    pub texts: Option<Vec<InLanguage>>,
    /// The version that the actor has seen, if the change depends on it.
    pub expected_version: Option<i64>,
}

impl Desk {
    /// Changes a canned reply.
    pub async fn canned_reply_update(
        &self,
        actor: &Actor,
        id: CannedReplyId,
        change: &CannedReplyChange,
    ) -> Result<CannedReply, Rejected<Refusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_canned_reply_update(actor, id, change)).await
    }

    async fn try_canned_reply_update(
        &self,
        actor: &Actor,
        id: CannedReplyId,
        change: &CannedReplyChange,
    ) -> Result<CannedReply, Rejected<Refusal>> {
        let (mut tx, project, before) = self.change_canned_reply(actor, id).await?;
        if change.expected_version.is_some_and(|expected| expected != before.version) {
            return Err(Refusal::VersionConflict(Box::new(before)).into());
        }
        let mut reply = before.clone();
        if let Some(shortcut) = &change.shortcut {
            reply.shortcut = parse_shortcut(shortcut)?;
        }
        if let Some(title) = &change.title {
            reply.title = parse_name(title)?;
        }
        if let Some(texts) = &change.texts {
            reply.texts = parse_texts(texts)?;
        }
        if reply == before {
            return Ok(before);
        }
        let called = tx.canned_reply_called(project.id, reply.owner_id, &reply.shortcut).await?;
        if called.is_some_and(|called| called != id) {
            return Err(Refusal::ShortcutTaken.into());
        }
        reply.updated_at = project.time(self.now());
        let changed = tx.update_canned_reply(&reply).await?;
        let object = (ObjectKind::CannedReply, id.0);
        Audited::in_project(&actor.agent, &project, "cannedReplyUpdate", object, self.now()).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(changed)
    }
}
