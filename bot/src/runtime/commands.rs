//! Telling Telegram which commands a bot has.

use std::collections::HashSet;
use std::time::Duration;

use desk::Desk;
use desk::greeting::CommandsToRegister;
use domain::ProjectId;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::backoff::{Backoff, OUTAGE};
use crate::cause::cause_of;
use crate::telegram::{CallError, Client, Endpoint};

/// How often it is looked at most whether commands were changed.
const LOOK_GAP: Duration = Duration::from_secs(3);
/// How long to wait before looking all the same.
const LOOK_AFTER: Duration = Duration::from_secs(30);

/// The bots of whose commands Telegram has to be told. One look finds them for all bots of a process.
#[derive(Debug, Default)]
pub(super) struct NewCommands(watch::Sender<HashSet<ProjectId>>);

impl NewCommands {
    /// Looks for them until told to stop.
    pub(super) async fn follow(&self, desk: &Desk, stop: CancellationToken) {
        let mut rings = desk.bell().listen();
        while !stop.is_cancelled() {
            rings.mark_unchanged();
            match desk.bots_with_new_commands().await {
                Ok(found) => self.publish(found),
                Err(error) => {
                    tracing::warn!(error = cause_of(&error), "new commands of bots cannot be looked for; trying again");
                }
            }
            let next_look = async {
                tokio::time::sleep(LOOK_GAP).await;
                // A time-out is as good as a ring.
                let _ = tokio::time::timeout(LOOK_AFTER, rings.changed()).await;
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = next_look => {}
            }
        }
    }

    /// Nobody is woken for nothing.
    fn publish(&self, found: Vec<ProjectId>) {
        self.0.send_if_modified(|known| {
            *known = found.into_iter().collect();
            !known.is_empty()
        });
    }

    /// What the next looks find.
    pub(super) fn listen(&self) -> watch::Receiver<HashSet<ProjectId>> {
        self.0.subscribe()
    }
}

/// Keeps the commands that Telegram shows for a bot as they are in the desk.
pub(super) struct Commands {
    pub(super) news: watch::Receiver<HashSet<ProjectId>>,
    pub(super) desk: Desk,
    pub(super) client: Client,
    pub(super) endpoint: Endpoint,
    pub(super) project_id: ProjectId,
}

impl Commands {
    /// Tells Telegram now, and whenever they have changed, until told to stop.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.follow() => {}
        }
    }

    async fn follow(&mut self) {
        let project = self.project_id;
        let (mut backoff, mut anew) = (Backoff::default(), true);
        loop {
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
                    self.wait_for_news().await;
                }
            }
        }
    }

    /// Waits for a look that finds that the commands have changed.
    async fn wait_for_news(&mut self) {
        loop {
            // It fails only when the process is about to end.
            if self.news.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
            if self.news.borrow_and_update().contains(&self.project_id) {
                return;
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
