//! What the bots say and offer by themselves.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use domain::ProjectId;
use domain::bot_text::{BotCommand, Texts};

use super::Conn;
use super::prepared::RunQueryDsl;
use super::schema::bot_texts;
use crate::mapping::{Json, json};
use crate::people::BotTexts;

/// What the bot of a project says and offers by itself.
pub async fn find(conn: &mut Conn, project: ProjectId) -> QueryResult<BotTexts> {
    type Row = (Json<Texts>, Json<Vec<BotCommand>>, Json<Vec<BotCommand>>);
    let row: Option<Row> = bot_texts::table
        .find(project.0)
        .select((bot_texts::greeting, bot_texts::commands, bot_texts::registered_commands))
        .first(conn)
        .await
        .optional()?;
    let texts = |(greeting, commands, registered): Row| BotTexts {
        greeting: greeting.0,
        commands: commands.0,
        registered_commands: registered.0,
    };
    Ok(row.map(texts).unwrap_or_default())
}

/// The projects whose bots have commands that Telegram was not told.
pub async fn with_new_commands(conn: &mut Conn) -> QueryResult<Vec<ProjectId>> {
    // As the index over them has it.
    let is_new = sql::<Bool>("coalesce(commands, '') <> coalesce(registered_commands, '')");
    let ids: Vec<i64> = bot_texts::table.filter(is_new).select(bot_texts::project_id).load(conn).await?;
    Ok(ids.into_iter().map(ProjectId).collect())
}

/// Writes what new customers are greeted with.
pub async fn set_greeting(conn: &mut Conn, project: ProjectId, greeting: &Texts) -> QueryResult<()> {
    let greeting = bot_texts::greeting.eq(json(greeting));
    diesel::insert_into(bot_texts::table)
        .values((bot_texts::project_id.eq(project.0), greeting.clone()))
        .on_conflict(bot_texts::project_id)
        .do_update()
        .set(greeting)
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes the commands that the bot is to offer.
pub async fn set_commands(conn: &mut Conn, project: ProjectId, commands: Vec<BotCommand>) -> QueryResult<()> {
    let commands = bot_texts::commands.eq(json(&commands));
    diesel::insert_into(bot_texts::table)
        .values((bot_texts::project_id.eq(project.0), commands.clone()))
        .on_conflict(bot_texts::project_id)
        .do_update()
        .set(commands)
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes which commands Telegram was told.
pub async fn set_registered(conn: &mut Conn, project: ProjectId, commands: Vec<BotCommand>) -> QueryResult<()> {
    diesel::update(bot_texts::table.find(project.0))
        .set(bot_texts::registered_commands.eq(json(&commands)))
        .execute(conn)
        .await?;
    Ok(())
}
