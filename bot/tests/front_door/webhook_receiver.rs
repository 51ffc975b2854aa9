//! A receiver of webhook deliveries.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
};
use bot::telegram::update::Update;
use http::StatusCode;
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
};

/// What arrived so far.
#[derive(Debug, Clone, Default)]
pub struct Deliveries {
    /// Every delivery, in the order of arrival.
    pub arrived: Vec<Delivery>,
    /// The deliveries that were answered with 200.
    pub accepted: Vec<Delivery>,
    /// How many are being answered now, and the most there ever were.
    pub open: usize,
    pub most_open: usize,
    /// How many deliveries of a conversation are yet to be failed.
    failures: HashMap<i64, u32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub body: String,
    pub secret: Option<String>,
    pub conversation: i64,
    pub text: String,
}

/// A server that takes deliveries, one for each permit.
#[derive(Clone)]
pub struct Receiver {
    pub url: String,
    deliveries: Arc<watch::Sender<Deliveries>>,
    permits: Arc<Semaphore>,
}

impl Receiver {
    /// A receiver that answers at once.
    pub async fn start() -> Self {
        Self::with_permits(Semaphore::MAX_PERMITS).await
    }

    /// A receiver that answers this many deliveries, and the rest when it is allowed to.
    pub async fn with_permits(permits: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let receiver = Self {
            url: format!("http://{address}/telegram/secret-path"),
            deliveries: Arc::default(),
            permits: Arc::new(Semaphore::new(permits)),
        };
        let router = Router::new().fallback(receive).with_state(receiver.clone());
        tokio::spawn(axum::serve(listener, router).into_future());
        receiver
    }

    /// Answers so many more deliveries.
    pub fn allow(&self, deliveries: usize) {
        self.permits.add_permits(deliveries);
    }

    /// Fails the next deliveries of a conversation.
    pub fn fail(&self, conversation: i64, times: u32) {
        self.deliveries.send_modify(|deliveries| {
            deliveries.failures.insert(conversation, times);
        });
    }

    pub async fn wait_for(&self, condition: impl FnMut(&Deliveries) -> bool, timeout: Duration) -> Deliveries {
        let mut deliveries = self.deliveries.subscribe();
        let reached = tokio::time::timeout(timeout, deliveries.wait_for(condition)).await;
        let reached = reached.expect("the deliveries arrive in time");
        reached.expect("the receiver lives as long as the test").clone()
    }

    fn arrive(&self, delivery: &Delivery) {
        self.deliveries.send_modify(|deliveries| {
            deliveries.arrived.push(delivery.clone());
            deliveries.open += 1;
            deliveries.most_open = deliveries.most_open.max(deliveries.open);
        });
    }

    fn settle(&self, delivery: Delivery) -> StatusCode {
        let mut status = StatusCode::OK;
        self.deliveries.send_modify(|deliveries| {
            deliveries.open -= 1;
            match deliveries.failures.get_mut(&delivery.conversation) {
                Some(left) if *left > 0 => {
                    *left -= 1;
                    status = StatusCode::SERVICE_UNAVAILABLE;
                }
                _ => deliveries.accepted.push(delivery),
            }
        });
        status
    }
}

async fn receive(State(receiver): State<Receiver>, request: Request) -> StatusCode {
    let (head, body) = request.into_parts();
    assert_eq!(head.uri.path(), "/telegram/secret-path");
    let secret = head.headers.get("X-Telegram-Bot-Api-Secret-Token");
    let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    let body = String::from_utf8(body.into()).expect("text");
    let update = Update::decode(&body).expect("an update");
    let delivery = Delivery {
        secret: secret.map(|secret| secret.to_str().expect("ASCII").to_owned()),
        conversation: update.routing_key.as_i64(),
        text: text_of(&body),
        body,
    };
    receiver.arrive(&delivery);
    let permit = receiver.permits.acquire().await.expect("an open semaphore");
    permit.forget();
    receiver.settle(delivery)
}

/// What was written, if it was a text.
fn text_of(update: &str) -> String {
    let update: serde_json::Value = serde_json::from_str(update).expect("an update is JSON");
    update["message"]["text"].as_str().unwrap_or_default().to_owned()
}
