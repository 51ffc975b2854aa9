//! The command line.

use std::path::PathBuf;

use ::tests::Engine;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::Result;

/// Measures the release build of the server under load.
#[derive(Debug, Parser)]
#[command(name = "load", max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub options: Options,
}

/// What to measure.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// The memory of a fresh server.
    Idle,
    /// Pages of 50 sessions with their relations.
    Inbox(InboxOptions),
    /// Searches for words, names and numbers in everything that was written.
    Search(SearchOptions),
    /// The list of saved views with how many sessions each shows.
    Views(ViewsOptions),
    /// Agents who follow how many sessions their views show, while customers write.
    Counts(CountsOptions),
    /// `messageSend`, and then the delivery of what was sent to a fake Bot API.
    Send(SendOptions),
    /// Subscribers of `sessionEvents`: the time from publishing to receiving.
    Fanout(FanoutOptions),
    /// Updates from Telegram, each durable before it is acknowledged.
    Intake(IntakeOptions),
    /// Clocks of service levels: what they cost a page of the inbox, and how soon many that run out at once are told of.
    Sla(SlaOptions),
    /// Everything above, as it stands in BENCHMARKS.md.
    All,
    /// What must not cost more the more sessions there are: the inbox, the views, search and counts, at three sizes.
    Growth,
}

/// What all workloads have in common.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// The engines, separated by commas [default: both].
    #[arg(long, value_enum, value_delimiter = ',', global = true)]
    engine: Vec<EngineName>,

    /// How many sessions the project has; several sizes separated by commas [default: 10000; for `all`: 10000,100000; for
    /// `growth`: 10000,100000,1000000; for `sla`: 100000].
    #[arg(long, value_delimiter = ',', global = true, value_parser = clap::value_parser!(i64).range(1_000..=2_000_000))]
    sessions: Vec<i64>,

    /// How many messages each session has.
    #[arg(long, default_value_t = 10, global = true, value_parser = clap::value_parser!(i64).range(1..=200))]
    pub messages: i64,

    /// How long to measure, in seconds, where a workload has no end of its own.
    #[arg(long, default_value_t = 10, global = true, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub seconds: u64,

    /// How long to warm up before, in seconds.
    #[arg(long, default_value_t = 2, global = true, value_parser = clap::value_parser!(u64).range(0..=60))]
    pub warm_up_seconds: u64,

    /// How often what is compared is measured in each of its forms, in turn, so that it is the machine of the same minute that
    /// is compared. The fastest counts.
    #[arg(long, default_value_t = 3, global = true, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub turns: u32,

    /// The server's binary [default: `switchboard` beside this program].
    #[arg(long, global = true)]
    server: Option<PathBuf>,

    /// Print JSON instead of tables.
    #[arg(long, global = true)]
    pub json: bool,

    /// The file in which to replace the tables that were measured, between the lines `<!-- figures -->` and
    /// `<!-- end of figures -->`; `all` replaces everything that stands there.
    #[arg(long, global = true)]
    pub write: Option<PathBuf>,
}

/// An engine on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum EngineName {
    Sqlite,
    Postgres,
}

impl Options {
    /// The engines to measure.
    pub fn engines(&self) -> Vec<Engine> {
        if self.engine.is_empty() {
            return vec![Engine::Sqlite, Engine::Postgres];
        }
        let engine = |name: &EngineName| match name {
            EngineName::Sqlite => Engine::Sqlite,
            EngineName::Postgres => Engine::Postgres,
        };
        self.engine.iter().map(engine).collect()
    }

    /// The sizes of the project.
    pub fn sizes(&self, default: &[i64]) -> Vec<i64> {
        if self.sessions.is_empty() { default.to_vec() } else { self.sessions.clone() }
    }

    /// The server's binary.
    pub fn server(&self) -> Result<PathBuf> {
        let path = match &self.server {
            Some(path) => path.clone(),
            None => std::env::current_exe()?.with_file_name("switchboard"),
        };
        if path.is_file() {
            return Ok(path);
        }
        let path = path.display();
        Err(format!("there is no server at {path}: build it with `cargo build --release -p switchboard`").into())
    }
}

/// How to page through the inbox.
#[derive(Debug, Clone, Args)]
pub struct InboxOptions {
    /// How many clients ask at once, each on a connection of its own.
    #[arg(long, default_value_t = Self::default().clients, value_parser = at_least_one)]
    pub clients: usize,
    /// Which pages to ask for.
    #[arg(long, value_enum, default_value_t = Self::default().view)]
    pub view: InboxView,
    /// Who looks, one after the other.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Looker::ALL)]
    pub by: Vec<Looker>,
}

/// Which pages of the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InboxView {
    /// One quarter each: the first page, any page, any page of the open sessions, any page of an agent's sessions.
    Mixed,
    /// The first page.
    First,
    /// Any of the first pages of all sessions.
    Deep,
    /// Any of the first pages of the open sessions.
    Open,
    /// Any of the first pages of one agent's sessions.
    Assignee,
}

/// How to search.
#[derive(Debug, Clone, Args)]
pub struct SearchOptions {
    /// How many clients ask at once, each on a connection of its own.
    #[arg(long, default_value_t = Self::default().clients, value_parser = at_least_one)]
    pub clients: usize,
    /// Who searches, one after the other.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Looker::ALL)]
    pub by: Vec<Looker>,
    /// Measure each of the words by itself, and not a mixture of them.
    #[arg(long)]
    pub each: bool,
}

