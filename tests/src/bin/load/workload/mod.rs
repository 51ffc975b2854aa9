//! The workloads, and which of them to carry out on which database.

mod asking;
mod counts;
mod fanout;
mod idle;
mod inbox;
mod intake;
mod publisher;
mod search;
mod send;
mod sla;
mod views;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use tests::Engine;

use crate::Result;
use crate::arguments::{
    Command, CountsOptions, FanoutOptions, InboxOptions, IntakeOptions, Looker, Options, SearchOptions, SendOptions,
    SlaOptions, Via, ViewsOptions,
};
use crate::made_up_data::Shape;
use crate::report::Row;
use crate::stage::{Project, Stage};

/// How many of the sessions are open.
const OPEN_PERCENT: i64 = 20;

/// What is to be measured.
pub struct Plan {
    server: PathBuf,
    parts: Vec<Part>,
    messages_per_session: i64,
    periods: Periods,
    turns: u32,
}

/// How long to do something of no end.
#[derive(Debug, Clone, Copy)]
pub struct Periods {
    pub warm_up: Duration,
    pub measured: Duration,
}

/// Workloads on the databases of one engine: what to do, one after the other, with how many sessions.
pub struct Part {
    engine: Engine,
    sizes: Vec<(i64, Vec<Step>)>,
}

/// A database full of made-up data.
struct Ground<'a> {
    shape: Shape,
    steps: Vec<&'a Step>,
    stage: Stage,
    project: Project,
    indexing: Duration,
}

/// A workload.
#[derive(Debug, Clone)]
enum Step {
    Idle,
    Inbox(InboxOptions, Looker),
    Search(SearchOptions),
    Views(ViewsOptions, Looker),
    Counts(CountsOptions),
    Fanout(FanoutOptions),
    Intake(IntakeOptions),
    Send(SendOptions),
    Sla(SlaOptions),
}

/// What a workload runs on.
pub struct Setting<'a> {
    pub engine: Engine,
    pub sessions: i64,
    /// Of all sessions together, as they are made up.
    pub messages: i64,
    pub stage: &'a Stage,
    pub project: &'a Project,
    /// How long it took until everything was indexed; none if nothing is searched.
    pub indexing: Duration,
    pub periods: Periods,
    /// How often what is compared is measured.
    pub turns: u32,
}

impl Plan {
    pub fn new(command: &Command, options: &Options) -> Result<Self> {
        let sizes = match command {
            Command::All => options.sizes(&[10_000, 100_000]),
            Command::Growth => options.sizes(&[10_000, 100_000, 1_000_000]),
            Command::Sla(_) => options.sizes(&[100_000]),
            _ => options.sizes(&[10_000]),
        };
        let mut parts = Vec::new();
        for engine in options.engines() {
            let sizes = sizes.iter().enumerate().map(|(index, sessions)| (*sessions, steps(command, index == 0)));
            parts.push(Part { engine, sizes: sizes.collect() });
        }
        let periods = Periods {
            warm_up: Duration::from_secs(options.warm_up_seconds),
            measured: Duration::from_secs(options.seconds),
        };
        Ok(Self {
            server: options.server()?,
            parts,
            messages_per_session: options.messages,
            periods,
            turns: options.turns,
        })
    }

    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Carries one part out. What comes of each workload is noted at once; one that fails does not keep the others from
    /// being measured.
    pub async fn carry_out(&self, part: &Part, mut note: impl FnMut(Result<Vec<Row>>)) -> Result<()> {
        let Part { engine, sizes } = part;
        if sizes.iter().flat_map(|(_, steps)| steps).any(|step| matches!(step, Step::Idle)) {
            note(idle::measure(*engine, &Stage::new(*engine, &self.server).await?).await.map(|row| vec![row]));
        }
        let mut grounds = Vec::with_capacity(sizes.len());
        for (sessions, steps) in sizes {
            let steps: Vec<&Step> = steps.iter().filter(|step| !matches!(step, Step::Idle)).collect();
            if !steps.is_empty() {
                grounds.push(self.ground(*engine, *sessions, steps).await?);
            }
        }
        let longest = grounds.iter().map(|ground| ground.steps.len()).max().unwrap_or_default();
        for place in 0..longest {
            for turn in 0..self.turns {
                for ground in &grounds {
                    let step =
                        ground.steps.get(place).filter(|step| turn == 0 || (step.is_compared() && grounds.len() > 1));
                    if let Some(step) = step {
                        note(self.measure(*engine, ground, step).await);
                    }
                }
            }
        }
        Ok(())
    }

