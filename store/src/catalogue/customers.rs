//! Queries of what is known of customers.

use domain::attribute::{Attribute, AttributeDefinition, AttributeValue};
use domain::customer::{Acquaintance, CustomerFilter, CustomerNotes, Profile};
use domain::filter::Page;
use domain::night::Night;
use domain::{ChatId, Customer, CustomerId, Project, ProjectId, Sight, TelegramUserId, Time};

use crate::error::Result;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// The customers with these identifiers, in no order.
    customers = customers::many(ids: &[i64]) -> Vec<Customer>;
    /// The customer that a Telegram user is in a project.
    customer_by_telegram_user = customers::by_telegram_user(project: ProjectId, user: TelegramUserId) -> Option<Customer>;

    /// The customers that these Telegram users are in a project, in no order.
    customers_by_telegram_users = customers::by_telegram_users(project: ProjectId, users: &[i64]) -> Vec<Customer>;
    /// How somebody who sees this far knows these customers, those whom they know, in no order.
    acquaintances = customers::acquaintances(sight: &Sight, ids: &[i64]) -> Vec<(CustomerId, Acquaintance)>;
    /// One page of those of a project's customers that pass a filter and of whom a session goes on for somebody, the
    /// newest first, in the order of reading from the asked end.
    customer_page = customers::page(project: ProjectId, sight: &Sight, filter: &CustomerFilter, page: Page<CustomerId>) -> Vec<Customer>;
    /// How many of a project's customers pass a filter and have a session that goes on for somebody.
    customer_count = customers::count(project: ProjectId, sight: &Sight, filter: &CustomerFilter) -> i64;
    /// What is noted of these customers, in no order; nothing for those of whom nothing ever was.
    customer_notes = customer_notes::many(customers: &[i64]) -> Vec<(CustomerId, CustomerNotes)>;
    /// The attributes that the customers of a project can have, by name.
    attribute_definitions = attributes::definitions(project: ProjectId) -> Vec<AttributeDefinition>;
    /// What is said of these customers, by name within each.
    attributes_of_customers = attributes::of_customers(customers: &[i64]) -> Vec<Attribute>;
}

catalogue! { Tx:
    /// Adds a customer.
    insert_customer = customers::insert(project: ProjectId, chat: ChatId, profile: &Profile, now: Time) -> Customer;
    /// Writes everything about a customer that can change.
    update_customer = customers::update(customer: &Customer) -> ();

    /// Writes what is noted of a customer.
    set_customer_notes = customer_notes::set(customer: CustomerId, notes: &CustomerNotes) -> ();
    /// Forgets what is noted of a customer.
    erase_customer_notes = customer_notes::erase(customer: CustomerId) -> usize;
    /// Adds an attribute that customers can have, unless there is one of this name. Answers whether there was none.
    define_attribute = attributes::define(definition: &AttributeDefinition) -> bool;
    /// Writes what people call an attribute.
    set_attribute_label = attributes::set_label(project: ProjectId, name: &str, label: &str) -> ();
    /// Sets an attribute of a customer.
    set_attribute = attributes::set(project: ProjectId, customer: CustomerId, name: &str, value: &AttributeValue, now: Time) -> ();
    /// Takes an attribute of a customer away.
    remove_attribute = attributes::remove(customer: CustomerId, name: &str) -> ();
    /// Takes all attributes of a customer away.
    erase_attributes = attributes::erase(customer: CustomerId) -> usize;
    /// Writes when it is night for the customers of a project, under the next version.
    set_night = projects::set_night(id: ProjectId, night: Night) -> Project;
}
