//! Whom a push of attributes is about.

use std::collections::HashMap;

use domain::{Customer, CustomerId, TelegramUserId};
use serde::Serialize;
use store::Reader;

use super::NewAttributes;

/// What an integration knows a customer by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum CustomerKey {
    /// The identifier.
    Id(CustomerId),
    /// The number in Telegram.
    TelegramUser(TelegramUserId),
}

/// Those whom a push is about and of whom anything can be kept.
pub(super) struct Addressees {
    by_id: HashMap<CustomerId, Customer>,
    by_user: HashMap<TelegramUserId, CustomerId>,
}

impl Addressees {
    pub(super) async fn of(reader: &mut Reader, new: &NewAttributes) -> Result<Self, store::Error> {
        let (mut ids, mut users) = (Vec::new(), Vec::new());
        for push in &new.customers {
            match push.customer {
                CustomerKey::Id(id) => ids.push(id.0),
                CustomerKey::TelegramUser(user) => users.push(user.0),
            }
        }
        let mut found = reader.customers(&ids).await?;
        found.extend(reader.customers_by_telegram_users(new.project_id, &users).await?);
        found.retain(|customer| customer.project_id == new.project_id && customer.erased_at.is_none());
        let by_user = found.iter().map(|customer| (customer.telegram_user_id, customer.id)).collect();
        Ok(Self { by_id: found.into_iter().map(|customer| (customer.id, customer)).collect(), by_user })
    }

    pub(super) fn find(&self, key: CustomerKey) -> Option<&Customer> {
        match key {
            CustomerKey::Id(id) => self.by_id.get(&id),
            CustomerKey::TelegramUser(user) => self.by_id.get(self.by_user.get(&user)?),
        }
    }

    pub(super) fn ids(&self) -> Vec<i64> {
        self.by_id.keys().map(|id| id.0).collect()
    }
}
