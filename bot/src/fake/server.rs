//! The server: from a request to an answer, by way of the faults.

use std::{
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use domain::ChatId;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Backlog, BacklogError, Circumstances, Fault,
    answer::Answer,
    bots::Bots,
    call::Call,
    chat_book::ChatBook,
    chats::Chats,
    connection::Connection,
    faults::{Faults, Reaction},
    files::Files,
    ledger::LedgerBook,
    limits::Limiter,
    methods,
};
use crate::telegram::BotId;

/// Everything behind the fake's address.
pub(super) struct Server {
    pub(super) bots: Bots,
    pub(super) chats: Chats,
    pub(super) backlog: Arc<dyn Backlog>,
    pub(super) circumstances: Box<dyn Circumstances>,
    pub(super) ledger: LedgerBook,
    /// What stands in the chats.
    pub(super) book: ChatBook,
    pub(super) files: Files,
    pub(super) faults: Faults,
    pub(super) limiter: Limiter,
    /// The number of the last album.
    pub(super) albums: AtomicU64,
    /// The wall clock.
    pub(super) now: Box<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    /// The client that delivers to webhooks.
    pub(super) http: reqwest::Client,
    /// The wait after a failed delivery; it doubles with each further failure.
    pub(super) webhook_backoff: Duration,
    /// Cancelled when the server is to stop.
    pub(super) stop: CancellationToken,
    /// Everything that runs for the server.
    pub(super) tasks: TaskTracker,
}

/// What the caller gets to see.
enum Outcome {
    Answer(Answer),
    BrokenOff(Answer),
    Drop,
    Vanish,
}

impl Server {
    pub(super) fn router(self: &Arc<Self>) -> Router {
        Router::new().fallback(serve).with_state(Arc::clone(self))
    }

    /// A number for a message that the chat does not have yet: updates that tests push bring numbers of their own.
    pub(super) async fn next_message_id(&self, bot: BotId, chat: ChatId) -> Result<i64, BacklogError> {
        loop {
            let number = self.backlog.next_message_id(bot, chat).await?;
            if self.book.message(bot, chat, number).is_none() {
                return Ok(number);
            }
        }
    }

    async fn outcome(self: Arc<Self>, request: Request) -> Outcome {
        let call = match Call::read(&self.bots, request).await {
            Ok(call) => call,
            Err(refusal) => {
                self.ledger.count_refusal(refusal.status());
                return Outcome::Answer(refusal);
            }
        };
        self.ledger.count_call(&call.method);
        let server = Arc::clone(&self);
        if call.is("getUpdates") {
            // A poll whose caller is gone must end, or it would take updates nobody gets.
            server.carry_out(call).await
        } else {
            // Telegram carries a call out even if the caller hangs up before the answer.
            let task = self.tasks.spawn(server.carry_out(call));
            task.await.unwrap_or(Outcome::Drop)
        }
    }

    async fn carry_out(self: Arc<Self>, call: Call) -> Outcome {
        let (delay, after_accepting, reaction) = match self.fault_for(&call).await {
            Ok(Some(fault)) => fault.into_parts(),
            Ok(None) => (Duration::ZERO, true, Reaction::Usual),
            Err(unavailable) => return Outcome::Answer(unavailable),
        };
        let usual = if after_accepting { Some(methods::carry_out(&self, &call).await) } else { None };
        if !delay.is_zero() {
            tokio::select! {
                () = tokio::time::sleep(delay) => {}
                () = self.stop.cancelled() => {}
            }
        }
        let breaks_off = matches!(reaction, Reaction::BreakOff);
        let answer = match reaction {
            Reaction::Usual | Reaction::BreakOff => match usual {
                Some(answer) => answer,
                None => methods::carry_out(&self, &call).await,
            },
            Reaction::Answer(answer) => answer,
            Reaction::Drop => return Outcome::Drop,
            Reaction::Vanish => return Outcome::Vanish,
        };
        if answer.status() >= 400 {
            self.ledger.count_refusal(answer.status());
        }
        if breaks_off { Outcome::BrokenOff(answer) } else { Outcome::Answer(answer) }
    }
}

impl Server {
    async fn fault_for(&self, call: &Call) -> Result<Option<Fault>, Answer> {
        if let Some(fault) = self.faults.strike(call) {
            return Ok(Some(fault));
        }
        Ok(self.circumstances.strike(call.bot.id, &call.method, call.parameters.chat_id()).await?)
    }
}

async fn serve(
    State(server): State<Arc<Server>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
) -> Response {
    let stop = server.stop.clone();
    match server.outcome(request).await {
        Outcome::Answer(answer) => return answer.into_response(),
        Outcome::BrokenOff(answer) => return answer.broken_off(),
        Outcome::Drop => {}
        Outcome::Vanish => stop.cancelled().await,
    }
    connection.cut();
    // The connection takes this future down with it.
    std::future::pending().await
}
