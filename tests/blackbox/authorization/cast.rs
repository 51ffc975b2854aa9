//! Everybody who may call.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Client, Sql, eventually};

use super::table::{Row, Table};
use crate::files;
use crate::stage::{Desk, PATIENCE, sandbox};

/// Somebody who calls.
#[derive(Clone)]
pub struct Actor {
    pub client: Client,
    /// With whom the operations sign in that sign somebody in.
    pub email: String,
    /// Whether the actor can sign in once more.
    pub signs_in: bool,
}

/// Everybody who may call.
pub struct Cast {
    actors: BTreeMap<&'static str, Actor>,
    /// The project of the agent, the supervisor and the administrator.
    pub project: String,
    /// An API token of the agent, which nobody acts with.
    pub api_token: String,
    /// A file that the administrator of the workspace has uploaded.
    pub file: String,
    tokens: Tokens,
}

/// The e-mail address of the agent of the project.
pub const AGENT: &str = "agent@desk.test";

/// The e-mail address of the administrator of the workspace whose API tokens are used, and who is never there.
pub const INTEGRATOR: &str = "integrator@desk.test";

impl Cast {
    /// Has everybody sign in: those of the sandbox, somebody from another project of the same workspace, and somebody
    /// from another workspace. API tokens are made with the scopes that the matrix names.
    pub async fn assemble(desk: &Desk, table: &Table) -> Self {
        let project = sandbox(&desk.admin).await;
        create_project(&desk.admin, "Elsewhere").await;
        let mut actors = BTreeMap::new();
        let mut enter = |name, email: &str, client: Client| {
            let signs_in = client.token().is_some() && name != "deactivated";
            actors.insert(name, Actor { client, email: email.to_owned(), signs_in });
        };
        enter("anonymous", AGENT, Client::anonymous(desk.server.url()));
        enter("agent", AGENT, desk.add_agent(AGENT, "Sandbox", "agent").await);
        let supervisor = "supervisor@desk.test";
        enter("supervisor", supervisor, desk.add_agent(supervisor, "Sandbox", "supervisor").await);
        let admin = "project-admin@desk.test";
        enter("admin", admin, desk.add_agent(admin, "Sandbox", "admin").await);
        enter("workspace-admin", ADMIN_EMAIL, desk.admin.clone());
        let neighbour = "neighbour@desk.test";
        enter("neighbour", neighbour, desk.add_agent(neighbour, "Elsewhere", "admin").await);
        let foreigner = "foreigner@desk.test";
        enter("foreigner", foreigner, add_workspace(desk, foreigner).await);
        let deactivated = "deactivated@desk.test";
        enter("deactivated", deactivated, deactivate(desk, deactivated).await);
        let agent = &actors["agent"].client;
        let api_token = create_token(agent, &["PROJECTS_READ"]).await["apiToken"]["id"].take();
        let api_token = api_token.as_str().expect("the agent makes a token").to_owned();
        let uploaded = files::upload(desk, &desk.admin, &project, "a.txt", "text/plain", vec![7]).await;
        let mut uploaded: Value = uploaded.json().await.expect("an upload is answered in JSON");
        let file = uploaded["id"].take().as_str().expect("a file has an id").to_owned();
        Self { actors, project, api_token, file, tokens: Tokens::make(desk, table).await }
    }

    /// Who calls in a column. Which API token that is depends on the row.
    pub fn actor(&self, name: &str, row: &Row) -> Actor {
        let token = match name {
            "token-with" => self.tokens.with(row),
            "token-without" => self.tokens.without(row),
            _ => return self.actors[name].clone(),
        };
        Actor { client: self.agent().client.with_token(token), email: AGENT.to_owned(), signs_in: false }
    }

    pub fn agent(&self) -> &Actor {
        &self.actors["agent"]
    }

    pub fn workspace_admin(&self) -> &Actor {
        &self.actors["workspace-admin"]
    }
}

/// API tokens of an administrator of the workspace, so that nothing but their scopes limits them.
struct Tokens {
    every_scope: Vec<String>,
    secrets: BTreeMap<Vec<String>, String>,
}

