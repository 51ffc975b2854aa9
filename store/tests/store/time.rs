//! Times: to the microsecond on both engines, whatever the year.

use chrono::{DateTime, Duration, TimeZone, Utc};
use domain::Time;
use tests::on_both_engines;

use crate::fixture::{Fixture, at};

on_both_engines! {
    async fn a_time_comes_back_to_the_microsecond(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let mut session = fixture.session(1, at(0)).await;
        let nanos = |nanos| at(123_456) + Duration::nanoseconds(nanos);
        let extremes = [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC];
        let before_1970 = Utc.with_ymd_and_hms(1969, 12, 31, 23, 59, 59).unwrap() + Duration::nanoseconds(999_999_999);
        for (written, read) in [
            (at(123_456), at(123_456)),
            (nanos(999), at(123_456)),
            (nanos(-1), at(123_455)),
            (Time::UNIX_EPOCH, Time::UNIX_EPOCH),
            (before_1970, Time::UNIX_EPOCH - Duration::microseconds(1)),
            (extremes[0], extremes[0]),
            (extremes[1], Time::from_timestamp_micros(extremes[1].timestamp_micros()).unwrap()),
        ] {
            session.last_message_at = written;
            session.closed_at = Some(written);
            let mut tx = fixture.begin().await.unwrap();
            tx.update_session(&session).await.unwrap();
            tx.commit().await.unwrap();
            let found = fixture.read().await.unwrap().session(session.id).await.unwrap().unwrap();
            assert_eq!((found.last_message_at, found.closed_at), (read, Some(read)), "{written:?}");
        }
    }

    async fn the_database_knows_the_time(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let mut reader = fixture.read().await.unwrap();
        let earlier = reader.now_micros().await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        let later = reader.now_micros().await.unwrap();
        assert!((20_000..10_000_000).contains(&(later - earlier)), "{}", later - earlier);
        let mut tx = fixture.begin().await.unwrap();
        let begin = tx.now_micros().await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        assert!(tx.now_micros().await.unwrap() > begin, "it goes on within a transaction");
    }
}
