//! A schema whose fields do whatever a transport has to cope with.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use api::transport::ErrorCode;
use async_graphql::{
    Context, Object, Request, Result, Schema, ServerError, ServerResult, Subscription,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextPrepareRequest},
};
use chrono::{DateTime, Utc};
use futures_util::{
    Stream, StreamExt as _,
    stream::{self, pending},
};
use tokio::time::sleep;

/// What resolvers did, for tests to see.
#[derive(Clone, Default)]
pub struct Ledger {
    /// Slow fields and silent subscriptions that have begun.
    pub begun: Arc<AtomicU64>,
    pub incremented: Arc<AtomicU64>,
    pub slept: Arc<AtomicU64>,
    pub produced: Arc<AtomicU64>,
    pub dropped: Arc<AtomicU64>,
}

/// The name of the caller, if there is one.
#[derive(Clone)]
pub struct Name(pub &'static str);

pub type TestSchema = Schema<Query, Mutation, Subscriptions>;

pub fn schema(ledger: Ledger) -> TestSchema {
    Schema::build(Query, Mutation, Subscriptions).data(ledger).extension(Costs).finish()
}

/// Panics; the return type hides it from the compiler's eye for unreachable code.
fn panics() -> Option<i32> {
    panic!("a resolver panics")
}

pub struct Query;

#[Object]
impl Query {
    async fn hello(&self) -> &'static str {
        "world"
    }

    async fn echo(&self, number: i32) -> i32 {
        number
    }

    async fn moment(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        at
    }

    async fn who(&self, context: &Context<'_>) -> Option<&'static str> {
        context.data_opt::<Name>().map(|name| name.0)
    }

    async fn failing(&self) -> Result<Option<i32>> {
        Err("the password of the database is hunter2".into())
    }

    async fn failing_hard(&self) -> Result<i32> {
        Err(std::io::Error::other("the disk is on fire").into())
    }

    async fn forbidden(&self) -> Option<Result<i32>> {
        Some(Err(ErrorCode::Forbidden.error("Only administrators may see this.")))
    }

    async fn panicking(&self) -> Option<i32> {
        panics()
    }

    async fn sleeping(&self, context: &Context<'_>, milliseconds: u64) -> bool {
        let ledger = context.data_unchecked::<Ledger>();
        ledger.begun.fetch_add(1, Ordering::SeqCst);
        sleep(Duration::from_millis(milliseconds)).await;
        ledger.slept.fetch_add(1, Ordering::SeqCst);
        true
    }
}

pub struct Mutation;

#[Object]
impl Mutation {
    async fn increment(&self, context: &Context<'_>, #[graphql(default)] after_milliseconds: u64) -> u64 {
        let ledger = context.data_unchecked::<Ledger>();
        ledger.begun.fetch_add(1, Ordering::SeqCst);
        sleep(Duration::from_millis(after_milliseconds)).await;
        ledger.incremented.fetch_add(1, Ordering::SeqCst) + 1
    }

    async fn panicking(&self) -> Option<i32> {
        panics()
    }
}

pub struct Subscriptions;

/// Tells when a subscription was dropped.
struct Dropped(Ledger);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.dropped.fetch_add(1, Ordering::SeqCst);
    }
}

#[Subscription]
impl Subscriptions {
    async fn count_to(&self, end: i32) -> impl Stream<Item = i32> + use<> {
        stream::iter(1..=end)
    }

    async fn silence(&self, context: &Context<'_>) -> impl Stream<Item = i32> + use<> {
        let ledger = context.data_unchecked::<Ledger>().clone();
        ledger.begun.fetch_add(1, Ordering::SeqCst);
        let dropped = Dropped(ledger);
        pending().inspect(move |_| keep(&dropped))
    }

    async fn ticks(&self, milliseconds: u64) -> impl Stream<Item = u64> + use<> {
        stream::unfold(0, move |tick| async move {
            sleep(Duration::from_millis(milliseconds)).await;
            Some((tick, tick + 1))
        })
    }

    async fn flood(&self, context: &Context<'_>, bytes: usize) -> impl Stream<Item = String> + use<> {
        let ledger = context.data_unchecked::<Ledger>().clone();
        stream::repeat_with(move || {
            ledger.produced.fetch_add(1, Ordering::SeqCst);
            "x".repeat(bytes)
        })
    }

    async fn refused(&self) -> Result<stream::Pending<i32>> {
        Err(ErrorCode::Forbidden.error("Only agents of the project see its events."))
    }

    async fn failing_once(&self) -> impl Stream<Item = Result<i32>> + use<> {
        stream::iter([Err("lost".into()), Ok(1)]).then(|event| async {
            tokio::task::yield_now().await;
            event
        })
    }

    async fn panicking(&self) -> impl Stream<Item = i32> + use<> {
        stream::iter([1, 2]).inspect(|event| assert!(*event < 2, "a subscription panics"))
    }
}

/// Makes a closure hold its argument for as long as it lives.
fn keep(_: &Dropped) {}

/// Stands for the limits that refuse a request before it is executed.
struct Costs;

impl ExtensionFactory for Costs {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for Costs {
    async fn prepare_request(
        &self,
        context: &ExtensionContext<'_>,
        request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        if request.query.contains("costly") {
            let mut error = ServerError::new("Wait a little.", None);
            let extensions = error.extensions.get_or_insert_default();
            extensions.set("code", ErrorCode::RateLimited);
            extensions.set("retryAfterMs", 1_500);
            return Err(error);
        }
        next.run(context, request).await
    }
}
