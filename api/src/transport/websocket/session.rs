//! The life of one socket.

use std::{sync::Arc, time::Duration};

use async_graphql::{Executor, ServerError};
use axum::extract::ws::Message;
use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture, stream::FuturesUnordered};
use serde_json::value::RawValue;
use tokio::time::timeout;

use super::{
    alarms::{Alarm, Alarms},
    close::Close,
    credentials::token_of,
    message::{self, ClientMessage},
    operations::Operations,
    wire::{Turn, Wire},
};
use crate::transport::{
    authentication::{AuthenticationError, Caller},
    client_address::ClientAddress,
    code::ErrorCode,
    endpoint::Endpoint,
    error::server_error,
    execution,
    operation::Operation,
    parameters::Parameters,
    persisted::{Candidate, DocumentReference},
    request_id::RequestId,
    result::OperationResult,
};

/// How a socket ends.
enum Ending {
    /// The server closes it.
    Close(Close),
    /// The peer has closed it.
    Closed,
    /// The connection broke.
    Gone,
}

/// How far the connection has been set up.
enum Phase {
    AwaitingInit,
    Authenticating,
    Acknowledged(Caller),
}

/// What a socket is told once at most.
enum Tidings {
    /// The server stops.
    Draining,
    /// The caller was authenticated, or not.
    Authenticated(Result<Caller, AuthenticationError>),
    /// The credentials of the caller were revoked.
    Revoked,
}

/// Serves a socket until it ends.
pub(super) async fn serve<E: Executor>(
    wire: Wire,
    endpoint: Arc<Endpoint<E>>,
    address: ClientAddress,
    request_id: RequestId,
) {
    let close_timeout = endpoint.settings.websocket.close_timeout;
    let negotiated = wire.is_negotiated();
    let mut session = Session::new(endpoint, address, request_id, wire);

    let ending = if negotiated {
        loop {
            let may_read = session.may_read();
            let outcome = tokio::select! {
                // Revoked credentials come before what is written: the close code, and not an error that ends the one or
                // other subscription, tells clients to come back with a new token.
                biased;
                Some(tidings) = session.tidings.next() => session.on_tidings(tidings).map_err(Ending::Close),
                alarm = session.alarms.next() => session.on_alarm(alarm).map_err(Ending::Close),
                turn = session.wire.turn(&mut session.operations, may_read) => match turn {
                    Turn::Received(received) => session.on_received(received),
                    Turn::Written(written) => written.map_err(|_| Ending::Gone),
                },
            };
            if let Err(ending) = outcome {
                break ending;
            }
        }
    } else {
        Ending::Close(Close::SUBPROTOCOL)
    };

    let Session { wire, operations, request_id, .. } = session;
    drop(operations);
    match ending {
        Ending::Close(close) => {
            tracing::info!(%request_id, code = close.code(), "closing a socket");
            wire.close(close, close_timeout).await;
        }
        Ending::Closed => wire.finish(close_timeout).await,
        Ending::Gone => {}
    }
}

struct Session<E> {
    endpoint: Arc<Endpoint<E>>,
    address: ClientAddress,
    request_id: RequestId,
    wire: Wire,
    operations: Operations,
    alarms: Alarms,
    phase: Phase,
    /// Looked at only when one of them has come: a socket wakes for each event, and these are rare.
    tidings: FuturesUnordered<BoxFuture<'static, Tidings>>,
    /// How many operations were started so far.
    started: u64,
    /// Whether anything was heard of the peer since the last ping.
    heard: bool,
}

impl<E: Executor> Session<E> {
    fn new(endpoint: Arc<Endpoint<E>>, address: ClientAddress, request_id: RequestId, wire: Wire) -> Self {
        let mut alarms = Alarms::new();
        alarms.set(Alarm::InitTimeout, endpoint.settings.websocket.init_timeout);
        let draining = endpoint.drain.begun().map(|()| Tidings::Draining).boxed();
        Self {
            endpoint,
            address,
            request_id,
            wire,
            operations: Operations::new(),
            alarms,
            phase: Phase::AwaitingInit,
            tidings: FuturesUnordered::from_iter([draining]),
            started: 0,
            heard: false,
        }
    }

    /// Whether another message may be read: what the last ones brought about must have left room for it.
    fn may_read(&self) -> bool {
        let limit = self.endpoint.settings.websocket.operation_limit;
        self.wire.is_clear() && self.operations.held() < limit.saturating_mul(2)
    }

    fn on_tidings(&mut self, tidings: Tidings) -> Result<(), Close> {
        match tidings {
            Tidings::Draining => Err(Close::SERVER_RESTART),
            Tidings::Authenticated(outcome) => self.on_authenticated(outcome),
            Tidings::Revoked => Err(Close::TOKEN_REVOKED),
        }
    }

    fn on_received(&mut self, received: Option<Result<Message, axum::Error>>) -> Result<(), Ending> {
        self.heard = true;
        match received {
            None => Err(Ending::Gone),
            Some(Err(error)) => Err(Close::of_read_error(error).map_or(Ending::Gone, Ending::Close)),
            Some(Ok(Message::Text(text))) => self.on_message(&text).map_err(Ending::Close),
            Some(Ok(Message::Binary(_))) => Err(Ending::Close(Close::BINARY_MESSAGE)),
            Some(Ok(Message::Close(_))) => Err(Ending::Closed),
            // Pings of WebSocket itself are answered below this layer.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
        }
    }

