//! The GraphQL schema. Each kind of object has a folder with its type, what it can be asked, what
//! can be done with it and how it is loaded.

mod agent;
mod comparator;
mod connection;
mod cursor;
mod customer;
pub(crate) mod error;
mod event;
mod id;
mod identity;
mod message;
mod node;
mod page;
mod project;
mod sandbox;
mod scalar;
mod session;
mod user_error;

use async_graphql::{MergedObject, MergedSubscription, SDLExportOptions};
use desk::Desk;

pub(crate) use agent::AgentById;
pub(crate) use customer::CustomerById;
pub(crate) use message::MessageById;
pub(crate) use project::ProjectById;
pub(crate) use session::{SeenInSession, SessionById};

/// The schema over a desk. An operation runs for whoever its data names by a
/// [`SignedIn`](crate::SignedIn).
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// What can be asked. Every field needs an access token.
#[derive(MergedObject, Default)]
pub struct Query(agent::ViewerQuery, project::ProjectQuery, session::SessionQuery, node::NodeQuery);

/// What can be done. Every field but `signIn` and `tokenRefresh` needs an access token. What is refused for a reason
/// that is to be expected is told in `userErrors` of the payload.
#[derive(MergedObject, Default)]
pub struct Mutation(
    identity::SignIn,
    identity::TokenRefresh,
    identity::SignOut,
    project::ProjectCreate,
    session::SessionAssign,
    session::SessionClose,
    session::SessionReopen,
    session::SessionMarkViewed,
    message::MessageSend,
    sandbox::SandboxCustomerSend,
    sandbox::SandboxClockAdvance,
);

/// What can be followed. Every field needs an access token.
#[derive(MergedSubscription, Default)]
pub struct Subscription(event::SessionSubscription);

/// The schema over a desk. Without `introspection` it neither tells of itself nor suggests names.
pub fn build(desk: Desk, introspection: bool) -> Schema {
    let builder = Schema::build(Query::default(), Mutation::default(), Subscription::default()).data(desk);
    if introspection { builder.finish() } else { builder.disable_introspection().disable_suggestions().finish() }
}

/// The schema in the schema definition language, as it is published in `schema.graphql`.
pub fn sdl() -> String {
    let schema = Schema::build(Query::default(), Mutation::default(), Subscription::default()).finish();
    let options = SDLExportOptions::new().include_specified_by().use_space_ident();
    schema.sdl_with_options(options).trim_end().to_owned() + "\n"
}
