//! The bot that has fetched the file of a message.

use std::fmt;

use domain::ProjectId;

use crate::project::token_context;
use crate::{Desk, Error};

/// The bot of a project, for fetching what it was sent.
#[derive(Clone, PartialEq, Eq)]
pub enum TelegramBot {
    /// One that Telegram knows by this token.
    Real {
        /// The token, which is a secret.
        token: String,
    },
    /// That of a sandbox.
    Simulated,
}

impl fmt::Debug for TelegramBot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Real { .. } => "Real(redacted)",
            Self::Simulated => "Simulated",
        })
    }
}

impl Desk {
    /// The bot of a project. Nothing if the project has none.
    pub async fn telegram_bot(&self, project_id: ProjectId) -> Result<Option<TelegramBot>, Error> {
        let Some((sandbox, sealed)) = self.store.read().await?.bot_token_sealed(project_id).await? else {
            return Ok(None);
        };
        if sandbox {
            return Ok(Some(TelegramBot::Simulated));
        }
        let Some(sealed) = sealed else { return Ok(None) };
        let token = self.keys.sealer.open(&sealed, &token_context(project_id)).map_err(Error::internal)?;
        Ok(Some(TelegramBot::Real { token }))
    }
}
