//! Telling Telegram which commands a bot has.

use std::time::Duration;

use desk::Desk;
use desk::greeting::CommandsToRegister;
use domain::ProjectId;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::backoff::{Backoff, OUTAGE};
use crate::cause::cause_of;
use crate::telegram::{CallError, Client, Endpoint};

/// How often it is looked at most whether the commands were changed.
const LOOK_GAP: Duration = Duration::from_secs(3);
/// How long to wait before looking all the same.
const LOOK_AFTER: Duration = Duration::from_secs(30);

/// Keeps the commands that Telegram shows for a bot as they are in the desk.
pub(super) struct Commands {
    pub(super) desk: Desk,
    pub(super) client: Client,
    pub(super) endpoint: Endpoint,
    pub(super) project_id: ProjectId,
}

impl Commands {
    /// Tells Telegram now, and whenever they have changed, until told to stop.
    pub(super) async fn run(self, stop: CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.follow() => {}
        }
    }

    async fn follow(&self) {
        let project = self.project_id;
        let mut rings = self.desk.bell().listen();
        let (mut backoff, mut anew) = (Backoff::default(), true);
        loop {
            rings.mark_unchanged();
            let pause = match self.desk.commands_to_register(project, anew).await {
                Ok(None) => None,
                Ok(Some(due)) => match self.register(due).await {
                    Ok(()) => None,
                    Err(error) => {
                        let pause = backoff.pause_after(&error);
                        tracing::warn!(%project, %error, ?pause, "Telegram does not take the commands of a bot; trying again");
                        Some(pause)
                    }
                },
                Err(error) => {
                    tracing::warn!(%project, error = cause_of(&error), "the commands of a bot cannot be read; trying again");
                    Some(backoff.next_pause(OUTAGE))
                }
            };
            match pause {
                Some(pause) => tokio::time::sleep(pause).await,
                None => {
                    (backoff, anew) = (Backoff::default(), false);
                    tokio::time::sleep(LOOK_GAP).await;
                    // A time-out is as good as a ring.
                    let _ = tokio::time::timeout(LOOK_AFTER, rings.changed()).await;
                }
            }
        }
    }

    async fn register(&self, due: CommandsToRegister) -> Result<(), CallError> {
        for language in &due.delete {
            self.client.call_plainly(&self.endpoint, "deleteMyCommands", &json!({ "language_code": language })).await?;
        }
        for language in &due.set {
            let request = json!({ "commands": in_language(&due, language), "language_code": language });
            self.client.call_plainly(&self.endpoint, "setMyCommands", &request).await?;
        }
        let noted = self.desk.commands_registered(self.project_id, due.commands).await;
        noted.map_err(|error| CallError::Unavailable(cause_of(&error)))
    }
}

fn in_language(due: &CommandsToRegister, language: &str) -> Vec<Value> {
    let shown = |command: &domain::bot_text::BotCommand| {
        let description = command.description.in_language(Some(language))?;
        Some(json!({ "command": command.command, "description": description }))
    };
    due.commands.iter().filter_map(shown).collect()
}
