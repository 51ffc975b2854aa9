//! The command line.

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::failure::Failure;
use crate::settings::Settings;
use crate::settings_file::{self, Exposed};

/// An open-source Telegram support desk whose interface is a GraphQL API.
#[derive(Debug, Parser)]
#[command(name = "switchboard", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// What every command shares.
    #[command(flatten)]
    pub settings: Settings,
}

/// What to do.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Run the API and the bot in one process (the default).
    Serve,
    /// Run the API alone; needs PostgreSQL.
    Api,
    /// Run the bot alone; needs PostgreSQL.
    Bot,
    /// Bring the database up to date and stop.
    Migrate,
    /// Print the GraphQL schema in its definition language.
    Schema,
    /// Look after the desk from the command line.
    Admin {
        /// What to look after.
        #[command(subcommand)]
        action: Admin,
    },
}

/// What can be done from the command line, also while the desk is running.
#[derive(Debug, Clone, Subcommand)]
pub enum Admin {
    /// List the agents.
    AgentList,
    /// Add an agent. The password comes from SWITCHBOARD_NEW_PASSWORD, or is made up and printed.
    AgentCreate {
        /// The address to sign in with.
        #[arg(long)]
        email: String,
        /// The name shown to colleagues.
        #[arg(long)]
        name: String,
        /// Make the agent an administrator of the whole workspace.
        #[arg(long)]
        workspace_admin: bool,
    },
    /// Give an agent a role in a project, in place of an earlier one.
    AgentAssign {
        /// The address of the agent.
        #[arg(long)]
        email: String,
        /// The number of the project, from `project-list`.
        #[arg(long)]
        project: i64,
        /// What the agent may do there.
        #[arg(long, value_enum)]
        role: RoleName,
    },
    /// Take an agent's role in a project away; their open sessions there wait for others.
    AgentUnassign {
        /// The address of the agent.
        #[arg(long)]
        email: String,
        /// The number of the project, from `project-list`.
        #[arg(long)]
        project: i64,
    },
    /// Let an agent sign in no longer, end every sign-in and API token of theirs, and have their open sessions wait for
    /// others.
    AgentDeactivate {
        /// The address of the agent.
        #[arg(long)]
        email: String,
    },
    /// Let an agent sign in again.
    AgentActivate {
        /// The address of the agent.
        #[arg(long)]
        email: String,
    },
    /// Give an agent a new password and end every sign-in and API token of theirs. The password
    /// comes from SWITCHBOARD_NEW_PASSWORD, or is made up and printed.
    PasswordReset {
        /// The address of the agent.
        #[arg(long)]
        email: String,
    },
    /// Show how many agents there may be and how many there are, or set how many there may be.
    Seats {
        /// How many agents there may be, those included who are invited.
        #[arg(long, conflicts_with = "unlimited")]
        limit: Option<i64>,
        /// As many as you like.
        #[arg(long)]
        unlimited: bool,
    },
    /// List the projects.
    ProjectList,
    /// List the updates from Telegram that could not be worked off and were set aside.
    UpdateListFailed,
    /// Work an update off again that was set aside, once what was in its way is gone.
    UpdateRetry {
        /// The number of the update, from `update-list-failed`.
        #[arg(long, required_unless_present = "all", conflicts_with = "all")]
        update: Option<i64>,
        /// Every update that was set aside.
        #[arg(long)]
        all: bool,
    },
}

/// A role in a project.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum RoleName {
    /// Answers customers.
    Agent,
    /// Manages the work of the agents.
    Supervisor,
    /// Manages the project.
    Admin,
}

impl From<RoleName> for domain::Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Agent => Self::Agent,
            RoleName::Supervisor => Self::Supervisor,
            RoleName::Admin => Self::Admin,
        }
    }
}

impl Cli {
    /// The command, `serve` if none is named.
    pub fn command(&self) -> Command {
        self.command.clone().unwrap_or(Command::Serve)
    }
}

/// Reads flags, then variables, then the settings file, then the defaults, and answers whether
/// the file lets others read its secrets. Help, version and
/// mistakes on the command line end the program here.
pub fn parse() -> Result<(Cli, Option<Exposed>), Failure> {
    let (command, exposed) = settings_file::apply(<Cli as CommandFactory>::command())?;
    let matches = command.get_matches();
    let cli = Cli::from_arg_matches(&matches).map_err(|error| Failure::new(error.to_string()))?;
    Ok((cli, exposed))
}
