//! What API tokens are good for.

use async_graphql::Enum;

/// What an API token is good for. No scope includes another one, and none gives a right that the agent has not. What a
/// mutation has changed is in its payload; what hangs on that object needs the scope to look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ApiScope")]
pub(crate) enum ApiScope {
    /// Look at the projects that the agent may see, and at what they are set up with.
    ProjectsRead,
    /// Make projects and change what they are set up with: names, bots, teams and their members, tags, diversion links,
    /// canned replies, attributes, triggers and word lists, routing and capacities, greetings and commands, the life of
    /// sessions and the night. Not roles, invitations and staff links, which need a sign-in.
    ProjectsWrite,
    /// Look at the colleagues in the workspace. The agent of the token is shown by `viewer` without it.
    AgentsRead,
    /// Look at sessions, their customers and messages, and follow their events.
    SessionsRead,
    /// Change sessions and what belongs to them: assign, transfer, take over, join, resolve, close and reopen them, their
    /// status, priority, tags and notes, many at once (`sessionsBulk`), what triggers fired, and updates that were put by;
    /// and their customers: tags, bans and `customerUpdate`. Not what customers are sent.
    SessionsWrite,
    /// Write to customers: send, schedule, edit, delete and pin messages, settle deliveries, and `typingSet`.
    MessagesSend,
    /// `customerAttributesSet`.
    CustomersWrite,
    /// Play the customers of a sandbox, move its clock and have its Telegram fail: every `sandbox…`.
    SandboxWrite,
}
