//! Conditions on what integrations say of a customer.

use serde::{Deserialize, Serialize};

use crate::attribute::AttributeValue;

/// What is asked of an attribute's value. A customer who has no such attribute passes no test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeTest {
    /// There is a value.
    Present,
    /// It is one of these. Texts are equal whatever their case.
    OneOf(Vec<AttributeValue>),
    /// It is this number or more.
    AtLeast(f64),
    /// It is this number or less.
    AtMost(f64),
}

impl AttributeTest {
    /// Whether the value passes.
    pub fn passes(&self, value: &AttributeValue) -> bool {
        match (self, value) {
            (Self::Present, _) => true,
            (Self::OneOf(values), value) => values.iter().any(|wanted| are_same(wanted, value)),
            (Self::AtLeast(least), AttributeValue::Number(number)) => number >= least,
            (Self::AtMost(most), AttributeValue::Number(number)) => number <= most,
            (Self::AtLeast(_) | Self::AtMost(_), _) => false,
        }
    }
}

fn are_same(one: &AttributeValue, other: &AttributeValue) -> bool {
    match (one, other) {
        (AttributeValue::Text(one), AttributeValue::Text(other)) => one.to_lowercase() == other.to_lowercase(),
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_go_by_the_type_of_the_value() {
        let text = |text: &str| AttributeValue::Text(text.to_owned());
        let number = AttributeValue::Number;
        let table = [
            (AttributeTest::Present, AttributeValue::Flag(false), true),
            (AttributeTest::OneOf(vec![text("Über"), number(1.0)]), text("ÜBER"), true),
            (AttributeTest::OneOf(vec![text("1"), number(2.0)]), number(1.0), false),
            (AttributeTest::OneOf(vec![AttributeValue::Flag(true)]), AttributeValue::Flag(true), true),
            (AttributeTest::OneOf(vec![]), text(""), false),
            (AttributeTest::AtLeast(100.0), number(100.0), true),
            (AttributeTest::AtLeast(100.0), number(99.9), false),
            (AttributeTest::AtMost(100.0), number(100.1), false),
            (AttributeTest::AtMost(100.0), text("5"), false),
        ];
        for (test, value, passes) in table {
            assert_eq!(test.passes(&value), passes, "{test:?} {value:?}");
        }
    }
}