/// How to list saved views.
#[derive(Debug, Clone, Args)]
pub struct ViewsOptions {
    /// How many clients ask at once, each on a connection of its own.
    #[arg(long, default_value_t = Self::default().clients, value_parser = at_least_one)]
    pub clients: usize,
    /// Whose views, one after the other.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Looker::ALL)]
    pub by: Vec<Looker>,
}

/// How to follow what saved views show.
#[derive(Debug, Clone, Args)]
pub struct CountsOptions {
    /// How many messages customers write in a second.
    #[arg(long, default_value_t = Self::default().rate, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub rate: u32,
}

/// How many clocks there are.
#[derive(Debug, Clone, Args)]
pub struct SlaOptions {
    /// How many clients ask for pages at once, each on a connection of its own.
    #[arg(long, default_value_t = Self::default().clients, value_parser = at_least_one)]
    pub clients: usize,
    /// How many clocks run, two of each session.
    #[arg(long, default_value_t = Self::default().clocks, value_parser = clap::value_parser!(i64).range(100..=2_000_000))]
    pub clocks: i64,
    /// How many of them run out in the same moment.
    #[arg(long, default_value_t = Self::default().due, value_parser = clap::value_parser!(i64).range(1..=1_000_000))]
    pub due: i64,
    /// The binary of a server without clocks, such as that of an earlier version, with which pages and intake are compared.
    #[arg(long)]
    pub without: Option<PathBuf>,
}

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Looker {
    /// Somebody who sees every session.
    Supervisor,
    /// An agent, who sees what is theirs and what nobody has.
    Agent,
}

impl Looker {
    const ALL: [Self; 2] = [Self::Supervisor, Self::Agent];
}

/// How to send messages.
#[derive(Debug, Clone, Args)]
pub struct SendOptions {
    /// How many clients send at once, each on a connection of its own.
    #[arg(long, default_value_t = Self::default().clients, value_parser = at_least_one)]
    pub clients: usize,
    /// How many bots the sessions are spread over: Telegram takes 30 messages a second from each.
    #[arg(long, default_value_t = Self::default().bots, value_parser = at_least_one)]
    pub bots: usize,
    /// How many messages each bot sends, each in a session of its own, from 1 to 1,000.
    #[arg(long, default_value_t = Self::default().messages_per_bot, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    pub messages_per_bot: u16,
}

/// How to publish to subscribers.
#[derive(Debug, Clone, Args)]
pub struct FanoutOptions {
    /// How many subscribers there are, each on a socket of its own.
    #[arg(long, default_value_t = Self::default().subscribers, value_parser = at_least_one)]
    pub subscribers: usize,
    /// How many messages are published in a second.
    #[arg(long, default_value_t = Self::default().rate, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub rate: u32,
    /// How they are published.
    #[arg(long, value_enum, default_value_t = Self::default().via)]
    pub via: Via,
}

/// How a message is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Via {
    /// An agent answers: `messageSend`.
    Send,
    /// A customer writes: the webhook.
    Webhook,
}

/// How to deliver updates.
#[derive(Debug, Clone, Args)]
pub struct IntakeOptions {
    /// How many connections deliver at once; Telegram makes up to 100.
    #[arg(long, default_value_t = Self::default().connections, value_parser = at_least_one)]
    pub connections: usize,
    /// How many chats the updates come from.
    #[arg(long, default_value_t = Self::default().chats, value_parser = at_least_one)]
    pub chats: usize,
}

impl Default for InboxOptions {
    fn default() -> Self {
        Self { clients: 8, view: InboxView::Mixed, by: Looker::ALL.to_vec() }
    }
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self { clients: 4, by: Looker::ALL.to_vec(), each: false }
    }
}

impl Default for ViewsOptions {
    fn default() -> Self {
        Self { clients: 4, by: Looker::ALL.to_vec() }
    }
}

impl Default for SlaOptions {
    fn default() -> Self {
        Self { clients: 4, clocks: 100_000, due: 10_000, without: None }
    }
}

impl Default for CountsOptions {
    fn default() -> Self {
        Self { rate: 20 }
    }
}

impl Default for SendOptions {
    fn default() -> Self {
        Self { clients: 16, bots: 100, messages_per_bot: 100 }
    }
}

impl Default for FanoutOptions {
    fn default() -> Self {
        Self { subscribers: 1_000, rate: 20, via: Via::Send }
    }
}

impl Default for IntakeOptions {
    fn default() -> Self {
        Self { connections: 64, chats: 2_000 }
    }
}

fn at_least_one(text: &str) -> std::result::Result<usize, String> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err("give a number from 1 on".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_workload_is_measured_for_all_who_look_and_written() {
        let arguments = Arguments::parse_from(["load", "views", "--write", "figures.md"]);
        assert_eq!(arguments.options.write, Some(PathBuf::from("figures.md")));
        let Command::Views(options) = arguments.command else { panic!("another workload") };
        assert_eq!(options.by, Looker::ALL);
        let arguments = Arguments::parse_from(["load", "search", "--by", "agent"]);
        let Command::Search(options) = arguments.command else { panic!("another workload") };
        assert_eq!(options.by, [Looker::Agent]);
    }
}
