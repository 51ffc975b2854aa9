//! Faults of the simulated Telegram.

use domain::text::without_nul;
use domain::{ChatId, ProjectId};
use serde::{Deserialize, Serialize};
use store::sandbox::NewFault;

use super::PlaceRefusal;
use crate::{Actor, Desk, Rejected};

/// How a call of a simulated bot goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SandboxFault {
    /// It is carried out and answered, but late.
    Delay {
        /// How much later the answer comes, in milliseconds.
        milliseconds: u32,
    },
    /// It is not carried out.
    Refuse {
        /// The code of the error: 400 or 403.
        code: u16,
        /// What Telegram says.
        description: String,
    },
    /// It is not carried out; the bot is to wait (429).
    Flood {
        /// How long, in seconds.
        retry_after_seconds: u32,
    },
    /// It is carried out, and the connection ends without an answer, so that nobody can tell.
    Vanish,
}

/// The kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// [`SandboxFault::Delay`].
    Delay,
    /// [`SandboxFault::Refuse`].
    Refuse,
    /// [`SandboxFault::Flood`].
    Flood,
    /// [`SandboxFault::Vanish`].
    Vanish,
}

/// A fault that is to be.
#[derive(Debug, Clone)]
pub struct NewSandboxFault {
    /// The sandbox.
    pub project_id: ProjectId,
    /// How the calls go wrong.
    pub kind: FaultKind,
    /// For delays: how much later the answer comes.
    pub delay_milliseconds: Option<i32>,
    /// For refusals: 400 or 403.
    pub error_code: Option<i32>,
    /// For refusals: what Telegram says.
    pub description: Option<String>,
    /// For floods: how long the bot is to wait.
    pub retry_after_seconds: Option<i32>,
    /// The method of the Bot API; empty for every one.
    pub method: Option<String>,
    /// The chat; empty for all.
    pub chat_id: Option<i64>,
    /// How many calls; empty for all until the faults are cleared.
    pub count: Option<i32>,
}

/// Why a fault was not arranged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FaultRefusal {
    /// Nothing can be simulated there.
    #[error(transparent)]
    Place(#[from] PlaceRefusal),
    /// A field that the kind needs is not given, or one that it does not have is.
    #[error(
        "DELAY takes `delayMilliseconds`, REFUSE `errorCode` and perhaps `description`, FLOOD `retryAfterSeconds`, VANISH \
         none of them"
    )]
    Fields,
    /// Nobody waits that long.
    #[error("`delayMilliseconds` is from 1 to {LONGEST_DELAY_MILLISECONDS} (a minute)")]
    Delay,
    /// Telegram refuses with others as well, but not for what the desk would treat differently.
    #[error("`errorCode` is 400 or 403")]
    Code,
    /// The words are too long.
    #[error("description has 1 to {DESCRIPTION_CHARACTERS} characters")]
    Description,
    /// Telegram asks for no such wait.
    #[error("`retryAfterSeconds` is from 1 to {LONGEST_WAIT_SECONDS} (a day)")]
    RetryAfter,
    /// That is no method.
    #[error("a method has 1 to 64 letters, such as `sendMessage`")]
    Method,
    /// That is no number of calls.
    #[error("`count` is from 1 to 1000000")]
    Count,
    /// There are enough already.
    #[error("there are {FAULTS} faults already: take them away with `sandboxFaultsClear` first")]
    TooMany,
}

const LONGEST_DELAY_MILLISECONDS: i32 = 60_000;
const LONGEST_WAIT_SECONDS: i32 = 24 * 60 * 60;
const DESCRIPTION_CHARACTERS: usize = 256;
const MOST_STRIKES: i32 = 1_000_000;
/// The most faults that wait in one sandbox.
const FAULTS: i64 = 100;

impl Desk {
    /// Has calls of a simulated bot go wrong from now on.
    pub async fn sandbox_fault_inject(
        &self,
        actor: &Actor,
        new: &NewSandboxFault,
    ) -> Result<(), Rejected<FaultRefusal>> {
        let refuse = |refusal: FaultRefusal| Rejected::Refused(refusal);
        let project = self.sandbox(actor, new.project_id).await?;
        let fault = new.checked().map_err(refuse)?;
        let method = new.method.as_ref().map(|method| method.to_ascii_lowercase());
        let raw = serde_json::to_string(&fault).map_err(crate::Error::internal)?;
        let mut tx = self.store.begin().await?;
        if tx.sandbox_fault_count(project.id).await? >= FAULTS {
            tx.roll_back().await?;
            return Err(refuse(FaultRefusal::TooMany));
        }
        tx.insert_sandbox_fault(&NewFault {
            project_id: project.id,
            method: method.as_deref(),
            chat_id: new.chat_id.map(ChatId),
            fault: &raw,
            strikes: new.count.map(i64::from),
        })
        .await?;
        Ok(tx.commit_silently().await?)
    }

    /// Takes every fault of a sandbox away. Answers how many waited.
    pub async fn sandbox_faults_clear(
        &self,
        actor: &Actor,
        project_id: ProjectId,
    ) -> Result<usize, Rejected<PlaceRefusal>> {
        let project = self.sandbox(actor, project_id).await?;
        let mut tx = self.store.begin().await?;
        let cleared = tx.clear_sandbox_faults(project.id).await?;
        tx.commit_silently().await?;
        Ok(cleared)
    }
}

impl NewSandboxFault {
    fn checked(&self) -> Result<SandboxFault, FaultRefusal> {
        let is_method =
            |name: &String| (1..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphabetic());
        if self.method.as_ref().is_some_and(|method| !is_method(method)) {
            return Err(FaultRefusal::Method);
        }
        if self.count.is_some_and(|count| !(1..=MOST_STRIKES).contains(&count)) {
            return Err(FaultRefusal::Count);
        }
        let fields = (self.delay_milliseconds, self.error_code, &self.description, self.retry_after_seconds);
        match (self.kind, fields) {
            (FaultKind::Delay, (Some(delay), None, None, None)) => Ok(SandboxFault::Delay {
                milliseconds: within(delay, LONGEST_DELAY_MILLISECONDS).ok_or(FaultRefusal::Delay)?,
            }),
            (FaultKind::Refuse, (None, Some(code), description, None)) => refusal(code, description.as_deref()),
            (FaultKind::Flood, (None, None, None, Some(seconds))) => Ok(SandboxFault::Flood {
                retry_after_seconds: within(seconds, LONGEST_WAIT_SECONDS).ok_or(FaultRefusal::RetryAfter)?,
            }),
            (FaultKind::Vanish, (None, None, None, None)) => Ok(SandboxFault::Vanish),
            _ => Err(FaultRefusal::Fields),
        }
    }
}

fn within(number: i32, limit: i32) -> Option<u32> {
    if (1..=limit).contains(&number) { u32::try_from(number).ok() } else { None }
}

fn refusal(code: i32, description: Option<&str>) -> Result<SandboxFault, FaultRefusal> {
    let (code, usual) = match code {
        400 => (400, "Bad Request: refused on request"),
        403 => (403, "Forbidden: refused on request"),
        _ => return Err(FaultRefusal::Code),
    };
    let description = without_nul(description.unwrap_or(usual)).into_owned();
    if !(1..=DESCRIPTION_CHARACTERS).contains(&description.chars().count()) {
        return Err(FaultRefusal::Description);
    }
    Ok(SandboxFault::Refuse { code, description })
}
