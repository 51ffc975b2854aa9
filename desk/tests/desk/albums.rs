//! The items of an album come as messages of their own, in any order and any time apart.

use chrono::TimeDelta;
use desk::message::Incoming;
use domain::message::{Content, Media, MediaKind};
use tests::on_both_engines;

use crate::play::{Play, message, text};
use crate::stage::Stage;

fn item(number: i64) -> Incoming {
    let media = Media { telegram_file_id: Some(format!("file {number}")), ..Media::new(MediaKind::Photo) };
    let content = Content { media: Some(media), ..Content::default() };
    Incoming { kind: "photo".to_owned(), album_id: Some("album".to_owned()), content, ..text(7, number, "") }
}

on_both_engines! {
    async fn its_items_are_there_at_once_and_in_one_session_whenever_they_come(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        for number in [12, 10, 13, 11] {
            play.says(item(number)).await;
            play.stage.clock.advance(TimeDelta::seconds(11));
        }
        let messages = play.messages().await;
        let numbers: Vec<_> = messages.iter().map(|message| message.telegram_message_id).collect();
        assert_eq!(numbers, [Some(12), Some(10), Some(13), Some(11)], "none waits for another");
        assert!(messages.iter().all(|message| message.album_id.as_deref() == Some("album")));
        let files = messages.iter().filter_map(|message| message.content.media.as_ref()?.telegram_file_id.as_deref());
        assert_eq!(files.collect::<Vec<_>>(), ["file 12", "file 10", "file 13", "file 11"]);
        assert_eq!(play.session().await.inbound_count, 4);
    }

    async fn the_same_update_ten_times_at_once_is_one_message(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        let update = play.update(7, message(item(10)));
        let stored = (0..10).map(|_| play.store(vec![update.clone()]));
        futures_util::future::join_all(stored).await;
        play.work_off().await;
        assert_eq!(play.messages().await.len(), 1);
    }
}
