//! Which customers a list shows.

use async_graphql::InputObject;
use domain::customer::{AttributeCondition, CustomerFilter as Condition};
use domain::text::without_nul;

use crate::schema::comparator::{Comparator, DateTimeComparator, FloatComparator};

/// Which customers to show: those for whom everything holds that is given here. What is left out or null is no condition.
#[derive(InputObject, Default)]
pub(crate) struct CustomerFilter {
    /// The number in Telegram, in decimal digits.
    telegram_user_id: Option<Comparator<String>>,
    /// The user name without `@`, whatever its case.
    username: Option<String>,
    /// The language as an IETF tag. Its variants count as well: `pt` lets `pt-br` through.
    language: Option<Comparator<String>>,
    /// Whether messages reach the customer.
    reachable: Option<bool>,
    /// Whether the customer is banned.
    banned: Option<bool>,
    /// What attributes say, at most 10 conditions.
    attributes: Option<Vec<CustomerAttributeFilter>>,
}

/// A condition on an attribute: the customer has it, and everything holds that is given here.
#[derive(InputObject)]
pub(crate) struct CustomerAttributeFilter {
    /// The name of the attribute.
    name: String,
    /// The value is a text like this. Upper and lower case differ.
    text: Option<Comparator<String>>,
    /// The value is a number like this.
    number: Option<FloatComparator>,
    /// The value is this.
    flag: Option<bool>,
    /// The value is a moment like this.
    time: Option<DateTimeComparator>,
}

impl CustomerFilter {
    /// The condition that the desk understands. What is no number is nobody's.
    pub(super) fn condition(self) -> Condition {
        let numbers = self.telegram_user_id.and_then(Comparator::texts);
        let parse = |texts: Vec<String>| texts.iter().filter_map(|text| text.parse().ok()).collect();
        Condition {
            telegram_user_ids: numbers.map(parse),
            username: self.username.map(storable),
            languages: self.language.and_then(Comparator::texts).map(all_storable),
            reachable: self.reachable,
            banned: self.banned,
            attributes: self.attributes.into_iter().flatten().map(CustomerAttributeFilter::condition).collect(),
        }
    }
}

/// The text as it would have been stored: PostgreSQL keeps none with U+0000 and takes none in a condition.
fn storable(text: String) -> String {
    without_nul(&text).into_owned()
}

fn all_storable(texts: Vec<String>) -> Vec<String> {
    texts.into_iter().map(storable).collect()
}

impl CustomerAttributeFilter {
    fn condition(self) -> AttributeCondition {
        let (at_least, at_most) = self.number.map_or((None, None), FloatComparator::bounds);
        let (since, before) = self.time.map_or((None, None), DateTimeComparator::bounds);
        let texts = self.text.and_then(Comparator::texts).map(all_storable);
        AttributeCondition { name: storable(self.name), texts, at_least, at_most, flag: self.flag, since, before }
    }
}
