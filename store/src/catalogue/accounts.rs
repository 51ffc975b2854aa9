//! Queries of workspaces, agents and what they sign in with.

use domain::filter::Page;
use domain::{Agent, AgentId, ApiToken, ApiTokenId, ProjectId, Role, Time, TokenFamilyId, WorkspaceId};

use crate::agents::NewAgent;
use crate::api_tokens::{NewApiToken, Owners};
use crate::error::Result;
use crate::tokens::RefreshToken;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// The first workspace of this desk, if it has been set up.
    first_workspace = agents::first_workspace() -> Option<WorkspaceId>;
    /// One agent.
    agent = agents::find(id: AgentId) -> Option<Agent>;
    /// The agents with these identifiers, in no order.
    agents = agents::many(ids: &[i64]) -> Vec<Agent>;
    /// Every agent of a workspace, by name.
    agents_of_workspace = agents::of_workspace(workspace: WorkspaceId) -> Vec<Agent>;
    /// The agent with an e-mail address in its normal form, and the hash of the password.
    agent_by_email = agents::by_email(email: &str) -> Option<(Agent, String)>;
    /// The projects an agent belongs to, with the role in each.
    memberships = agents::memberships(agent: AgentId) -> Vec<(ProjectId, Role)>;
    /// The roles that these agents have in projects, in no order.
    memberships_of = agents::memberships_of(agents: &[i64]) -> Vec<(AgentId, ProjectId, Role)>;
    /// Those of the families of refresh tokens that have neither been ended nor run out, each with
    /// its agent and when it runs out, in no order.
    live_token_families = tokens::live(families: &[i64], now: Time) -> Vec<(TokenFamilyId, AgentId, Time)>;
    /// Whether a refresh token with this hash was ever given out and is kept still.
    is_refresh_token_known = tokens::is_known(hash: &str) -> bool;

    /// The API token with this hash.
    api_token_by_hash = api_tokens::by_hash(hash: &str) -> Option<ApiTokenId>;
    /// The API tokens with these identifiers, in no order.
    api_tokens = api_tokens::many(ids: &[i64]) -> Vec<ApiToken>;
    /// One page of API tokens, newest first, in the order of reading from the asked end.
    api_token_page = api_tokens::page(owners: Owners, page: Page<ApiTokenId>) -> Vec<ApiToken>;
    /// How many API tokens there are, revoked ones included.
    api_token_count = api_tokens::count(owners: Owners) -> i64;
    /// How many API tokens of an agent are taken at a time.
    live_api_token_count = api_tokens::count_live(agent: AgentId, now: Time) -> i64;
}

catalogue! { Tx:
    /// Adds a workspace.
    insert_workspace = agents::insert_workspace(name: &str, now: Time) -> WorkspaceId;
    /// Adds an agent.
    insert_agent = agents::insert(agent: &NewAgent) -> Agent;
    /// Whether an agent may sign in, and the hash of the password, locked.
    lock_credentials = agents::lock_credentials(id: AgentId) -> Option<(bool, String)>;
    /// Replaces the hash of an agent's password.
    set_password = agents::set_password(id: AgentId, hash: &str) -> ();
    /// Lets an agent sign in, or no longer.
    set_agent_active = agents::set_active(id: AgentId, active: bool) -> ();
    /// Gives an agent a role in a project, in place of an earlier one.
    set_membership = agents::set_membership(project: ProjectId, agent: AgentId, role: Role) -> ();
    /// Takes an agent's role in a project away. Answers whether there was one.
    remove_membership = agents::remove_membership(project: ProjectId, agent: AgentId) -> bool;

    /// Starts a family of refresh tokens at sign-in.
    insert_token_family = tokens::insert_family(agent: AgentId, now: Time, expires_at: Time) -> TokenFamilyId;
    /// Adds the live token of a family.
    insert_refresh_token = tokens::insert(hash: &str, family: TokenFamilyId) -> ();
    /// The refresh token with this hash and its family, locked.
    lock_refresh_token = tokens::lock(hash: &str) -> Option<RefreshToken>;
    /// Marks a refresh token as used.
    use_up_refresh_token = tokens::use_up(hash: &str, now: Time) -> ();
    /// Ends a family of refresh tokens.
    revoke_token_family = tokens::revoke_family(family: TokenFamilyId, now: Time) -> ();
    /// Ends every family of refresh tokens of an agent.
    revoke_tokens_of_agent = tokens::revoke_agent(agent: AgentId, now: Time) -> ();

    /// Adds an API token.
    insert_api_token = api_tokens::insert(token: &NewApiToken) -> ApiToken;
    /// Ends an API token, unless it was ended before.
    revoke_api_token = api_tokens::revoke(id: ApiTokenId, now: Time) -> ();
    /// Ends every API token of an agent.
    revoke_api_tokens_of_agent = api_tokens::revoke_agent(agent: AgentId, now: Time) -> usize;
    /// Notes that an API token was used, unless a use after `before` is noted.
    note_api_token_use = api_tokens::note_use(id: ApiTokenId, now: Time, before: Time) -> ();
    /// Keeps an API token under another hash of the same secret.
    set_api_token_hash = api_tokens::set_hash(id: ApiTokenId, hash: &str) -> ();
}
