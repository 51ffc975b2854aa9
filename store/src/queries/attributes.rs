//! Attributes of customers.

use diesel::prelude::*;
use domain::attribute::{Attribute, AttributeDefinition, AttributeKind, AttributeValue};
use domain::{CustomerId, ProjectId, Time};

use super::prepared::{Prepared, RunQueryDsl};
use super::{Conn, Db, dialect};
use crate::mapping::{At, Named, micros, row};

diesel::table! {
    attribute_definitions (project_id, name) {
        project_id -> BigInt,
        name -> Text,
        kind -> Text,
        label -> Text,
    }
}

diesel::table! {
    customer_attributes (customer_id, name) {
        customer_id -> BigInt,
        name -> Text,
        project_id -> BigInt,
        text -> Nullable<Text>,
        number -> Nullable<Double>,
        flag -> Nullable<Bool>,
        moment -> Nullable<BigInt>,
        set_at -> BigInt,
    }
}

row! { DefinitionRow of attribute_definitions is AttributeDefinition {
    project_id: i64,
    name: String,
    kind: Named<AttributeKind>,
    label: String,
} }

#[derive(Queryable, Selectable)]
#[diesel(table_name = customer_attributes, check_for_backend(Db))]
struct AttributeRow {
    customer_id: i64,
    name: String,
    text: Option<String>,
    number: Option<f64>,
    flag: Option<bool>,
    moment: Option<At>,
    set_at: At,
}

impl AttributeRow {
    /// Nothing for a row without a value, which nobody writes.
    fn attribute(self) -> Option<Attribute> {
        let value = (self.text.map(AttributeValue::Text))
            .or(self.number.map(AttributeValue::Number))
            .or(self.flag.map(AttributeValue::Flag))
            .or(self.moment.map(|at| AttributeValue::Time(at.0)))?;
        Some(Attribute { customer_id: CustomerId(self.customer_id), name: self.name, value, set_at: self.set_at.0 })
    }
}

/// The attributes that the customers of a project can have, by name.
pub async fn definitions(conn: &mut Conn, project: ProjectId) -> QueryResult<Vec<AttributeDefinition>> {
    let rows: Vec<DefinitionRow> = attribute_definitions::table
        .filter(attribute_definitions::project_id.eq(project.0))
        .order(attribute_definitions::name)
        .select(DefinitionRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(AttributeDefinition::from).collect())
}

/// Adds an attribute that customers can have, unless there is one of this name. Answers whether there was none.
pub async fn define(conn: &mut Conn, definition: &AttributeDefinition) -> QueryResult<bool> {
    let added = diesel::insert_into(attribute_definitions::table)
        .values((
            attribute_definitions::project_id.eq(definition.project_id.0),
            attribute_definitions::name.eq(&definition.name),
            attribute_definitions::kind.eq(definition.kind.name()),
            attribute_definitions::label.eq(&definition.label),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(added > 0)
}

/// Writes what people call an attribute.
pub async fn set_label(conn: &mut Conn, project: ProjectId, name: &str, label: &str) -> QueryResult<()> {
    diesel::update(attribute_definitions::table.find((project.0, name)))
        .set(attribute_definitions::label.eq(label))
        .execute(conn)
        .await?;
    Ok(())
}

/// What is said of these customers, by name within each.
pub async fn of_customers(conn: &mut Conn, customers: &[i64]) -> QueryResult<Vec<Attribute>> {
    let query = customer_attributes::table
        .filter(dialect::one_of("customer_attributes.customer_id", customers))
        .order((customer_attributes::customer_id, customer_attributes::name))
        .select(AttributeRow::as_select());
    let rows: Vec<AttributeRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().filter_map(AttributeRow::attribute).collect())
}

/// Sets an attribute of a customer.
pub async fn set(
    conn: &mut Conn,
    project: ProjectId,
    customer: CustomerId,
    name: &str,
    value: &AttributeValue,
    now: Time,
) -> QueryResult<()> {
    let (mut text, mut number, mut flag, mut moment) = (None, None, None, None);
    match value {
        AttributeValue::Text(value) => text = Some(value.as_str()),
        AttributeValue::Number(value) => number = Some(*value),
        AttributeValue::Flag(value) => flag = Some(*value),
        AttributeValue::Time(value) => moment = Some(micros(*value)),
    }
    let values = (
        customer_attributes::text.eq(text),
        customer_attributes::number.eq(number),
        customer_attributes::flag.eq(flag),
        customer_attributes::moment.eq(moment),
        customer_attributes::set_at.eq(micros(now)),
    );
    diesel::insert_into(customer_attributes::table)
        .values((
            customer_attributes::customer_id.eq(customer.0),
            customer_attributes::name.eq(name),
            customer_attributes::project_id.eq(project.0),
            values,
        ))
        .on_conflict((customer_attributes::customer_id, customer_attributes::name))
        .do_update()
        .set(values)
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes an attribute of a customer away.
pub async fn remove(conn: &mut Conn, customer: CustomerId, name: &str) -> QueryResult<()> {
    diesel::delete(customer_attributes::table.find((customer.0, name))).execute(conn).await?;
    Ok(())
}

/// Takes all attributes of a customer away.
pub async fn erase(conn: &mut Conn, customer: CustomerId) -> QueryResult<usize> {
    diesel::delete(customer_attributes::table)
        .filter(customer_attributes::customer_id.eq(customer.0))
        .execute(conn)
        .await
}
