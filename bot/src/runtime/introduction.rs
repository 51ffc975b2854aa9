//! Learning what Telegram calls a bot.

use desk::Desk;
use domain::ProjectId;
use tokio_util::sync::CancellationToken;

use crate::backoff::{Backoff, OUTAGE};
use crate::cause::cause_of;
use crate::telegram::{Client, Endpoint};

/// Asks Telegram who a bot is and keeps its user name.
pub(super) struct Introduction {
    pub(super) desk: Desk,
    pub(super) client: Client,
    pub(super) endpoint: Endpoint,
    pub(super) project_id: ProjectId,
}

impl Introduction {
    /// Tries until it has worked or is told to stop.
    pub(super) async fn run(self, stop: CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.introduce() => {}
        }
    }

    async fn introduce(&self) {
        let project = self.project_id;
        let mut backoff = Backoff::default();
        loop {
            let pause = match self.client.get_me(&self.endpoint).await {
                Ok(profile) => {
                    let Some(username) = profile.username else { return };
                    let Err(error) = self.desk.bot_named(project, &username).await else { return };
                    tracing::warn!(%project, error = cause_of(&error), "the name of a bot cannot be stored; trying again");
                    backoff.next_pause(OUTAGE)
                }
                Err(error) => {
                    let pause = backoff.pause_after(&error);
                    tracing::warn!(%project, %error, ?pause, "Telegram does not say who a bot is; trying again");
                    pause
                }
            };
            tokio::time::sleep(pause).await;
        }
    }
}
