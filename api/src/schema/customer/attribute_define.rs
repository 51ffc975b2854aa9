//! Saying which attributes the customers of a project can have.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use desk::customer::{AttributeDefineRefusal as Refusal, NewAttributeDefinition};
use desk::project::StandingRefusal;
use domain::attribute::AttributeRefusal;

use super::AttributeDefinition;
use super::attribute::AttributeType;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::project::{Parent, Project};
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `attributeDefine` takes.
#[derive(InputObject)]
pub(crate) struct AttributeDefineInput {
    /// The global id of the project.
    project_id: ID,
    /// The name by which integrations know the attribute: a letter from a to z, then letters, digits, `_`, `-` and `.`, at
    /// most 50 characters. Upper and lower case differ. `time_zone` is the one that says where customers live.
    name: String,
    /// What its values are. It cannot be changed any more once the project has the attribute.
    r#type: AttributeType,
    /// What people call it, at most 100 characters. Null, left out or empty: they call it by its name.
    label: Option<String>,
}

/// What came of `attributeDefine`.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct AttributeDefinePayload {
    /// The attribute as it is now. Null if nothing was changed.
    attribute_definition: Option<AttributeDefinition>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<AttributeDefineError>,
    #[graphql(skip)]
    parent: Parent,
}

#[ComplexObject]
impl AttributeDefinePayload {
    /// The project whose customers can have it. Null if nothing was changed.
    async fn project(&self) -> Option<Result<Project>> {
        self.parent.project().await
    }
}

user_error! {
    /// Why `attributeDefine` did nothing.
    AttributeDefineError,
    /// The reasons of `attributeDefine` to do nothing.
    AttributeDefineErrorCode {
        /// This is not the id of a project.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// It cannot be the name of an attribute.
        NameInvalid,
        /// The values of the attribute are of another type.
        WrongType,
        /// The label has more than 100 characters.
        LabelTooLong,
        /// The customers of the project have 500 different attributes.
        TooMany,
    }
}

#[derive(Default)]
pub(crate) struct AttributeDefine;

#[Object]
impl AttributeDefine {
    /// Says that the customers of a project can have an attribute, what its values are and what people call it. Without that,
    /// the first value that `customerAttributesSet` pushes decides about the type. For supervisors and administrators of
    /// the project.
    async fn attribute_define(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The attribute.")] input: AttributeDefineInput,
    ) -> Result<AttributeDefinePayload> {
        let view = View::fresh(context).await?;
        let project_id = input.project_id.clone();
        let (attribute_definition, user_errors) = settled(run(&view, input)).await?;
        let parent = Parent::new(attribute_definition.is_some(), &project_id, &view);
        Ok(AttributeDefinePayload { attribute_definition, user_errors, parent })
    }
}

async fn run(
    view: &View,
    input: AttributeDefineInput,
) -> Result<AttributeDefinition, Stop<AttributeDefinition, AttributeDefineError>> {
    let project_id = id::parse(&input.project_id).map_err(|invalid| {
        AttributeDefineError::new(AttributeDefineErrorCode::InvalidId, Some("projectId"), invalid)
    })?;
    let AttributeDefineInput { name, r#type, label, .. } = input;
    let new = NewAttributeDefinition { project_id, name, kind: r#type.into(), label: label.unwrap_or_default() };
    let defined = view.desk().attribute_define(view.actor(), &new).await;
    defined.map(AttributeDefinition).map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<AttributeDefinition, AttributeDefineError> {
    use AttributeDefineErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::Attribute(AttributeRefusal::WrongKind(_)) => (Code::WrongType, Some("type")),
        Refusal::Attribute(_) => (Code::NameInvalid, Some("name")),
        Refusal::LabelTooLong => (Code::LabelTooLong, Some("label")),
        Refusal::TooMany => (Code::TooMany, None),
    };
    AttributeDefineError::new(code, field, refusal).into()
}
