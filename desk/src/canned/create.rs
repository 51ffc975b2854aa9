//! Making a canned reply.

use domain::audit::ObjectKind;
use domain::bot_text::{InLanguage, Texts};
use domain::canned::{check_placeholders, parse_shortcut};
use domain::name::parse_name;
use domain::{ApiScope, CannedReply, ProjectId};

use super::{CannedReplyRefusal as Refusal, least_role};
use crate::audit::Audited;
use crate::idempotency::Request;
use crate::retry::retried;
use crate::{Actor, Desk, Error, Rejected};

/// How many shared canned replies a project has at most.
pub const MOST_CANNED_REPLIES: i64 = 500;
/// How many canned replies of their own an agent has in a project at most.
pub const MOST_OWN_CANNED_REPLIES: i64 = 200;

/// A canned reply to be made.
#[derive(Debug, Clone, serde::Serialize)]
pub struct NewCannedReply {
    /// The project.
    pub project_id: ProjectId,
    /// Whether all agents of the project share it; otherwise it is the actor's own.
    pub shared: bool,
    /// What agents type for it.
    pub shortcut: String,
    /// What it is called.
    pub title: String,
    /// The texts with their languages.
    pub texts: Vec<InLanguage>,
    /// Makes sending the same request again harmless for 24 hours.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

impl Desk {
    /// Makes a canned reply.
    pub async fn canned_reply_create(
        &self,
        actor: &Actor,
        new: &NewCannedReply,
    ) -> Result<CannedReply, Rejected<Refusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        let request = Request::new(actor.agent.id, new.idempotency_key.as_deref(), "cannedReplyCreate", new)??;
        retried(|| self.try_canned_reply_create(actor, new, &request)).await
    }

    async fn try_canned_reply_create(
        &self,
        actor: &Actor,
        new: &NewCannedReply,
        request: &Request<'_>,
    ) -> Result<CannedReply, Rejected<Refusal>> {
        let least = least_role(new.shared);
        let (mut tx, project) = self.change_in_project(actor, new.project_id, least).await??;
        tx.lock_project(project.id).await?;
        if let Some((earlier, _)) = request.earlier_several(self, &mut tx).await?? {
            return Ok(tx.canned_replies(&[earlier]).await?.pop().ok_or(Error::NotFound("canned reply"))?);
        }
        let owner_id = (!new.shared).then_some(actor.agent.id);
        let reply = store::desk_tools::NewCannedReply {
            project_id: project.id,
            owner_id,
            shortcut: parse_shortcut(&new.shortcut)?,
            title: parse_name(&new.title)?,
            texts: parse_texts(&new.texts)?,
            created_at: project.time(self.now()),
        };
        let most = if new.shared { MOST_CANNED_REPLIES } else { MOST_OWN_CANNED_REPLIES };
        if tx.canned_reply_count(project.id, owner_id).await? >= most {
            return Err(Refusal::TooMany.into());
        }
        if tx.canned_reply_called(project.id, owner_id, &reply.shortcut).await?.is_some() {
            return Err(Refusal::ShortcutTaken.into());
        }
        let reply = tx.insert_canned_reply(&reply).await?;
        request.answer(self, &mut tx, reply.id.0).await?;
        let object = (ObjectKind::CannedReply, reply.id.0);
        Audited::in_project(&actor.agent, &project, "cannedReplyCreate", object, self.now()).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(reply)
    }
}

/// Reads the texts of a canned reply.
pub(super) fn parse_texts(given: &[InLanguage]) -> Result<Texts, Refusal> {
    let texts = Texts::parse_messages(given.to_vec())?;
    if texts.is_empty() {
        return Err(Refusal::NoText);
    }
    check_placeholders(&texts)?;
    Ok(texts)
}
