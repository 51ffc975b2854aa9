//! API tokens.

use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::filter::Page;
use domain::{AgentId, ApiScope, ApiToken, ApiTokenId, Time};

use super::prepared::RunQueryDsl;
use super::schema::{agents, api_tokens};
use super::{Conn, Db, dialect};
use crate::api_tokens::{NewApiToken, Owners};
use crate::mapping::{At, NamedList, micros, row};

row! { ApiTokenRow of api_tokens is ApiToken {
    id: i64,
    agent_id: i64,
    name: String,
    scopes: NamedList<ApiScope>,
    expires_at: Option<At>,
    created_at: At,
    last_used_at: Option<At>,
    revoked_at: Option<At>,
} }

/// Adds a token.
pub async fn insert(conn: &mut Conn, token: &NewApiToken) -> QueryResult<ApiToken> {
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.name()).collect();
    diesel::insert_into(api_tokens::table)
        .values((
            api_tokens::hash.eq(&token.hash),
            api_tokens::agent_id.eq(token.agent_id.0),
            api_tokens::name.eq(&token.name),
            api_tokens::scopes.eq(scopes.join(" ")),
            api_tokens::expires_at.eq(token.expires_at.map(micros)),
            api_tokens::created_at.eq(micros(token.created_at)),
        ))
        .returning(ApiTokenRow::as_select())
        .get_result(conn)
        .await
        .map(ApiToken::from)
}

/// The token with this hash.
pub async fn by_hash(conn: &mut Conn, hash: &str) -> QueryResult<Option<ApiTokenId>> {
    let id = api_tokens::table.filter(api_tokens::hash.eq(hash)).select(api_tokens::id).first(conn).await.optional()?;
    Ok(id.map(ApiTokenId))
}

/// The tokens with these identifiers, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<ApiToken>> {
    let rows: Vec<ApiTokenRow> = api_tokens::table
        .filter(dialect::looked_up("api_tokens.id", ids))
        .select(ApiTokenRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(ApiToken::from).collect())
}

/// One page of the tokens of these owners, newest first, in the order of reading from the asked
/// end.
pub async fn page(conn: &mut Conn, owners: Owners, page: Page<ApiTokenId>) -> QueryResult<Vec<ApiToken>> {
    let mut query = of(owners).select(ApiTokenRow::as_select()).limit(i64::try_from(page.size).unwrap_or(i64::MAX));
    if let Some(after) = page.after {
        query = query.filter(api_tokens::id.lt(after.0));
    }
    if let Some(before) = page.before {
        query = query.filter(api_tokens::id.gt(before.0));
    }
    query = if page.from_end { query.order(api_tokens::id.asc()) } else { query.order(api_tokens::id.desc()) };
    let rows: Vec<ApiTokenRow> = query.load(conn).await?;
    Ok(rows.into_iter().map(ApiToken::from).collect())
}

/// How many tokens these owners have.
pub async fn count(conn: &mut Conn, owners: Owners) -> QueryResult<i64> {
    of(owners).select(count_star()).first(conn).await
}

fn of<'a>(owners: Owners) -> api_tokens::BoxedQuery<'a, Db> {
    let query = api_tokens::table.into_boxed::<Db>();
    match owners {
        Owners::Agent(agent) => query.filter(api_tokens::agent_id.eq(agent.0)),
        Owners::Workspace(workspace) => {
            let colleagues = agents::table.filter(agents::workspace_id.eq(workspace.0)).select(agents::id);
            query.filter(api_tokens::agent_id.eq_any(colleagues))
        }
    }
}

/// How many tokens of an agent are taken at a time.
pub async fn count_live(conn: &mut Conn, agent: AgentId, now: Time) -> QueryResult<i64> {
    api_tokens::table
        .filter(api_tokens::agent_id.eq(agent.0).and(api_tokens::revoked_at.is_null()))
        .filter(api_tokens::expires_at.is_null().or(api_tokens::expires_at.gt(micros(now))))
        .count()
        .get_result(conn)
        .await
}

/// Ends a token, unless it was ended before.
pub async fn revoke(conn: &mut Conn, id: ApiTokenId, now: Time) -> QueryResult<()> {
    diesel::update(api_tokens::table.find(id.0))
        .filter(api_tokens::revoked_at.is_null())
        .set(api_tokens::revoked_at.eq(micros(now)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends every token of an agent. Answers how many there were.
pub async fn revoke_agent(conn: &mut Conn, agent: AgentId, now: Time) -> QueryResult<usize> {
    diesel::update(api_tokens::table)
        .filter(api_tokens::agent_id.eq(agent.0).and(api_tokens::revoked_at.is_null()))
        .set(api_tokens::revoked_at.eq(micros(now)))
        .execute(conn)
        .await
}

/// Notes that a token was used, unless a use since `before` is noted.
pub async fn note_use(conn: &mut Conn, id: ApiTokenId, now: Time, before: Time) -> QueryResult<()> {
    diesel::update(api_tokens::table.find(id.0))
        .filter(api_tokens::last_used_at.is_null().or(api_tokens::last_used_at.le(micros(before))))
        .set(api_tokens::last_used_at.eq(micros(now)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Keeps a token under another hash.
pub async fn set_hash(conn: &mut Conn, id: ApiTokenId, hash: &str) -> QueryResult<()> {
    diesel::update(api_tokens::table.find(id.0)).set(api_tokens::hash.eq(hash)).execute(conn).await?;
    Ok(())
}