    fn on_message(&mut self, text: &str) -> Result<(), Close> {
        match ClientMessage::parse(text)? {
            ClientMessage::ConnectionInit { payload } => self.on_connection_init(payload),
            ClientMessage::Ping { payload } => {
                self.wire.send(message::pong(payload));
                Ok(())
            }
            ClientMessage::Pong => Ok(()),
            ClientMessage::Subscribe { id, parameters } => self.on_subscribe(id, parameters),
            ClientMessage::Complete { id } => {
                self.operations.stop(&id);
                Ok(())
            }
        }
    }

    fn on_connection_init(&mut self, payload: Option<&RawValue>) -> Result<(), Close> {
        if !matches!(self.phase, Phase::AwaitingInit) {
            return Err(Close::SECOND_INIT);
        }
        self.alarms.clear(Alarm::InitTimeout);
        let token = token_of(payload)?;
        let authenticator = Arc::clone(&self.endpoint.authenticator);
        let limit = self.endpoint.settings.execution_timeout;
        let authentication = async move {
            let authentication = authenticator.authenticate(token.as_deref());
            timeout(limit, authentication).await.unwrap_or(Err(AuthenticationError::Unavailable))
        };
        self.tidings.push(authentication.map(Tidings::Authenticated).boxed());
        self.phase = Phase::Authenticating;
        Ok(())
    }

    fn on_authenticated(&mut self, outcome: Result<Caller, AuthenticationError>) -> Result<(), Close> {
        let caller = outcome?.at(self.address);
        self.tidings.push(caller.revoked().map(|()| Tidings::Revoked).boxed());
        self.phase = Phase::Acknowledged(caller);
        self.require_valid_token()?;
        self.wire.send(message::connection_ack());
        self.alarms.set(Alarm::KeepAlive, self.endpoint.settings.keep_alive_interval);
        self.watch_for_idleness();
        self.heard = true;
        Ok(())
    }

    fn on_subscribe(&mut self, id: String, parameters: Parameters<DocumentReference>) -> Result<(), Close> {
        let Phase::Acknowledged(caller) = &self.phase else { return Err(Close::UNAUTHORIZED) };
        let caller = caller.clone();
        self.require_valid_token()?;
        if self.operations.contains(&id) {
            return Err(Close::duplicate_id(&id));
        }
        self.started += 1;
        self.watch_for_idleness();
        let request_id = self.request_id.of_operation(self.started);
        match self.prepare(parameters, &caller) {
            Ok((operation, candidate)) => {
                let events = execution::run(&self.endpoint, operation, &caller, request_id);
                self.operations.start(id, Candidate::watch(candidate, events));
            }
            Err(error) => {
                let refusal = OperationResult::refused(error, &request_id);
                self.wire.send(message::error(&id, &refusal.errors));
            }
        }
        Ok(())
    }

    fn prepare(
        &self,
        parameters: Parameters<DocumentReference>,
        caller: &Caller,
    ) -> Result<(Operation, Option<Candidate>), ServerError> {
        let limit = self.endpoint.settings.websocket.operation_limit;
        if self.operations.running() >= limit {
            let message =
                format!("This socket already runs {limit} operations. Complete one of them, or open another socket.");
            return Err(server_error(ErrorCode::TooManyOperations, message));
        }
        let (parameters, candidate) = self.endpoint.documents.find(parameters, caller)?;
        let mut operation = Operation::prepare(parameters, &self.endpoint.settings, &self.endpoint.shape)?;
        operation.charge(&self.endpoint, caller)?;
        Ok((operation, candidate))
    }

    fn on_alarm(&mut self, alarm: Alarm) -> Result<(), Close> {
        match alarm {
            Alarm::InitTimeout => Err(Close::INIT_TIMEOUT),
            Alarm::TokenExpiry => self.require_valid_token(),
            Alarm::Idle if self.operations.running() == 0 => Err(Close::IDLE),
            Alarm::Idle => {
                self.watch_for_idleness();
                Ok(())
            }
            Alarm::KeepAlive => {
                let alive = std::mem::take(&mut self.heard) | self.wire.was_taken();
                if !alive {
                    return Err(Close::UNANSWERED_PING);
                }
                self.wire.ping(message::ping());
                self.alarms.set(Alarm::KeepAlive, self.endpoint.settings.keep_alive_interval);
                self.require_valid_token()
            }
        }
    }

    /// A socket costs memory, which an anonymous client must not have for nothing.
    fn watch_for_idleness(&mut self) {
        if let Phase::Acknowledged(caller) = &self.phase
            && caller.identity().is_none()
        {
            self.alarms.set(Alarm::Idle, self.endpoint.settings.websocket.anonymous_idle_timeout);
        }
    }

    /// Closes the socket once the token has expired, and sets the alarm for it before. The clock is asked each time,
    /// because it can be moved while a timer cannot.
    fn require_valid_token(&mut self) -> Result<(), Close> {
        let Phase::Acknowledged(caller) = &self.phase else { return Ok(()) };
        match caller.time_left(&self.endpoint.clock) {
            Some(Duration::ZERO) => return Err(Close::TOKEN_EXPIRED),
            Some(left) => self.alarms.set(Alarm::TokenExpiry, left),
            None => {}
        }
        Ok(())
    }
}
