//! Whatever happens, nobody sees what they must not: two conversations go from hand to hand at random, and after each
//! step everybody looks everywhere, live and with cursors from before.

use tests::{Engine, on_both_engines};

use super::play::Play;

/// How many things happen.
const ROUNDS: usize = 40;

async fn play(mut play: Play, rounds: usize) -> Play {
    play.check_what_was_told(0).await;
    for round in 1..=rounds {
        play.round(round).await;
        play.check_what_was_told(round).await;
        play.check_what_is_read(round).await;
        play.check_replays(&[round / 2, round - 1], round).await;
    }
    play.check_notices();
    play
}

on_both_engines! {
    async fn nobody_sees_what_they_must_not_whatever_happens(engine: Engine) {
        let mut play = play(Play::set(engine, 1).await, ROUNDS).await;
        let everywhere: Vec<usize> = (0..ROUNDS).collect();
        // Whoever follows the messages of one session learns no more of it.
        let followers = play.follow_messages(&[0, ROUNDS / 2, ROUNDS - 1]).await;
        play.last_round(ROUNDS + 1).await;
        play.check_what_was_told(ROUNDS + 1).await;
        play.until_last_message_told(&followers).await;
        play.check_replays(&everywhere, ROUNDS + 1).await;
        // The database alone says the same.
        play.desk.restart().await;
        play.check_messages_told(followers).await;
        let url = play.desk.server.url().to_owned();
        let people = play.doors.remove(0).people;
        let door = play.open(&url, &people, &play.cursors[0].clone()).await;
        play.token = play.desk.client_with_token_of(&play.token);
        play.doors.push(door);
        play.check_replays(&everywhere, ROUNDS + 1).await;
        play.check_what_is_read(ROUNDS + 1).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_agree_on_who_sees_what() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let play = play(Play::set(Engine::Postgres, 2).await, ROUNDS / 2).await;
    play.check_replays(&Vec::from_iter(0..ROUNDS / 2), ROUNDS / 2).await;
}
