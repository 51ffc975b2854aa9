//! `switchboard admin …`

use desk::Desk;
use desk::intake::FailedUpdate;
use desk::keys::random_password;
use desk::open::Sharing;
use domain::{ProjectId, Seats, UpdateRowId, WorkspaceRole};

use crate::cli::Admin;
use crate::desk_opening;
use crate::failure::Failure;
use crate::settings::Settings;

/// Keeps passwords out of the list of processes and the shell's history.
const PASSWORD_VARIABLE: &str = "SWITCHBOARD_NEW_PASSWORD";

/// Does it, beside a running desk or without one.
pub async fn run(settings: &Settings, action: Admin) -> Result<(), Failure> {
    let (desk, _) = desk_opening::open(settings, Sharing::Shared).await?;
    match action {
        Admin::AgentList => agent_list(&desk).await?,
        Admin::ProjectList => project_list(&desk).await?,
        Admin::UpdateListFailed => update_list_failed(&desk).await?,
        Admin::UpdateRetry { update: Some(id), .. } => update_retry(&desk, UpdateRowId(id)).await?,
        Admin::UpdateRetry { update: None, .. } => update_retry_all(&desk).await?,
        Admin::Seats { limit: None, unlimited: false } => show_seats(desk.admin_seats().await?),
        Admin::Seats { limit, .. } => show_seats(desk.admin_set_seats(limit).await?),
        Admin::AgentCreate { email, name, workspace_admin } => {
            let role = if workspace_admin { WorkspaceRole::Admin } else { WorkspaceRole::Member };
            let password = Password::from_environment();
            let agent = desk.admin_agent_create(&email, &name, password.text(), role).await?;
            println!("{} can sign in.", agent.email);
            password.show();
        }
        Admin::AgentAssign { email, project, role } => {
            desk.admin_agent_assign(&email, ProjectId(project), role.into()).await?;
            println!("{email} is {} in project {project}.", domain::Role::from(role));
        }
        Admin::AgentUnassign { email, project } => {
            desk.admin_agent_unassign(&email, ProjectId(project)).await?;
            println!("{email} has no role in project {project} any more.");
        }
        Admin::AgentDeactivate { email } => {
            desk.admin_agent_activate(&email, false).await?;
            println!("{email} cannot sign in any more.");
        }
        Admin::AgentActivate { email } => {
            desk.admin_agent_activate(&email, true).await?;
            println!("{email} can sign in again.");
        }
        Admin::PasswordReset { email } => {
            let password = Password::from_environment();
            let api_tokens = desk.admin_password_reset(&email, password.text()).await?;
            println!("{email} has a new password and has to sign in again everywhere.");
            if api_tokens > 0 {
                println!("{api_tokens} API tokens of theirs are revoked: integrations need new ones.");
            }
            password.show();
        }
    }
    Ok(())
}

fn show_seats(seats: Seats) {
    match seats.limit {
        Some(limit) => println!("{} of {limit} seats are taken.", seats.used),
        None => println!("{} seats are taken, and there is no limit.", seats.used),
    }
}

async fn agent_list(desk: &Desk) -> Result<(), Failure> {
    for agent in desk.admin_agents().await? {
        let state = if agent.active { "" } else { "  (deactivated)" };
        println!("{}  {}  {}{state}", agent.email, agent.workspace_role, agent.name);
    }
    Ok(())
}

async fn project_list(desk: &Desk) -> Result<(), Failure> {
    for project in desk.admin_projects().await? {
        let bot = match (&project.bot_username, project.sandbox) {
            (_, true) => "sandbox".to_owned(),
            (Some(username), false) => format!("@{username}"),
            (None, false) => "on Telegram".to_owned(),
        };
        println!("{}  {}  {bot}", project.id, project.name);
    }
    Ok(())
}

async fn update_list_failed(desk: &Desk) -> Result<(), Failure> {
    for update in desk.failed_updates().await? {
        let FailedUpdate { id, project_id, chat_id, kind, attempts, error, received_at } = update;
        let arrival = received_at.format("%Y-%m-%dT%H:%M:%SZ");
        println!("{id}  project {project_id}  chat {}  {kind}  {arrival}  {attempts} tries  {error}", chat_id.0);
    }
    Ok(())
}

async fn update_retry(desk: &Desk, id: UpdateRowId) -> Result<(), Failure> {
    if !desk.retry_update(id).await? {
        let hint = "see `switchboard admin update-list-failed`";
        return Err(Failure::new(format!("no update {id} is set aside: {hint}")));
    }
    println!("Update {id} is worked off again.");
    Ok(())
}

async fn update_retry_all(desk: &Desk) -> Result<(), Failure> {
    let mut count = 0;
    loop {
        let updates = desk.failed_updates().await?;
        if updates.is_empty() {
            break;
        }
        for update in updates {
            count += usize::from(desk.retry_update(update.id).await?);
        }
    }
    println!("{count} updates are worked off again.");
    Ok(())
}

/// A password that somebody chose, or one that is made up and has to be shown.
enum Password {
    Chosen(String),
    MadeUp(String),
}

impl Password {
    fn from_environment() -> Self {
        match std::env::var(PASSWORD_VARIABLE) {
            Ok(password) => Self::Chosen(password),
            Err(_) => Self::MadeUp(random_password()),
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Chosen(password) | Self::MadeUp(password) => password,
        }
    }

    fn show(&self) {
        if let Self::MadeUp(password) = self {
            println!("Password: {password}");
        }
    }
}
