//! What a push of attributes changes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    ATTRIBUTES_OF_CUSTOMER, ATTRIBUTES_OF_PROJECT, AttributeKind, AttributeRefusal, AttributeValue, Attributes,
    check_name, check_value,
};

/// An attribute as an integration pushes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PushedAttribute {
    /// The name.
    pub name: String,
    /// The value; nothing to take the attribute away.
    pub value: Option<AttributeValue>,
}

/// What a push changes of a customer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AttributeChanges {
    /// The attributes that get another value.
    pub set: Attributes,
    /// Those that the customer has no longer.
    pub removed: Vec<String>,
    /// Those of them that no customer of the project could have before.
    pub defined: BTreeMap<String, AttributeKind>,
}

impl AttributeChanges {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.removed.is_empty()
    }
}

/// Why a push changes nothing of a customer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PushRefusal {
    /// One of the attributes is none.
    #[error("{refusal}")]
    Attribute {
        /// Which one, counted from 0.
        index: usize,
        /// Why not.
        refusal: AttributeRefusal,
    },
    /// The customer would have more than [`ATTRIBUTES_OF_CUSTOMER`].
    #[error("a customer has at most {ATTRIBUTES_OF_CUSTOMER} attributes: take others away first")]
    TooMany,
    /// The customers of the project could have more than [`ATTRIBUTES_OF_PROJECT`].
    #[error("the customers of a project have at most {ATTRIBUTES_OF_PROJECT} different attributes: use one of those")]
    TooManyOfProject {
        /// Which attribute would be one too many, counted from 0.
        index: usize,
    },
}

/// What a push changes of a customer who has these attributes, in a project whose customers can have those that are
/// defined. Of two values for one attribute the later counts. Either all of it is right, or nothing is changed.
pub fn changes(
    known: &Attributes,
    defined: &BTreeMap<String, AttributeKind>,
    pushed: &[PushedAttribute],
) -> Result<AttributeChanges, PushRefusal> {
    let mut wanted = known.clone();
    let mut news = BTreeMap::new();
    for (index, PushedAttribute { name, value }) in pushed.iter().enumerate() {
        let refuse = |refusal| PushRefusal::Attribute { index, refusal };
        check_name(name).map_err(refuse)?;
        let Some(value) = value else {
            wanted.remove(name);
            continue;
        };
        let value = check_value(name, value.clone()).map_err(refuse)?;
        match defined.get(name).or_else(|| news.get(name)).copied() {
            Some(kind) if kind != value.kind() => return Err(refuse(AttributeRefusal::WrongKind(kind))),
            Some(_) => {}
            None if defined.len() + news.len() >= ATTRIBUTES_OF_PROJECT => {
                return Err(PushRefusal::TooManyOfProject { index });
            }
            None => {
                news.insert(name.clone(), value.kind());
            }
        }
        wanted.insert(name.clone(), value);
    }
    if wanted.len() > ATTRIBUTES_OF_CUSTOMER && wanted.len() > known.len() {
        return Err(PushRefusal::TooMany);
    }
    let removed = known.keys().filter(|name| !wanted.contains_key(*name)).cloned().collect();
    wanted.retain(|name, value| known.get(name) != Some(value));
    news.retain(|name, _| wanted.contains_key(name));
    Ok(AttributeChanges { set: wanted, removed, defined: news })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> AttributeValue {
        AttributeValue::Text(text.to_owned())
    }

    fn push(name: &str, value: Option<AttributeValue>) -> PushedAttribute {
        PushedAttribute { name: name.to_owned(), value }
    }

    fn known() -> (Attributes, BTreeMap<String, AttributeKind>) {
        let known = [("plan", text("gold")), ("seats", AttributeValue::Number(3.0))];
        let known: Attributes = known.map(|(name, value)| (name.to_owned(), value)).into();
        let mut defined: BTreeMap<_, _> = known.iter().map(|(name, value)| (name.clone(), value.kind())).collect();
        defined.insert("beta".to_owned(), AttributeKind::Flag);
        (known, defined)
    }

    #[test]
    fn what_is_there_already_changes_nothing() {
        let (known, defined) = known();
        let same =
            [push("plan", Some(text("gold"))), push("seats", Some(AttributeValue::Number(3.0))), push("no", None)];
        assert_eq!(changes(&known, &defined, &same), Ok(AttributeChanges::default()));
    }

    #[test]
    fn the_later_of_two_values_counts_and_what_is_new_is_defined() {
        let (known, defined) = known();
        let pushed = [
            push("plan", Some(text("free"))),
            push("plan", Some(text("pro"))),
            push("seats", None),
            push("city", Some(text("Oslo"))),
            push("gone", Some(text("x"))),
            push("gone", None),
        ];
        let changes = changes(&known, &defined, &pushed).unwrap();
        assert_eq!(changes.set, [("city".to_owned(), text("Oslo")), ("plan".to_owned(), text("pro"))].into());
        assert_eq!(changes.removed, ["seats"]);
        assert_eq!(changes.defined, [("city".to_owned(), AttributeKind::Text)].into());
        assert!(!changes.is_empty());
    }

    #[test]
    fn one_wrong_attribute_refuses_all_of_a_customer() {
        let (known, defined) = known();
        let at = |index, refusal| Err(PushRefusal::Attribute { index, refusal });
        let table = [
            (push("2nd", None), at(1, AttributeRefusal::Name)),
            (push("beta", Some(text("yes"))), at(1, AttributeRefusal::WrongKind(AttributeKind::Flag))),
            (push("new", Some(AttributeValue::Flag(true))), at(1, AttributeRefusal::WrongKind(AttributeKind::Text))),
        ];
        for (wrong, refusal) in table {
            let pushed = [push("new", Some(text("x"))), wrong];
            assert_eq!(changes(&known, &defined, &pushed), refusal);
        }
    }

    #[test]
    fn customers_and_projects_have_only_so_many() {
        let many = |count: usize| -> Vec<PushedAttribute> {
            (0..count).map(|number| push(&format!("a{number}"), Some(AttributeValue::Flag(true)))).collect()
        };
        let none = (Attributes::new(), BTreeMap::new());
        assert_eq!(changes(&none.0, &none.1, &many(ATTRIBUTES_OF_CUSTOMER)).map(|it| it.set.len()), Ok(100));
        assert_eq!(changes(&none.0, &none.1, &many(ATTRIBUTES_OF_CUSTOMER + 1)), Err(PushRefusal::TooMany));
        let defined = (0..ATTRIBUTES_OF_PROJECT - 1).map(|number| (format!("b{number}"), AttributeKind::Text));
        let refusal = Err(PushRefusal::TooManyOfProject { index: 1 });
        assert_eq!(changes(&none.0, &defined.collect(), &many(2)), refusal);
    }
}