    /// Makes the data up for one size, and has it indexed if it is to be searched.
    async fn ground<'a>(&self, engine: Engine, sessions: i64, steps: Vec<&'a Step>) -> Result<Ground<'a>> {
        let shape = Shape { sessions, messages_per_session: self.messages_per_session, open_percent: OPEN_PERCENT };
        let (stage, project) = Stage::new(engine, &self.server).await?.with_project(shape).await?;
        let is_searched = steps.iter().any(|step| matches!(step, Step::Search(_)));
        let indexing = if is_searched { search::index(&stage).await? } else { Duration::ZERO };
        Ok(Ground { shape, steps, stage, project, indexing })
    }

    async fn measure(&self, engine: Engine, ground: &Ground<'_>, step: &Step) -> Result<Vec<Row>> {
        let Ground { shape, stage, project, indexing, .. } = ground;
        let setting = Setting {
            engine,
            sessions: shape.sessions,
            messages: shape.sessions * shape.messages_per_session,
            stage,
            project,
            indexing: *indexing,
            periods: self.periods,
            turns: self.turns,
        };
        match step {
            Step::Idle => Ok(Vec::new()),
            Step::Inbox(options, by) => inbox::measure(&setting, options, *by).await.map(|row| vec![row]),
            Step::Search(options) => search::search(&setting, options).await,
            Step::Views(options, by) => views::count(&setting, options, *by).await.map(|row| vec![row]),
            Step::Counts(options) => counts::measure(&setting, options).await.map(Vec::from),
            Step::Fanout(options) => fanout::measure(&setting, options).await.map(|row| vec![row]),
            Step::Intake(options) => intake::measure(&setting, options).await.map(|row| vec![row]),
            Step::Send(options) => {
                let shape = Shape { open_percent: 100, ..*shape };
                send::measure(&setting, options, shape).await.map(Vec::from)
            }
            Step::Sla(options) => sla::measure(&setting, options).await,
        }
    }
}

impl Step {
    /// Whether it is about what must not cost more the more sessions there are.
    fn is_compared(&self) -> bool {
        matches!(self, Self::Inbox(..) | Self::Search(_) | Self::Views(..) | Self::Counts(_))
    }
}

/// What a command asks for on one database. What does not depend on the number of sessions is measured at the first
/// size only.
fn steps(command: &Command, is_first_size: bool) -> Vec<Step> {
    match command {
        Command::Idle => vec![Step::Idle],
        Command::Inbox(options) => for_each(&options.by, options, Step::Inbox),
        Command::Search(options) => vec![Step::Search(options.clone())],
        Command::Views(options) => for_each(&options.by, options, Step::Views),
        Command::Counts(options) => vec![Step::Counts(options.clone())],
        Command::Fanout(options) => vec![Step::Fanout(options.clone())],
        Command::Intake(options) => vec![Step::Intake(options.clone())],
        Command::Send(options) => vec![Step::Send(options.clone())],
        Command::Sla(options) => vec![Step::Sla(options.clone())],
        Command::Growth => growth(),
        Command::All => {
            let mut steps = growth();
            if is_first_size {
                let fanout = |subscribers, rate, via| Step::Fanout(FanoutOptions { subscribers, rate, via });
                steps.extend([
                    Step::Idle,
                    fanout(1_000, 20, Via::Send),
                    fanout(1_000, 20, Via::Webhook),
                    fanout(5_000, 20, Via::Send),
                    fanout(10_000, 5, Via::Send),
                ]);
            }
            steps.extend([Step::Send(SendOptions::default()), Step::Intake(IntakeOptions::default())]);
            if !is_first_size {
                steps.push(Step::Sla(SlaOptions::default()));
            }
            steps
        }
    }
}

/// What must not cost more the more sessions there are.
fn growth() -> Vec<Step> {
    let (inbox, views) = (InboxOptions::default(), ViewsOptions::default());
    let mut steps = for_each(&inbox.by, &inbox, Step::Inbox);
    steps.extend(for_each(&views.by, &views, Step::Views));
    steps.extend([Step::Search(SearchOptions::default()), Step::Counts(CountsOptions::default())]);
    steps
}

/// A step for each of those who look, so that one that fails does not keep the others from being measured.
fn for_each<O: Clone>(by: &[Looker], options: &O, step: impl Fn(O, Looker) -> Step) -> Vec<Step> {
    by.iter().map(|by| step(options.clone(), *by)).collect()
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sizes: Vec<String> = self.sizes.iter().map(|(sessions, _)| sessions.to_string()).collect();
        write!(formatter, "{} with {} sessions", self.engine, sizes.join(", "))
    }
}
