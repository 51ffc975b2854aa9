//! The customer that a message is from.

use std::borrow::Cow;

use domain::customer::Profile;
use domain::message::Thread;
use domain::{ChatId, Customer, CustomerId, CustomerKind, ProjectId, Session, TelegramUserId, Time};
use store::Tx;

/// The customer that a message is from, as far as the desk knows them.
#[derive(Debug)]
pub(crate) struct Party<'a> {
    /// Where answers go: where the message was written, or the present chat of a group that has got another number.
    pub(crate) chat_id: ChatId,
    /// The customer, unless the message is their first.
    pub(crate) customer: Option<Customer>,
    /// What Telegram says of them now.
    profile: Cow<'a, Profile>,
}

impl<'a> Party<'a> {
    /// Looks for the customer, under the number that a group has now.
    pub(crate) async fn look_up(
        tx: &mut Tx,
        project: ProjectId,
        chat_id: ChatId,
        profile: &'a Profile,
    ) -> Result<Self, store::Error> {
        let customer = tx.customer_by_telegram_user(project, profile.telegram_user_id).await?;
        let as_it_is = Self { chat_id, customer, profile: Cow::Borrowed(profile) };
        if as_it_is.customer.is_some() || profile.kind == CustomerKind::Person {
            return Ok(as_it_is);
        }
        let Some(now) = tx.chat_migration(project, ChatId(profile.telegram_user_id.0)).await? else {
            return Ok(as_it_is);
        };
        let number = TelegramUserId(now.0);
        let profile = Profile { telegram_user_id: number, ..profile.clone() };
        let customer = tx.customer_by_telegram_user(project, number).await?;
        Ok(Self { chat_id: now, customer, profile: Cow::Owned(profile) })
    }

    /// Looks for the customer as [`look_up`](Self::look_up) does, and locks the newest of their sessions. Whoever had it
    /// may have changed the customer, or made somebody else of them: erased them, or had a group go on under another
    /// number. So they are looked at again under the lock.
    pub(crate) async fn meet(
        tx: &mut Tx,
        project: ProjectId,
        chat_id: ChatId,
        profile: &'a Profile,
    ) -> Result<(Self, Option<Session>), store::Error> {
        loop {
            let party = Self::look_up(tx, project, chat_id, profile).await?;
            let Some(seen) = &party.customer else { return Ok((party, None)) };
            let (customer, newest) = lock(tx, seen.id).await?;
            if customer.as_ref().is_some_and(|customer| customer.telegram_user_id == seen.telegram_user_id) {
                return Ok((Self { customer, ..party }, newest));
            }
        }
    }

    /// The customer as they are from this message on: added if it is their first, and brought up to date. Who writes
    /// can be reached, unless it is known that they ended it later.
    pub(crate) async fn take_in(
        self,
        tx: &mut Tx,
        project: ProjectId,
        thread: &Thread,
        written_at: Option<Time>,
        now: Time,
    ) -> Result<Customer, store::Error> {
        let Some(mut customer) = self.customer else {
            return tx.insert_customer(project, self.chat_id, &self.profile, now).await;
        };
        let is_reached = customer.unreachable_since.is_some()
            && written_at.is_none_or(|at| customer.reachability_at.is_none_or(|known| at >= known));
        // A person may be met elsewhere, but their own chat with the bot is where nothing else has to be named.
        let chat_id = if thread.is_main() { self.chat_id } else { customer.chat_id };
        if self.profile.is_known_of(&customer) && !is_reached && customer.chat_id == chat_id {
            return Ok(customer);
        }
        customer.chat_id = chat_id;
        customer.name.clone_from(&self.profile.name);
        customer.username.clone_from(&self.profile.username);
        if self.profile.language_code.is_some() {
            customer.language_code.clone_from(&self.profile.language_code);
        }
        if is_reached {
            customer.unreachable_since = None;
            customer.reachability_at = written_at.or(customer.reachability_at);
        }
        tx.update_customer(&customer).await?;
        Ok(customer)
    }
}

/// A customer as they are while their newest session is locked, with that session, or with the one that goes on in its place
/// because somebody opened it again after that one was over.
pub(crate) async fn lock(tx: &mut Tx, id: CustomerId) -> Result<(Option<Customer>, Option<Session>), store::Error> {
    // Whoever changes a customer locks their newest session first.
    let session = match tx.lock_newest_session(id).await? {
        Some(newest) if !newest.is_open() => Some(tx.lock_open_sessions(&[id]).await?.pop().unwrap_or(newest)),
        newest => newest,
    };
    Ok((tx.customers(&[id.0]).await?.pop(), session))
}
