//! Buttons under messages, by the code that a tap carries.

use diesel::prelude::*;
use domain::Time;
use domain::message::ButtonAction;

use super::prepared::RunQueryDsl;
use super::schema::buttons;
use super::{Conn, Db};
use crate::buttons::Button;
use crate::mapping::{Json, json, micros, row};

row! { ButtonRow of buttons is Button {
    code: String,
    project_id: i64,
    message_id: i64,
    label: String,
    action: Json<Option<ButtonAction>>,
} }

/// Adds a button.
pub async fn insert(conn: &mut Conn, button: &Button, now: Time) -> QueryResult<()> {
    diesel::insert_into(buttons::table)
        .values((
            buttons::code.eq(&button.code),
            buttons::project_id.eq(button.project_id.0),
            buttons::message_id.eq(button.message_id.0),
            buttons::label.eq(&button.label),
            buttons::action.eq(json(&button.action)),
            buttons::created_at.eq(micros(now)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// The button with a code, if there is one.
pub async fn find(conn: &mut Conn, code: &str) -> QueryResult<Option<Button>> {
    let row: Option<ButtonRow> =
        buttons::table.find(code).select(ButtonRow::as_select()).first(conn).await.optional()?;
    Ok(row.map(Button::from))
}
