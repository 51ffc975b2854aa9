//! What API tokens are good for.

use async_graphql::Enum;

/// What an API token is good for. No scope includes another one, and none gives a right that the agent has not. What a
/// mutation has changed is in its payload; what hangs on that object needs the scope to look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ApiScope")]
pub(crate) enum ApiScope {
    /// Look at the projects that the agent may see.
    ProjectsRead,
    /// `projectCreate`.
    ProjectsWrite,
    /// Look at the colleagues in the workspace. The agent of the token is shown by `viewer` without it.
    AgentsRead,
    /// Look at sessions, their customers and messages, and follow their events.
    SessionsRead,
    /// `sessionAssign`, `sessionClose`, `sessionReopen` and `sessionMarkViewed`.
    SessionsWrite,
    /// `messageSend`.
    MessagesSend,
    /// `customerAttributesSet`.
    CustomersWrite,
    /// `sandboxCustomerSend` and `sandboxClockAdvance`.
    SandboxWrite,
}
