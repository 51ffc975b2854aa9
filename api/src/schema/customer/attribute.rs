//! What integrations say of customers.

use async_graphql::{Enum, Object};
use desk::customer::LabelledAttribute;
use domain::attribute::AttributeValue;

use crate::schema::scalar::DateTime;

/// What the values of an attribute are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::attribute::AttributeKind")]
pub(crate) enum AttributeType {
    /// Texts.
    Text,
    /// Numbers.
    Number,
    /// Yes or no.
    Flag,
    /// Moments.
    Time,
}

pub(crate) struct AttributeDefinition(pub(crate) domain::attribute::AttributeDefinition);

/// An attribute that the customers of a project can have.
#[Object]
impl AttributeDefinition {
    /// The name by which integrations know it, which no other attribute of the project has.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What its values are: what the first one was, or what `attributeDefine` said before.
    async fn r#type(&self) -> AttributeType {
        self.0.kind.into()
    }

    /// What people call it. Null to call it by its name.
    async fn label(&self) -> Option<&str> {
        Some(self.0.label.as_str()).filter(|label| !label.is_empty())
    }
}

pub(crate) struct CustomerAttribute(pub(super) LabelledAttribute);

/// What integrations say of a customer. One of `text`, `number`, `flag` and `time` is the value, by the type.
#[Object]
impl CustomerAttribute {
    /// The name by which integrations know the attribute.
    async fn name(&self) -> &str {
        &self.0.attribute.name
    }

    /// What people call the attribute. Null to call it by its name.
    async fn label(&self) -> Option<&str> {
        Some(self.0.label.as_str()).filter(|label| !label.is_empty())
    }

    /// What the value is.
    async fn r#type(&self) -> AttributeType {
        self.0.attribute.value.kind().into()
    }

    /// The value, if it is a text. Null otherwise.
    async fn text(&self) -> Option<&str> {
        if let AttributeValue::Text(text) = &self.0.attribute.value { Some(text) } else { None }
    }

    /// The value, if it is a number. Null otherwise.
    async fn number(&self) -> Option<f64> {
        if let AttributeValue::Number(number) = self.0.attribute.value { Some(number) } else { None }
    }

    /// The value, if it is yes or no. Null otherwise.
    async fn flag(&self) -> Option<bool> {
        if let AttributeValue::Flag(flag) = self.0.attribute.value { Some(flag) } else { None }
    }

    /// The value, if it is a moment. Null otherwise.
    async fn time(&self) -> Option<DateTime> {
        if let AttributeValue::Time(time) = self.0.attribute.value { Some(time.into()) } else { None }
    }

    /// When the attribute got this value, on the project's clock.
    async fn set_at(&self) -> DateTime {
        self.0.attribute.set_at.into()
    }
}
