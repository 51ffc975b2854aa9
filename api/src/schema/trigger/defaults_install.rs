//! Taking over the triggers that the desk has ready.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::trigger::TriggerDefaultsRefusal as Refusal;
use domain::trigger::ProjectTrigger;

use super::Trigger;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::project::Project;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `triggerDefaultsInstall` takes.
#[derive(InputObject)]
pub(crate) struct TriggerDefaultsInstallInput {
    /// The global id of the project.
    project_id: ID,
}

/// What came of `triggerDefaultsInstall`.
#[derive(SimpleObject)]
pub(crate) struct TriggerDefaultsInstallPayload {
    /// The project. Null if nothing was done.
    project: Option<Project>,
    /// The triggers that were added. Empty if the project had all of them.
    triggers: Vec<Trigger>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TriggerDefaultsInstallError>,
}

user_error! {
    /// Why `triggerDefaultsInstall` did nothing.
    TriggerDefaultsInstallError,
    /// The reasons of `triggerDefaultsInstall` to do nothing.
    TriggerDefaultsInstallErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// A list of words of the project's own has the name of one of these.
        NameTaken,
        /// A tag that the triggers give was put away.
        TagArchived,
        /// The project would have more than 50 triggers or lists of words.
        TooMany,
    }
}

#[derive(Default)]
pub(crate) struct TriggerDefaultsInstall;

#[Object]
impl TriggerDefaultsInstall {
    /// Gives a project the triggers and lists of words that the desk has ready, in English, German, Russian, Chinese and
    /// Spanish: complaints, sensitive matters, three complaints in a row, insults and threats are tagged with the tags
    /// `COMPLAINT` and `SENSITIVE` that every project begins with, and the last two are raised to `HIGH`. They are the
    /// project's own then. To do it again adds those alone that were removed since. For supervisors and administrators of
    /// the project.
    async fn trigger_defaults_install(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The project.")] input: TriggerDefaultsInstallInput,
    ) -> Result<TriggerDefaultsInstallPayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, &input)).await?;
        let (project, added) = done.unzip();
        let added = added.into_iter().flatten();
        Ok(TriggerDefaultsInstallPayload {
            project: project.map(|project| Project::new(Arc::new(project), &view)),
            triggers: added.map(|trigger| Trigger::new(Arc::new(trigger), &view)).collect(),
            user_errors,
        })
    }
}

type Done = (domain::Project, Vec<ProjectTrigger>);

async fn run(
    view: &View,
    input: &TriggerDefaultsInstallInput,
) -> Result<Done, Stop<Done, TriggerDefaultsInstallError>> {
    use TriggerDefaultsInstallErrorCode as Code;
    let project = id::parse(&input.project_id)
        .map_err(|invalid| TriggerDefaultsInstallError::new(Code::InvalidId, Some("projectId"), invalid))?;
    let installed = view.desk().trigger_defaults_install(view.actor(), project).await;
    installed.map_err(|rejected| {
        Stop::of(rejected, |refusal| {
            let (code, field) = match refusal {
                Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
                Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
                Refusal::NameTaken(_) => (Code::NameTaken, None),
                Refusal::TagArchived(_) => (Code::TagArchived, None),
                Refusal::TooMany => (Code::TooMany, None),
            };
            TriggerDefaultsInstallError::new(code, field, refusal).into()
        })
    })
}
