//! Saying which attributes the customers of a project can have.

use domain::attribute::{
    ATTRIBUTE_LABEL_CHARACTERS, ATTRIBUTES_OF_PROJECT, AttributeDefinition, AttributeKind, AttributeRefusal,
    TIME_ZONE_ATTRIBUTE, check_name,
};
use domain::audit::ObjectKind;
use domain::text::without_nul;
use domain::{ApiScope, ProjectId, Role};
use serde_json::json;

use crate::audit::Audited;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Error, Rejected};

/// An attribute that customers are to have, or that is to be called otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAttributeDefinition {
    /// The project.
    pub project_id: ProjectId,
    /// The name by which integrations know it.
    pub name: String,
    /// What its values are.
    pub kind: AttributeKind,
    /// What people call it; empty to call it by its name.
    pub label: String,
}

/// Why an attribute was not defined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AttributeDefineRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// It is no name of an attribute, or the values of this one are others.
    #[error(transparent)]
    Attribute(#[from] AttributeRefusal),
    /// The label is too long.
    #[error("the label is longer than {ATTRIBUTE_LABEL_CHARACTERS} characters: shorten it")]
    LabelTooLong,
    /// There are [`ATTRIBUTES_OF_PROJECT`].
    #[error("the customers of a project have at most {ATTRIBUTES_OF_PROJECT} different attributes: use one of those")]
    TooMany,
}

impl<E: Into<AttributeDefineRefusal>> From<E> for Rejected<AttributeDefineRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// The attributes that the customers of a project can have, by name.
    pub async fn attribute_definitions(
        &self,
        actor: &Actor,
        project_id: ProjectId,
    ) -> Result<Vec<AttributeDefinition>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        Ok(self.store.read().await?.attribute_definitions(project_id).await?)
    }

    /// Says that the customers of a project can have an attribute, and what people call it. The type of one that they
    /// can have already stays.
    pub async fn attribute_define(
        &self,
        actor: &Actor,
        new: &NewAttributeDefinition,
    ) -> Result<AttributeDefinition, Rejected<AttributeDefineRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_attribute_define(actor, new)).await
    }

    async fn try_attribute_define(
        &self,
        actor: &Actor,
        new: &NewAttributeDefinition,
    ) -> Result<AttributeDefinition, Rejected<AttributeDefineRefusal>> {
        let (mut tx, project) = self.change_in_project(actor, new.project_id, Role::Supervisor).await??;
        // Whoever defines another one meanwhile must not find the same room.
        tx.lock_project(project.id).await?;
        check_name(&new.name)?;
        if new.name == TIME_ZONE_ATTRIBUTE && new.kind != AttributeKind::Text {
            return Err(AttributeRefusal::WrongKind(AttributeKind::Text).into());
        }
        let label = without_nul(&new.label).trim().to_owned();
        if label.chars().count() > ATTRIBUTE_LABEL_CHARACTERS {
            return Err(AttributeDefineRefusal::LabelTooLong.into());
        }
        let definition = AttributeDefinition { project_id: project.id, name: new.name.clone(), kind: new.kind, label };
        if tx.define_attribute(&definition).await? {
            if tx.attribute_definitions(project.id).await?.len() > ATTRIBUTES_OF_PROJECT {
                return Err(AttributeDefineRefusal::TooMany.into());
            }
        } else {
            let known = tx.attribute_definitions(project.id).await?;
            let known = known.into_iter().find(|known| known.name == new.name);
            let known = known.ok_or(Error::NotFound("attribute"))?;
            if known.kind != definition.kind {
                return Err(AttributeRefusal::WrongKind(known.kind).into());
            }
            if known == definition {
                return Ok(definition);
            }
            tx.set_attribute_label(project.id, &definition.name, &definition.label).await?;
        }
        let object = (ObjectKind::Project, project.id.0);
        let audited = Audited::in_project(&actor.agent, &project, "attributeDefine", object, self.now());
        let details = json!({ "name": definition.name, "type": definition.kind.name(), "label": definition.label });
        audited.with(&details).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(definition)
    }
}
