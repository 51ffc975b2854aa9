//! What has to be true of a session for a rule to be for it.

use async_graphql::{ID, InputObject, Object, SimpleObject};
use domain::routing::{AttributeTest, AttributeValue, Condition};

use crate::schema::diversion::DiversionLink;
use crate::schema::error::Result;
use crate::schema::id::{self, Identifier, InvalidId};
use crate::schema::tag::Tag;
use crate::schema::team::Team;
use crate::view::View;

pub(crate) struct RoutingCondition {
    condition: Condition,
    view: View,
}

impl RoutingCondition {
    pub(super) fn new(condition: Condition, view: &View) -> Self {
        Self { condition, view: view.clone() }
    }
}

/// What has to be true of a session. One field is not null; of several values in it, one is enough.
#[Object]
impl RoutingCondition {
    /// The customer's language is one of these IETF tags, or a variety of it.
    fn languages(&self) -> Option<&[String]> {
        match &self.condition {
            Condition::Language(languages) => Some(languages),
            _ => None,
        }
    }

    /// The customer came by one of these links.
    async fn diversion_links(&self) -> Result<Option<Vec<DiversionLink>>> {
        let Condition::Link(ids) = &self.condition else { return Ok(None) };
        let mut links = Vec::with_capacity(ids.len());
        for id in ids {
            let link = self.view.loaders().diversion_links().load(*id).await?;
            links.extend(link.map(|link| DiversionLink::new(link, &self.view)));
        }
        Ok(Some(links))
    }

    /// The session or the customer has one of these tags.
    async fn tags(&self) -> Result<Option<Vec<Tag>>> {
        let Condition::Tag(ids) = &self.condition else { return Ok(None) };
        let mut tags = Vec::with_capacity(ids.len());
        for id in ids {
            tags.extend(self.view.loaders().tags().load(*id).await?.map(Tag::new));
        }
        Ok(Some(tags))
    }

    /// The session is for one of these teams already.
    async fn teams(&self) -> Result<Option<Vec<Team>>> {
        let Condition::Team(ids) = &self.condition else { return Ok(None) };
        let mut teams = Vec::with_capacity(ids.len());
        for id in ids {
            teams.extend(self.view.loaders().teams().load(*id).await?.map(|team| Team::new(team, &self.view)));
        }
        Ok(Some(teams))
    }

    /// What integrations say of the customer.
    fn attribute(&self) -> Option<RoutingAttributeCondition> {
        match &self.condition {
            Condition::Attribute { name, test } => Some(RoutingAttributeCondition::of(name, test)),
            _ => None,
        }
    }

    /// The customer's plan, their attribute `plan`, is one of these, whatever the case.
    fn plans(&self) -> Option<&[String]> {
        match &self.condition {
            Condition::Plan(plans) => Some(plans),
            _ => None,
        }
    }
}

/// What is asked of an attribute. A customer who does not have it does not pass.
#[derive(SimpleObject)]
pub(crate) struct RoutingAttributeCondition {
    /// The name of the attribute.
    name: String,
    /// Its value is one of these texts, whatever the case. Null if no texts are named.
    texts: Option<Vec<String>>,
    /// Its value is one of these numbers. Null if no numbers are named.
    numbers: Option<Vec<f64>>,
    /// Its value is this. Null if that is not asked.
    flag: Option<bool>,
    /// Its value is this number or more. Null if that is not asked.
    at_least: Option<f64>,
    /// Its value is this number or less. Null if that is not asked.
    at_most: Option<f64>,
}

impl RoutingAttributeCondition {
    fn of(name: &str, test: &AttributeTest) -> Self {
        let mut asked =
            Self { name: name.to_owned(), texts: None, numbers: None, flag: None, at_least: None, at_most: None };
        match test {
            AttributeTest::Present => {}
            AttributeTest::OneOf(values) => {
                for value in values {
                    match value {
                        AttributeValue::Text(text) => asked.texts.get_or_insert_default().push(text.clone()),
                        AttributeValue::Number(number) => asked.numbers.get_or_insert_default().push(*number),
                        AttributeValue::Flag(flag) => asked.flag = Some(*flag),
                        // A condition cannot name a moment.
                        AttributeValue::Time(_) => {}
                    }
                }
            }
            AttributeTest::AtLeast(least) => asked.at_least = Some(*least),
            AttributeTest::AtMost(most) => asked.at_most = Some(*most),
        }
        asked
    }
}