impl Tokens {
    async fn make(desk: &Desk, table: &Table) -> Self {
        let maker = INTEGRATOR;
        desk.administer(["admin", "agent-create", "--email", maker, "--name", maker]).await;
        let statement = format!("UPDATE agents SET workspace_role = 'ADMIN' WHERE email = '{maker}'");
        Sql::connect(&desk.database).await.unwrap().execute(&statement).await.unwrap();
        let maker = Client::sign_in(desk.server.url(), maker, ADMIN_PASSWORD).await;

        let scopes = maker.query(r#"{ __type(name: "ApiScope") { enumValues { name } } }"#, Value::Null).await;
        let scopes = scopes["__type"]["enumValues"].as_array().expect("there are scopes").iter();
        let every_scope = scopes.map(|scope| scope["name"].as_str().expect("a scope has a name").to_owned()).collect();
        let mut tokens = Self { every_scope, secrets: BTreeMap::new() };
        let wanted = table.rows.iter().flat_map(|row| [tokens.scopes_with(row), tokens.scopes_without(row)]);
        let wanted: BTreeSet<Vec<String>> = wanted.collect();
        for scopes in wanted {
            let names: Vec<&str> = scopes.iter().map(String::as_str).collect();
            let secret = create_token(&maker, &names).await["secret"].take();
            tokens.secrets.insert(scopes, secret.as_str().expect("the token has a secret").to_owned());
        }
        tokens
    }

    fn with(&self, row: &Row) -> &str {
        &self.secrets[&self.scopes_with(row)]
    }

    fn without(&self, row: &Row) -> &str {
        &self.secrets[&self.scopes_without(row)]
    }

    /// The scopes of the row and no others; all of them where scopes do not matter.
    fn scopes_with(&self, row: &Row) -> Vec<String> {
        if row.scopes.is_empty() { self.every_scope.clone() } else { row.scopes.clone() }
    }

    /// All scopes but the last of the row; one of them where scopes do not matter.
    fn scopes_without(&self, row: &Row) -> Vec<String> {
        match row.scopes.last() {
            Some(missing) => self.every_scope.iter().filter(|scope| *scope != missing).cloned().collect(),
            None => self.every_scope[..1].to_vec(),
        }
    }
}

/// What came of making an API token.
async fn create_token(client: &Client, scopes: &[&str]) -> Value {
    let document = "mutation Create($input: ApiTokenCreateInput!) {
        apiTokenCreate(input: $input) { apiToken { id } secret userErrors { code } }
    }";
    let input = json!({ "name": "Integration", "scopes": scopes });
    client.query(document, json!({ "input": input })).await["apiTokenCreate"].take()
}

async fn create_project(client: &Client, name: &str) {
    let document = "mutation Create($input: ProjectCreateInput!) {
        projectCreate(input: $input) { project { id } userErrors { code } }
    }";
    let data = client.query(document, json!({ "input": { "name": name, "sandbox": true } })).await;
    assert!(data["projectCreate"]["project"]["id"].is_string(), "{data}");
}

/// Adds a second workspace with a project. No door of the product does it yet, so its first administrator is written
/// into the database, with the password of the administrator that is there.
async fn add_workspace(desk: &Desk, email: &str) -> Client {
    let statements = format!(
        "INSERT INTO workspaces (name, created_at) VALUES ('Another company', 0);
         INSERT INTO agents (workspace_id, email, name, password_hash, workspace_role, active, created_at)
         SELECT (SELECT max(id) FROM workspaces), '{email}', 'Foreigner', password_hash, workspace_role, active, created_at
         FROM agents WHERE email = '{ADMIN_EMAIL}'"
    );
    Sql::connect(&desk.database).await.unwrap().execute(&statements).await.unwrap();
    let client = Client::sign_in(desk.server.url(), email, ADMIN_PASSWORD).await;
    create_project(&client, "Abroad").await;
    client
}

/// Adds an agent of the sandbox who signs in and is then deactivated.
async fn deactivate(desk: &Desk, email: &str) -> Client {
    let client = desk.add_agent(email, "Sandbox", "admin").await;
    desk.administer(["admin", "agent-deactivate", "--email", email]).await;
    let refused = || async {
        let response = client.try_query("{ viewer { id } }", Value::Null).await.ok()?;
        (!response.errors.is_empty()).then_some(())
    };
    eventually(PATIENCE, refused).await;
    client
}
