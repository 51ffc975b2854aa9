//! Changing what a project promises.

use domain::audit::ObjectKind;
use domain::sla::{Policy, PolicyChange, PolicyRefusal, PolicyVersion};
use domain::{AgentId, ApiScope, Project, ProjectId, Role, SlaHoursId};
use serde_json::json;
use store::Tx;
use store::sla::NewPolicy;

use super::apply::schedule_apply;
use super::promises::Promises;
use crate::audit::Audited;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Error, Rejected};

/// Why a policy was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlaPolicyRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// The policy is not at the version that the actor has seen.
    #[error("the policy has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<PolicyVersion>),
    /// The desk cannot go by it.
    #[error(transparent)]
    Policy(#[from] PolicyRefusal),
    /// There is no such calendar in the project.
    #[error("there is no such calendar in this project: make one with `slaCalendarCreate`")]
    CalendarNotFound,
}

impl<E: Into<SlaPolicyRefusal>> From<E> for Rejected<SlaPolicyRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Changes what a project promises. Clocks that run are brought under it within moments, each with an entry in its
    /// history if something else is promised; what is late already stays so.
    pub async fn sla_policy_update(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        change: &PolicyChange,
        expected_version: Option<i64>,
    ) -> Result<PolicyVersion, Rejected<SlaPolicyRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_sla_policy_update(actor, project_id, change, expected_version)).await
    }

    async fn try_sla_policy_update(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        change: &PolicyChange,
        expected_version: Option<i64>,
    ) -> Result<PolicyVersion, Rejected<SlaPolicyRefusal>> {
        let (mut tx, project) = self.change_in_project(actor, project_id, Role::Supervisor).await??;
        tx.lock_project(project.id).await?;
        let before = Promises::of_one(&mut tx, project.id).await?.policy(project.id);
        if expected_version.is_some_and(|expected| expected != before.version) {
            return Err(SlaPolicyRefusal::VersionConflict(Box::new(before)).into());
        }
        let policy = before.policy.changed(change);
        policy.check()?;
        let hours_id = hours_of(&mut tx, &project, &policy).await?.ok_or(SlaPolicyRefusal::CalendarNotFound)?;
        if policy == before.policy {
            return Ok(before);
        }
        let changed = self.replace_policy(&mut tx, &project, &before, policy, hours_id, actor.agent.id).await?;
        let object = (ObjectKind::Project, project.id.0);
        let audited = Audited::in_project(&actor.agent, &project, "slaPolicyUpdate", object, self.now());
        audited.with(&json!({ "version": changed.version })).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(changed)
    }

    /// Puts a policy in the place of another one, in a transaction that holds the project, and has the clocks that run
    /// brought under it.
    pub(super) async fn replace_policy(
        &self,
        tx: &mut Tx,
        project: &Project,
        before: &PolicyVersion,
        policy: Policy,
        hours_id: Option<SlaHoursId>,
        changed_by: AgentId,
    ) -> Result<PolicyVersion, Error> {
        let new = NewPolicy {
            project_id: project.id,
            version: before.version + 1,
            policy,
            hours_id,
            changed_by: Some(changed_by),
            changed_at: project.time(self.now()),
        };
        let changed = tx.insert_sla_policy(&new).await?;
        schedule_apply(tx, project, self.now()).await?;
        Ok(changed)
    }
}

/// What the calendar of a policy says, within nothing for none; nothing if the project has no such calendar.
pub(super) async fn hours_of(
    tx: &mut store::Queries,
    project: &Project,
    policy: &Policy,
) -> Result<Option<Option<SlaHoursId>>, store::Error> {
    let Some(id) = policy.calendar_id else { return Ok(Some(None)) };
    let calendar = tx.sla_calendars(&[id.0]).await?.pop().filter(|calendar| calendar.project_id == project.id);
    Ok(calendar.map(|calendar| Some(calendar.hours_id)))
}
