//! Taking updates in through the webhook.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use super::Setting;
use crate::Result;
use crate::arguments::IntakeOptions;
use crate::drive::{self, drive, expect};
use crate::http::Answer;
use crate::measurement::Measurement;
use crate::memory_curve::MemoryCurve;
use crate::report::{Row, Table, to_f64};
use crate::webhook::{CustomerWrites, FIRST_NUMBER, Webhook};
use tests::Sql;

/// How long working off may take after the last acknowledgement.
const PATIENCE: Duration = Duration::from_secs(300);
/// Pause between two looks whether everything has been worked off.
const PAUSE: Duration = Duration::from_millis(10);

const TEXT: &str = "Hello, the parcel came today but the jacket is the green one. Can I send it back this week?";

/// What taking updates in came to.
pub struct TakenIn {
    /// Until all are acknowledged, but for the CPU time, which is that until all are worked off.
    pub measurement: Measurement,
    /// How long working off took after the last acknowledgement.
    pub working_off: Duration,
    /// How many were not worked off by then.
    backlog: i64,
    curve: String,
}

pub async fn measure(setting: &Setting<'_>, options: &IntakeOptions) -> Result<Row> {
    let mut taken_in = take_in(setting, options).await?;
    let updates = to_f64(taken_in.measurement.operations);
    let worked_off_in = taken_in.measurement.elapsed + taken_in.working_off;
    Ok(Row::new(Table::Intake)
        .text("engine", setting.engine)
        .text("sessions", setting.sessions)
        .count("connections", options.connections)
        .measurement("acknowledged/s", &mut taken_in.measurement)
        .text("server MB by quarters", taken_in.curve)
        .number("backlog at the end", to_f64(usize::try_from(taken_in.backlog)?), 0)
        .number("worked off after s", taken_in.working_off.as_secs_f64(), 2)
        .number("worked off/s", updates / worked_off_in.as_secs_f64(), 0))
}

/// Delivers updates until the time is over, and waits until all are worked off.
pub async fn take_in(setting: &Setting<'_>, options: &IntakeOptions) -> Result<TakenIn> {
    let running = setting.stage.start().await?;
    let webhook = Webhook::learn(setting.stage, &running).await?;
    let sql = setting.stage.sql().await?;
    let deliveries = Arc::new(Deliveries::new(setting, options, webhook, first_number(&sql).await?));
    let connections = || -> Vec<_> {
        let connection = |index| Connection { deliveries: deliveries.clone(), chat: index, step: options.connections };
        (0..options.connections).map(connection).collect()
    };
    drive(running.address, connections(), setting.periods.warm_up).await?;
    until_worked_off(&sql).await?;

    let taken_in_before = deliveries.count();
    let curve = MemoryCurve::begin(running.processes);
    let cpu_before = running.processes.cpu_time()?;
    let mut measurement =
        Measurement::of(running.processes, running.address, connections(), setting.periods.measured).await?;
    let backlog = sql.number("SELECT count(*) FROM tg_inbox WHERE state = 'PENDING'").await?;
    let working_off = until_worked_off(&sql).await?;
    measurement.cpu = running.processes.cpu_time()?.since(cpu_before);
    measurement.memory = running.processes.memory()?;
    let curve = curve.end();
    deliveries.check_all_are_messages(setting, &sql).await?;

    debug_assert_eq!(deliveries.count() - taken_in_before, i64::try_from(measurement.operations)?);
    Ok(TakenIn { measurement, working_off, backlog, curve })
}

/// Numbers of updates and messages go on where an earlier run on the same database stopped.
async fn first_number(sql: &Sql) -> Result<i64> {
    let last = format!("SELECT coalesce(max(update_id), 0) FROM tg_inbox WHERE update_id >= {FIRST_NUMBER}");
    Ok(sql.number(&last).await?.max(FIRST_NUMBER) + 1)
}

/// Waits until every update has been worked off, and tells how long that took.
async fn until_worked_off(sql: &Sql) -> Result<Duration> {
    let start = Instant::now();
    // In the order of the index over those that wait: the others, of which there are more and more, are not walked through.
    let pending = "SELECT count(*) FROM (SELECT 1 FROM tg_inbox WHERE state = 'PENDING' \
        ORDER BY received_at, id LIMIT 1) AS pending";
    while sql.number(pending).await? > 0 {
        if start.elapsed() > PATIENCE {
            return Err(format!("updates are not worked off after {PATIENCE:?}").into());
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(start.elapsed())
}

/// What all connections deliver together.
struct Deliveries {
    webhook: Webhook,
    chats: usize,
    first_chat: i64,
    /// How far apart the chats' numbers are, so that they are spread over all customers.
    chat_stride: i64,
    first_number: i64,
    next_number: AtomicI64,
}

impl Deliveries {
    fn new(setting: &Setting<'_>, options: &IntakeOptions, webhook: Webhook, first_number: i64) -> Self {
        let customers = setting.project.customers;
        let chats = options.chats.max(options.connections);
        let chat_stride = customers.count / i64::try_from(chats).unwrap_or(i64::MAX);
        Self {
            webhook,
            chats,
            first_chat: customers.first_telegram_user,
            chat_stride: chat_stride.max(1),
            first_number,
            next_number: AtomicI64::new(first_number),
        }
    }

    /// How many were delivered.
    fn count(&self) -> i64 {
        self.next_number.load(Ordering::Acquire) - self.first_number
    }

    async fn check_all_are_messages(&self, setting: &Setting<'_>, sql: &Sql) -> Result<()> {
        let (project, first) = (setting.project.number, self.first_number);
        let stored =
            format!("SELECT count(*) FROM messages WHERE project_id = {project} AND telegram_message_id >= {first}");
        let (stored, delivered) = (sql.number(&stored).await?, self.count());
        if stored == delivered { Ok(()) } else { Err(format!("{delivered} updates became {stored} messages").into()) }
    }
}

/// One connection, with chats of its own, so that no chat has two deliveries at once.
struct Connection {
    deliveries: Arc<Deliveries>,
    chat: usize,
    step: usize,
}

impl drive::Client for Connection {
    fn write_request(&mut self, request: &mut Vec<u8>) -> bool {
        let deliveries = &self.deliveries;
        let chat = i64::try_from(self.chat).unwrap_or_default();
        let message = CustomerWrites {
            number: deliveries.next_number.fetch_add(1, Ordering::AcqRel),
            telegram_user: deliveries.first_chat + chat * deliveries.chat_stride,
            text: TEXT,
        };
        deliveries.webhook.write_delivery(request, message);
        self.chat += self.step;
        if self.chat >= deliveries.chats {
            self.chat %= self.step;
        }
        true
    }

    fn check(&self, answer: Answer<'_>) -> Result<()> {
        expect(answer.status == 200 && answer.body.is_empty(), answer)
    }
}
