//! The process is killed between each pair of steps of an update's way into the desk. Whatever the step, the message is
//! in the desk once, and in its place.

use bot::fake::{Fault, FaultScope, Repeat};
use tests::ingress::{Ingress, Mishap};
use tests::{Engine, Standstill, eventually, on_both_engines};

use crate::stage::{Desk, PATIENCE, Telegram, project_called, until_written};

on_both_engines! {
    async fn killed_after_an_update_came_and_before_it_was_stored(engine: Engine) {
        let mut story = Story::by_webhook(engine).await;
        let standstill = Standstill::of(&story.desk.database, "tg_inbox").await;
        story.telegram.customer_writes(7, "in between").await;
        story.until_passages(2).await;
        standstill.until_felt().await;
        story.killed();
        drop(standstill);
        story.ends_well().await;
    }

    async fn killed_after_an_update_was_stored_and_before_the_answer(engine: Engine) {
        let mut story = Story::by_webhook(engine).await;
        story.ingress.inject(Mishap::LoseAnswer);
        story.telegram.customer_writes(7, "in between").await;
        story.until_answered(2).await;
        story.killed();
        story.ends_well().await;
    }

    async fn killed_after_an_update_was_acknowledged_and_before_it_was_worked_off(engine: Engine) {
        let mut story = Story::by_webhook(engine).await;
        // SQLite has one lock for storing and working off. There the kill comes as soon as Telegram has its answer.
        let standstill = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(Standstill::of(&story.desk.database, "messages").await),
        };
        story.telegram.customer_writes(7, "in between").await;
        story.until_answered(2).await;
        if let Some(standstill) = &standstill {
            standstill.until_felt().await;
        }
        story.killed();
        drop(standstill);
        story.ends_well().await;
    }

    async fn killed_after_an_update_was_worked_off_and_before_it_was_acknowledged(engine: Engine) {
        let mut story = Story::by_polling(engine).await;
        // The poll that acknowledges what the one before has brought is not carried out.
        let polls = FaultScope::method("getUpdates");
        story.telegram.api.inject(polls, Fault::vanish_before_accepting(), Repeat::UntilCleared);
        story.telegram.customer_writes(7, "in between").await;
        until_written(&story.desk.admin, &story.project, 7, 2).await;
        story.killed();
        story.telegram.api.clear_faults();
        story.ends_well().await;
    }
}

/// A desk that has one message of a customer and is about to get the next.
struct Story {
    telegram: Telegram,
    ingress: Ingress,
    desk: Desk,
    project: String,
}

impl Story {
    async fn by_polling(engine: Engine) -> Self {
        Self::begin(engine, Ingress::start().await, None).await
    }

    async fn by_webhook(engine: Engine) -> Self {
        let ingress = Ingress::start().await;
        let url = ingress.url();
        Self::begin(engine, ingress, Some(url)).await
    }

    async fn begin(engine: Engine, ingress: Ingress, public_url: Option<String>) -> Self {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| {
            let settings = telegram.settings(settings);
            match &public_url {
                Some(url) => settings.env("SWITCHBOARD_PUBLIC_URL", url),
                None => settings,
            }
        });
        let desk = desk.await;
        ingress.lead_to(desk.server.url());
        let project = project_called(&desk.admin, "Telegram").await;
        telegram.customer_writes(7, "before").await;
        until_written(&desk.admin, &project, 7, 1).await;
        Self { telegram, ingress, desk, project }
    }

    fn killed(&mut self) {
        self.ingress.lead_nowhere();
        self.desk.server.kill();
    }

    /// Waits until this many requests have come in.
    async fn until_passages(&self, count: usize) {
        eventually(PATIENCE, || async { (self.ingress.passages().len() >= count).then_some(()) }).await;
    }

    /// Waits until this many requests have been answered by the server.
    async fn until_answered(&self, count: usize) {
        let answered = || self.ingress.passages().iter().filter(|passage| passage.answer.is_some()).count();
        eventually(PATIENCE, || async { (answered() >= count).then_some(()) }).await;
    }

    /// After a new start the message is there, once, and so is the next.
    async fn ends_well(mut self) {
        self.desk.restart().await;
        self.ingress.lead_to(self.desk.server.url());
        self.telegram.customer_writes(7, "after").await;
        let written = until_written(&self.desk.admin, &self.project, 7, 3).await;
        assert_eq!(written, ["before", "in between", "after"]);
    }
}
