//! What others think of messages.

use desk::intake::{Decoded, ReactionChange, Reactions};
use domain::ChatId;
use domain::message::{Reaction, Thread};
use tests::on_both_engines;

use crate::play::{Play, reaction, text};
use crate::stage::Stage;

on_both_engines! {
    async fn reactions_show_under_the_messages_of_both_sides(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        play.says(text(7, 1, "Hello")).await;
        let reply = play.stage.reply(play.session().await.id, "Hi").await;
        play.stage.tamper(&format!("UPDATE messages SET telegram_message_id = 2 WHERE id = {}", reply.id)).await;
        let version = play.session().await.version;
        play.arrives(7, reaction(7, 1, 7, &["👍"])).await;
        play.arrives(7, reaction(7, 2, 7, &["🔥"])).await;
        play.arrives(7, reaction(7, 2, 7, &["❤", "👍"])).await;
        play.arrives(7, reaction(7, 3, 7, &["❤"])).await;
        let messages = play.messages().await;
        let emoji = |of: usize| -> Vec<_> {
            messages[of].content.reactions.iter().map(|reaction| reaction.emoji.as_str()).collect()
        };
        assert_eq!((emoji(0), emoji(1)), (vec!["👍"], vec!["❤", "👍"]));
        assert_eq!(play.events("MESSAGE_UPDATED", "CUSTOMER_REACTION").await, 3);
        assert_eq!(play.session().await.version, version, "nobody has to do anything");

        let count = Reaction { emoji: "👍".to_owned(), count: 5, by: Vec::new() };
        let counts = Reactions::Counts(vec![count.clone()]);
        let change =
            ReactionChange { chat_id: ChatId(7), thread: Thread::default(), telegram_message_id: 1, reactions: counts };
        play.arrives(7, Decoded::Reaction(change)).await;
        assert_eq!(play.messages().await[0].content.reactions, [count]);
    }
}
