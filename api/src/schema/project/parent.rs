//! The project that something shown by a mutation belongs to.

use async_graphql::ID;
use domain::ProjectId;

use super::Project;
use crate::schema::error::Result;
use crate::schema::id;
use crate::view::View;

/// The project of what a payload shows. It is looked up when it is asked for, since not every API token that may change
/// something in a project may look at it.
pub(crate) struct Parent(Option<(ProjectId, View)>);

impl Parent {
    /// The project with this global id, or none if the payload shows nothing of it.
    pub(crate) fn new(is_shown: bool, project_id: &ID, view: &View) -> Self {
        let project_id = id::parse::<ProjectId>(project_id).ok().filter(|_| is_shown);
        Self(project_id.map(|id| (id, view.clone())))
    }

    /// A failure is that of the field alone: async-graphql makes an object null of which a field fails, unless there is
    /// nothing or a failure in the field.
    pub(crate) async fn project(&self) -> Option<Result<Project>> {
        let (id, view) = self.0.as_ref()?;
        Some(Project::load(*id, view).await)
    }
}
