//! Rules: what is decided for some sessions in particular.

use serde::{Deserialize, Serialize};

use super::{AttributeTest, AttributeValue, Request, Scope, Strategy};
use crate::{DiversionLinkId, RoutingRuleId, TagId, TeamId};

/// The attribute that holds a customer's plan.
pub const PLAN_ATTRIBUTE: &str = "plan";

/// Who gets the sessions that meet its conditions, or in which order, or both.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The identifier.
    pub id: RoutingRuleId,
    /// What has to be true, all of it. A rule without conditions is for every session.
    pub conditions: Vec<Condition>,
    /// Who may get them, if the rule says so.
    pub scope: Option<Scope>,
    /// In which order, if the rule says so.
    pub strategy: Option<Strategy>,
}

/// What has to be true of a session. Of several values, one is enough.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// The customer's language is one of these IETF tags, or a variety of it: `pt` stands for `pt-BR` too.
    Language(Vec<String>),
    /// The customer came by one of these links.
    Link(Vec<DiversionLinkId>),
    /// The session or the customer has one of these tags.
    Tag(Vec<TagId>),
    /// The session is for one of these teams already.
    Team(Vec<TeamId>),
    /// What integrations say of the customer.
    Attribute {
        /// The attribute.
        name: String,
        /// What is asked of it.
        test: AttributeTest,
    },
    /// The customer's plan is one of these, whatever the case: an attribute like any other, named [`PLAN_ATTRIBUTE`].
    Plan(Vec<String>),
}

impl Rule {
    /// Whether the rule is for this session.
    pub fn is_for(&self, request: &Request) -> bool {
        self.conditions.iter().all(|condition| condition.holds(request))
    }
}

impl Condition {
    fn holds(&self, request: &Request) -> bool {
        match self {
            Self::Language(languages) => {
                let language = request.language.as_deref();
                language.is_some_and(|language| languages.iter().any(|wanted| is_variety(language, wanted)))
            }
            Self::Link(links) => request.link_id.is_some_and(|link| links.contains(&link)),
            Self::Tag(tags) => request.tag_ids.iter().any(|tag| tags.contains(tag)),
            Self::Team(teams) => request.team().is_some_and(|team| teams.contains(&team)),
            Self::Attribute { name, test } => request.attributes.get(name).is_some_and(|value| test.passes(value)),
            Self::Plan(plans) => {
                let test = AttributeTest::OneOf(plans.iter().cloned().map(AttributeValue::Text).collect());
                request.attributes.get(PLAN_ATTRIBUTE).is_some_and(|value| test.passes(value))
            }
        }
    }
}

/// Whether one language is the other or a variety of it (RFC 4647, basic filtering).
fn is_variety(language: &str, wanted: &str) -> bool {
    let (language, wanted) = (language.to_ascii_lowercase(), wanted.to_ascii_lowercase());
    language.strip_prefix(&wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request {
            team_id: Some(TeamId(4)),
            language: Some("pt-BR".to_owned()),
            link_id: Some(DiversionLinkId(1)),
            tag_ids: vec![TagId(2), TagId(3)],
            attributes: [
                ("plan".to_owned(), AttributeValue::Text("Pro".to_owned())),
                ("order_total".to_owned(), AttributeValue::Number(250.0)),
            ]
            .into(),
            ..Request::default()
        }
    }

    #[test]
    fn each_condition_looks_at_its_own_fact() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let total = |test| Condition::Attribute { name: "order_total".to_owned(), test };
        let table = [
            (Condition::Language(texts(&["de", "PT"])), true),
            (Condition::Language(texts(&["pt-br"])), true),
            (Condition::Language(texts(&["p", "pt-PT"])), false),
            (Condition::Link(vec![DiversionLinkId(1)]), true),
            (Condition::Link(vec![DiversionLinkId(2)]), false),
            (Condition::Tag(vec![TagId(9), TagId(3)]), true),
            (Condition::Tag(vec![TagId(9)]), false),
            (Condition::Team(vec![TeamId(4)]), true),
            (Condition::Team(vec![TeamId(5)]), false),
            (Condition::Plan(texts(&["free", "pro"])), true),
            (Condition::Plan(texts(&["free"])), false),
            (total(AttributeTest::AtLeast(250.0)), true),
            (total(AttributeTest::AtMost(249.0)), false),
            (Condition::Attribute { name: "version".to_owned(), test: AttributeTest::Present }, false),
        ];
        for (condition, holds) in table {
            assert_eq!(condition.holds(&request()), holds, "{condition:?}");
            if !matches!(condition, Condition::Team(_)) {
                assert!(!condition.holds(&Request::default()), "{condition:?} of a session that nothing is known of");
            }
        }
    }

    #[test]
    fn a_rule_wants_all_its_conditions() {
        let rule = |conditions| Rule { id: RoutingRuleId(1), conditions, scope: None, strategy: None };
        let (met, unmet) = (Condition::Tag(vec![TagId(2)]), Condition::Tag(vec![TagId(9)]));
        assert!(rule(vec![]).is_for(&request()));
        assert!(rule(vec![met.clone(), met.clone()]).is_for(&request()));
        assert!(!rule(vec![met, unmet]).is_for(&request()));
    }
}
