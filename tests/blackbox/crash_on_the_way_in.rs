//! The process is killed between each pair of steps of an update's way into the desk. Whatever the step, the message is
//! in the desk once, and in its place.

use bot::fake::{Fault, FaultScope, Repeat};
use domain::ChatId;
use serde_json::json;
use tests::ingress::{Ingress, Mishap};
use tests::{Engine, Standstill, eventually, on_both_engines};

use crate::stage::{Desk, PATIENCE, Telegram, mutate, project_called, until_session, until_settled, until_written};

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

    async fn killed_before_a_file_and_an_edit_and_a_tap_were_worked_off(engine: Engine) {
        let mut story = Story::by_webhook(engine).await;
        let (question, code) = story.asks("Better?").await;
        let standstill = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(Standstill::of(&story.desk.database, "messages").await),
        };
        let answered = story.answered();
        let person = json!({ "id": 7, "is_bot": false, "first_name": "Customer 7" });
        let chat = json!({ "id": 7, "type": "private", "first_name": "Customer 7" });
        let photo = json!([{ "file_id": "f", "file_unique_id": "u", "width": 1, "height": 1 }]);
        for update in [
            json!({ "message": {
                "message_id": 700, "date": 1_767_300_000, "from": person, "chat": chat, "photo": photo, "caption": "worse",
            } }),
            json!({ "edited_message": {
                "message_id": 700, "date": 1_767_300_000, "edit_date": 1_767_300_001, "from": person, "chat": chat,
                "photo": photo, "caption": "in between",
            } }),
            json!({ "callback_query": { "id": "1", "from": person, "chat_instance": "1", "data": code, "message": {
                "message_id": question, "date": 1_767_300_000, "chat": chat,
            } } }),
        ] {
            story.telegram.tells(&update).await;
        }
        story.until_answered(answered + 1).await;
        if let Some(standstill) = &standstill {
            standstill.until_felt().await;
        }
        story.killed();
        drop(standstill);
        story.desk.restart().await;
        story.ingress.lead_to(story.desk.server.url());
        story.telegram.customer_writes(7, "after").await;
        let mut written = until_written(&story.desk.admin, &story.project, 7, 4).await;
        written.sort();
        assert_eq!(written, ["Yes", "after", "before", "in between"]);
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

    /// An agent asks something with a button below it. Answers the number of the message and the code of the button.
    async fn asks(&self, text: &str) -> (i64, String) {
        let session = until_session(&self.desk.admin, &self.project, 7).await;
        let input = json!({ "sessionId": session, "text": text, "buttons": [[{ "text": "Yes" }]] });
        mutate(&self.desk.admin, "messageSend", input, "message { id }").await;
        until_settled(&self.desk.admin, &session, text).await;
        let chat = self.telegram.api.chat(self.telegram.bot(), ChatId(7));
        let question = chat.iter().find(|message| message.text() == Some(text)).expect("it was sent");
        (question.message_id, question.buttons()[0][0].1.expect("a tap is told").to_owned())
    }

    /// How many requests have been answered by the server.
    fn answered(&self) -> usize {
        self.ingress.passages().iter().filter(|passage| passage.answer.is_some()).count()
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
        eventually(PATIENCE, || async { (self.answered() >= count).then_some(()) }).await;
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
