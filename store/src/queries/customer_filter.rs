//! Conditions on customers in SQL: a filter of theirs, and who knows them.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::QueryResult;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Double, Text};
use domain::customer::{AttributeCondition, BELOW_EVERY_CHAT, CustomerFilter};
use domain::{ProjectId, Sight};

use super::schema::customers;
use super::visibility::live;
use super::{Db, dialect};
use crate::mapping::micros;

/// The condition that a session of the customer goes on for somebody who sees this far: a closed one only as long as they
/// have not left a newer one.
pub(super) struct GoesOn(pub(super) Sight);

impl QueryFragment<Db> for GoesOn {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        let Sight::Own { agent_id, team_ids } = &self.0 else {
            out.push_sql("(1 = 1)");
            return Ok(());
        };
        out.push_sql("EXISTS (SELECT 1 FROM sessions AS their WHERE their.customer_id = customers.id AND ");
        live(&mut out, "their", agent_id, team_ids)?;
        out.push_sql(
            " AND (their.status <> 'CLOSED' OR NOT EXISTS (SELECT 1 FROM sessions AS later JOIN session_departures AS lost \
             ON lost.session_id = later.id WHERE later.customer_id = customers.id AND later.id > their.id \
             AND lost.agent_id = ",
        );
        out.push_bind_param::<BigInt, _>(&agent_id.0)?;
        out.push_sql(")))");
        Ok(())
    }
}

/// The condition that a customer of a project passes a filter. Those of whom nothing is left pass none.
pub(super) struct Passes {
    project: i64,
    /// Whether the customers are looked up one by one, instead of among all of the project.
    is_of_few: bool,
    telegram_user_ids: Option<dialect::OneOf>,
    username: Option<String>,
    /// Each language with what its variants begin with.
    languages: Option<Vec<(String, String)>>,
    reachable: Option<bool>,
    banned: Option<bool>,
    attributes: Vec<Attribute>,
}

/// The condition on one attribute: comparisons of its columns.
struct Attribute {
    name: String,
    texts: Option<Vec<String>>,
    numbers: Vec<(&'static str, f64)>,
    flag: Option<bool>,
    moments: Vec<(&'static str, i64)>,
}

impl Passes {
    pub(super) fn new(project: ProjectId, filter: &CustomerFilter, is_of_few: bool) -> Self {
        let numbers = filter.telegram_user_ids.as_ref();
        let languages = filter.languages.as_ref().map(|languages| {
            let with_variants = |language: &String| {
                let language = language.to_ascii_lowercase();
                let variants = format!("{language}-");
                (language, variants)
            };
            languages.iter().map(with_variants).collect()
        });
        Self {
            project: project.0,
            is_of_few,
            telegram_user_ids: numbers.map(|numbers| dialect::one_of("customers.telegram_user_id", numbers)),
            username: filter.username.clone(),
            languages,
            reachable: filter.reachable,
            banned: filter.banned,
            attributes: filter.attributes.iter().map(Attribute::new).collect(),
        }
    }
}

impl Attribute {
    fn new(condition: &AttributeCondition) -> Self {
        let AttributeCondition { name, texts, at_least, at_most, flag, since, before } = condition;
        let numbers = [(" AND said.number >= ", at_least), (" AND said.number <= ", at_most)];
        let moments = [(" AND said.moment >= ", since), (" AND said.moment < ", before)];
        Self {
            name: name.clone(),
            texts: texts.clone(),
            numbers: numbers.into_iter().filter_map(|(is, bound)| Some((is, (*bound)?))).collect(),
            flag: *flag,
            moments: moments.into_iter().filter_map(|(is, bound)| Some((is, micros((*bound)?)))).collect(),
        }
    }

    fn walk<'b>(&'b self, out: &mut AstPass<'_, 'b, Db>, project: &'b i64) -> QueryResult<()> {
        out.push_sql(
            " AND customers.id IN (SELECT said.customer_id FROM customer_attributes AS said WHERE said.project_id = ",
        );
        out.push_bind_param::<BigInt, _>(project)?;
        out.push_sql(" AND said.name = ");
        out.push_bind_param::<Text, _>(&self.name)?;
        if let Some(texts) = &self.texts {
            out.push_sql(" AND ");
            one_of(out, "said.text", texts)?;
        }
        for (is, bound) in &self.numbers {
            out.push_sql(is);
            out.push_bind_param::<Double, _>(bound)?;
        }
        if let Some(flag) = &self.flag {
            out.push_sql(" AND said.flag = ");
            out.push_bind_param::<Bool, _>(flag)?;
        }
        for (is, bound) in &self.moments {
            out.push_sql(is);
            out.push_bind_param::<BigInt, _>(bound)?;
        }
        out.push_sql(")");
        Ok(())
    }
}

fn one_of<'b>(out: &mut AstPass<'_, 'b, Db>, column: &'static str, texts: &'b [String]) -> QueryResult<()> {
    if texts.is_empty() {
        out.push_sql("(1 = 0)");
        return Ok(());
    }
    out.push_sql(column);
    for (place, text) in texts.iter().enumerate() {
        out.push_sql(if place == 0 { " IN (" } else { ", " });
        out.push_bind_param::<Text, _>(text)?;
    }
    out.push_sql(")");
    Ok(())
}

impl QueryFragment<Db> for Passes {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        // The sign keeps SQLite from the index of the project.
        out.push_sql(if self.is_of_few { "(+customers.project_id = " } else { "(customers.project_id = " });
        out.push_bind_param::<BigInt, _>(&self.project)?;
        // The sign keeps SQLite from the index of these numbers, behind which everybody would have to be sorted.
        out.push_sql(" AND +customers.telegram_user_id > ");
        out.push_bind_param::<BigInt, _>(&BELOW_EVERY_CHAT)?;
        if let Some(numbers) = &self.telegram_user_ids {
            out.push_sql(" AND ");
            numbers.walk_ast(out.reborrow())?;
        }
        if let Some(username) = &self.username {
            out.push_sql(" AND lower(customers.username) = lower(");
            out.push_bind_param::<Text, _>(username)?;
            out.push_sql(")");
        }
        if let Some(languages) = &self.languages {
            out.push_sql(" AND (1 = 0");
            for (language, variants) in languages {
                out.push_sql(" OR lower(customers.language_code) = ");
                out.push_bind_param::<Text, _>(language)?;
                out.push_sql(" OR substr(lower(customers.language_code), 1, length(");
                out.push_bind_param::<Text, _>(variants)?;
                out.push_sql(")) = ");
                out.push_bind_param::<Text, _>(variants)?;
            }
            out.push_sql(")");
        }
        out.push_sql(match self.reachable {
            Some(true) => " AND customers.unreachable_since IS NULL",
            Some(false) => " AND customers.unreachable_since IS NOT NULL",
            None => "",
        });
        out.push_sql(match self.banned {
            Some(true) => " AND customers.banned_at IS NOT NULL",
            Some(false) => " AND customers.banned_at IS NULL",
            None => "",
        });
        for attribute in &self.attributes {
            attribute.walk(&mut out, &self.project)?;
        }
        out.push_sql(")");
        Ok(())
    }
}

macro_rules! condition {
    ($($condition:ty),+) => { $(
        impl Expression for $condition {
            type SqlType = Bool;
        }

        impl QueryId for $condition {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }

        impl<GB> ValidGrouping<GB> for $condition {
            type IsAggregate = is_aggregate::Never;
        }

        impl AppearsOnTable<customers::table> for $condition {}
        impl SelectableExpression<customers::table> for $condition {}
    )+ };
}
condition!(GoesOn, Passes);
