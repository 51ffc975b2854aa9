//! Which customers a list shows.

use crate::Time;
use crate::filter::FILTER_VALUES;

/// What is asked of customers: everything that is given has to hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CustomerFilter {
    /// The number in Telegram is one of these.
    pub telegram_user_ids: Option<Vec<i64>>,
    /// The user name is this one, whatever its case.
    pub username: Option<String>,
    /// The language is one of these, or one of their variants, as `pt-br` is one of `pt`.
    pub languages: Option<Vec<String>>,
    /// Whether messages reach the customer.
    pub reachable: Option<bool>,
    /// Whether the customer is banned.
    pub banned: Option<bool>,
    /// What attributes say.
    pub attributes: Vec<AttributeCondition>,
}

/// What is asked of an attribute: everything that is given has to hold of its value, and there has to be one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AttributeCondition {
    /// The name.
    pub name: String,
    /// It is one of these texts.
    pub texts: Option<Vec<String>>,
    /// It is this number or more.
    pub at_least: Option<f64>,
    /// It is this number or less.
    pub at_most: Option<f64>,
    /// It is this.
    pub flag: Option<bool>,
    /// It is this moment or later.
    pub since: Option<Time>,
    /// It is before this moment.
    pub before: Option<Time>,
}

/// The most conditions on attributes in one filter.
pub const ATTRIBUTE_CONDITIONS: usize = 10;

/// Why a filter was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CustomerFilterRefusal {
    /// More than [`ATTRIBUTE_CONDITIONS`].
    #[error("the filter has more than {ATTRIBUTE_CONDITIONS} conditions on attributes: leave some out")]
    TooManyConditions,
    /// More than [`FILTER_VALUES`] in one `in`.
    #[error("a condition lists more than {FILTER_VALUES} values: split the request")]
    TooManyValues,
}

impl CustomerFilter {
    /// Checks that the filter stays within the bounds above.
    pub fn check(&self) -> Result<(), CustomerFilterRefusal> {
        if self.attributes.len() > ATTRIBUTE_CONDITIONS {
            return Err(CustomerFilterRefusal::TooManyConditions);
        }
        let lists = [self.telegram_user_ids.as_ref().map(Vec::len), self.languages.as_ref().map(Vec::len)];
        let lists = lists.into_iter().chain(self.attributes.iter().map(|one| one.texts.as_ref().map(Vec::len)));
        if lists.flatten().any(|values| values > FILTER_VALUES) {
            return Err(CustomerFilterRefusal::TooManyValues);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_and_values_are_bounded() {
        let with = |conditions, values| CustomerFilter {
            attributes: vec![
                AttributeCondition { texts: Some(vec![String::new(); values]), ..AttributeCondition::default() };
                conditions
            ],
            ..CustomerFilter::default()
        };
        assert_eq!(with(ATTRIBUTE_CONDITIONS, FILTER_VALUES).check(), Ok(()));
        assert_eq!(with(ATTRIBUTE_CONDITIONS + 1, 1).check(), Err(CustomerFilterRefusal::TooManyConditions));
        assert_eq!(with(1, FILTER_VALUES + 1).check(), Err(CustomerFilterRefusal::TooManyValues));
        let numbers = CustomerFilter { telegram_user_ids: Some(vec![1; 101]), ..CustomerFilter::default() };
        assert_eq!(numbers.check(), Err(CustomerFilterRefusal::TooManyValues));
    }
}