/// What has to be true of a session. Give one field; of several values in it, one is enough.
#[derive(InputObject)]
pub(crate) struct RoutingConditionInput {
    /// The customer's language is one of these IETF tags, or a variety of it: `pt` stands for `pt-BR`, too.
    languages: Option<Vec<String>>,
    /// The customer came by one of the links with these global ids.
    diversion_link_ids: Option<Vec<ID>>,
    /// The session or the customer has one of the tags with these global ids.
    tag_ids: Option<Vec<ID>>,
    /// The session is for one of the teams with these global ids already.
    team_ids: Option<Vec<ID>>,
    /// What integrations say of the customer.
    attribute: Option<RoutingAttributeConditionInput>,
    /// The customer's plan, their attribute `plan`, is one of these, whatever the case.
    plans: Option<Vec<String>>,
}

/// What is asked of an attribute. Give values (`texts`, `numbers`, `flag`, of which one is enough), or `atLeast`, or
/// `atMost`; with the name alone the customer has to have it, whatever its value.
#[derive(InputObject)]
pub(crate) struct RoutingAttributeConditionInput {
    /// The name of the attribute.
    name: String,
    /// Its value is one of these texts, whatever the case.
    texts: Option<Vec<String>>,
    /// Its value is one of these numbers.
    numbers: Option<Vec<f64>>,
    /// Its value is this.
    flag: Option<bool>,
    /// Its value is this number or more.
    at_least: Option<f64>,
    /// Its value is this number or less.
    at_most: Option<f64>,
}

/// Why an input is no condition.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotACondition {
    /// None or several things are asked.
    #[error("a condition asks for none or several things: give one field, and further conditions for further ones")]
    NotOne,
    /// An attribute is asked for several things.
    #[error(
        "an attribute is asked for one thing: give values, or `atLeast`, or `atMost`, and further conditions for further ones"
    )]
    NotOneTest,
    /// An id is none.
    #[error("{0}")]
    Id(InvalidId),
}

/// Reads the conditions of a rule. What is none comes with its place in the list, counted from 0.
pub(super) fn read_all(given: Vec<RoutingConditionInput>) -> Result<Vec<Condition>, (usize, NotACondition)> {
    given.into_iter().enumerate().map(|(place, input)| input.read().map_err(|not| (place, not))).collect()
}

impl RoutingConditionInput {
    fn read(self) -> Result<Condition, NotACondition> {
        let mut conditions = Vec::new();
        conditions.extend(self.languages.map(Condition::Language));
        conditions.extend(self.plans.map(Condition::Plan));
        conditions.extend(self.diversion_link_ids.map(ids).transpose()?.map(Condition::Link));
        conditions.extend(self.tag_ids.map(ids).transpose()?.map(Condition::Tag));
        conditions.extend(self.team_ids.map(ids).transpose()?.map(Condition::Team));
        conditions.extend(self.attribute.map(RoutingAttributeConditionInput::read).transpose()?);
        match (conditions.pop(), conditions.is_empty()) {
            (Some(condition), true) => Ok(condition),
            _ => Err(NotACondition::NotOne),
        }
    }
}

impl RoutingAttributeConditionInput {
    fn read(self) -> Result<Condition, NotACondition> {
        let mut values: Vec<AttributeValue> = Vec::new();
        let names_values = self.texts.is_some() || self.numbers.is_some() || self.flag.is_some();
        values.extend(self.texts.into_iter().flatten().map(AttributeValue::Text));
        values.extend(self.numbers.into_iter().flatten().map(AttributeValue::Number));
        values.extend(self.flag.map(AttributeValue::Flag));
        let test = match (names_values, self.at_least, self.at_most) {
            (false, None, None) => AttributeTest::Present,
            (true, None, None) => AttributeTest::OneOf(values),
            (false, Some(least), None) => AttributeTest::AtLeast(least),
            (false, None, Some(most)) => AttributeTest::AtMost(most),
            _ => return Err(NotACondition::NotOneTest),
        };
        Ok(Condition::Attribute { name: self.name, test })
    }
}

fn ids<I: Identifier>(texts: Vec<ID>) -> Result<Vec<I>, NotACondition> {
    texts.iter().map(|text| id::parse(text)).collect::<Result<_, _>>().map_err(NotACondition::Id)
}
