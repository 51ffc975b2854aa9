//! The simulated Telegram behind the sandboxes of this process.

mod backlog;
mod circumstances;
mod update;

use std::io;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use desk::Desk;
use desk::keys::Mac;
use domain::ProjectId;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::fake::FakeBotApi;
use crate::telegram::{Endpoint, Token};

use backlog::DeskBacklog;
use circumstances::DeskCircumstances;

/// How many sends the simulated Telegram can show. The desk has its own record of all of them.
const LEDGER_ENTRIES: usize = 1_000;

/// How much the simulated Telegram keeps of what agents send. The desk has its own copies.
const FILE_BYTES: usize = 64 * 1024 * 1024;

/// A Bot API server on a free port of this machine that knows the bots of sandboxes. Everything
/// between the desk and it is what serves real bots too.
pub(crate) struct Sandbox {
    desk: Desk,
    api: FakeBotApi,
}

impl Sandbox {
    /// Starts the server.
    pub(crate) async fn start(desk: Desk) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let clock = desk.clone();
        let api = FakeBotApi::builder()
            .backlog(Arc::new(DeskBacklog::new(desk.clone())))
            .circumstances(DeskCircumstances::new(desk.clone()))
            .clock(move || clock.now())
            .ledger_capacity(LEDGER_ENTRIES)
            .file_capacity_bytes(FILE_BYTES)
            .start(listener)?;
        Ok(Self { desk, api })
    }

    /// Where the calls of a sandbox's bot go. Its token is good from now on.
    pub(crate) fn admit(&self, project_id: ProjectId) -> Endpoint {
        let token = token(&self.desk.keys().webhooks, project_id);
        self.api.add_bot(token.clone());
        self.api.endpoint(&token)
    }

    /// Forgets what was said whenever a customer is erased, whose words may be among it, until told to stop. The desk
    /// has its own record of what others said.
    pub(crate) async fn forget_along(&self, stop: CancellationToken) {
        let mut erasures = self.desk.hear_forgetting();
        let forgetting = async {
            while erasures.changed().await.is_ok() {
                self.api.forget();
            }
            std::future::pending::<()>().await;
        };
        stop.run_until_cancelled(forgetting).await;
    }

    /// Stops the server.
    pub(crate) async fn shut_down(&self) {
        self.api.shutdown().await;
    }
}

/// The token of a simulated bot, which has the number of its project. It is made up rather than
/// stored, cannot be guessed by others on this machine, and looks like no token of Telegram's.
fn token(key: &Mac, project_id: ProjectId) -> Token {
    let code = URL_SAFE_NO_PAD.encode(key.tag(format!("sandbox token of project {project_id}").as_bytes()));
    format!("{project_id}:sandbox-{code}")
        .parse()
        .expect("projects are numbered from 1, and the rest is in the alphabet")
}

#[cfg(test)]
mod tests {
    use desk::keys::{Keyring, SecretKey};

    use super::*;
    use crate::telegram::BotId;

    #[test]
    fn a_simulated_bot_has_the_number_of_its_project_and_a_token_of_its_own() {
        let keys = Keyring::new(&SecretKey::generate(), None);
        let first = token(&keys.webhooks, ProjectId(1));
        assert_eq!(first.bot_id(), BotId(1));
        assert_eq!(first, token(&keys.webhooks, ProjectId(1)));
        assert_ne!(first, token(&Keyring::new(&SecretKey::generate(), None).webhooks, ProjectId(1)));
        assert_eq!(token(&keys.webhooks, ProjectId(i64::MAX)).bot_id(), BotId(i64::MAX));
    }
}
