//! The index of texts names everything that comes into question, newest first.

use domain::ProjectId;
use domain::search::{Query, SearchKind, grams};
use store::search::{Document, Order, Stretch};
use tests::{Sql, on_both_engines};

use crate::dice::Dice;
use crate::fixture::Fixture;

const WORDS: [&str; 8] = ["refund", "refunds", "ok", "деньги", "день", "退款了", "款", "👍"];
const PROJECTS: [ProjectId; 2] = [ProjectId(1), ProjectId(2)];
const EVERYTHING: Stretch = Stretch { from: 0, below: i64::MAX };

fn document(project_id: ProjectId, kind: SearchKind, id: i64, text: &str) -> Document {
    Document { kind, id, project_id, text: text.to_owned() }
}

/// What is named of a stretch, newest first; the other way round it is the same.
async fn found(fixture: &Fixture, project: ProjectId, query: &str, stretch: Stretch, limit: i64) -> Vec<i64> {
    let (mut newest, oldest) = (
        first(fixture, project, query, stretch, Order::NewestFirst, limit).await,
        first(fixture, project, query, stretch, Order::OldestFirst, 1000).await,
    );
    assert_eq!(newest, oldest.into_iter().rev().take(newest.len()).collect::<Vec<_>>(), "{query}");
    newest.truncate(usize::try_from(limit).unwrap());
    newest
}

async fn first(
    fixture: &Fixture,
    project: ProjectId,
    query: &str,
    stretch: Stretch,
    order: Order,
    limit: i64,
) -> Vec<i64> {
    let grams = Query::parse(query).unwrap().grams();
    let mut reader = fixture.read().await.unwrap();
    reader.search_candidates(project, SearchKind::Customer, &grams, stretch, order, limit).await.unwrap()
}

async fn index(fixture: &Fixture, documents: &[Document]) {
    let mut tx = fixture.begin().await.unwrap();
    tx.index_documents(documents).await.unwrap();
    tx.commit().await.unwrap();
}

/// Indexes made-up documents, whose identifiers are so far apart, and looks for their words.
async fn is_named_newest_first(engine: tests::Engine, gap: i64) {
    let fixture = Fixture::new(engine).await;
    let mut dice = Dice::new(11);
    let mut roll = |sides: u64| usize::try_from(dice.roll(sides)).unwrap();
    let mut documents = Vec::new();
    for number in 0..300_i64 {
        let text = [WORDS[roll(8)], WORDS[roll(8)]].join(" ");
        documents.push(document(PROJECTS[roll(2)], SearchKind::Customer, 1 + number * gap, &text));
    }
    index(&fixture, &documents).await;
    // Some change and some go.
    for document in documents.iter_mut().step_by(3) {
        document.text = [WORDS[roll(8)], ""][roll(2)].to_owned();
    }
    index(&fixture, &documents).await;
    for project in PROJECTS {
        for query in ["refund", "ok", "день", "退款", "款", "👍", "refund ok", "деньги день"] {
            let wanted = Query::parse(query).unwrap().grams();
            let has_all = |document: &&Document| {
                let has = grams(&document.text);
                document.project_id == project && wanted.iter().all(|gram| has.contains(gram))
            };
            let mut expected: Vec<i64> = documents.iter().filter(has_all).map(|document| document.id).collect();
            expected.reverse();
            assert!(expected.len() >= 3, "{query}");
            // On PostgreSQL a few others may come into question.
            let of_these = |mut found: Vec<i64>, what: &str| {
                let all = found.len();
                found.retain(|id| expected.contains(id));
                assert!(all - found.len() < 5, "{query} {what}: {all} for {}", found.len());
                found
            };
            let everything = found(&fixture, project, query, EVERYTHING, 1000).await;
            let mut reader = fixture.read().await.unwrap();
            let count = reader.search_candidate_count(project, SearchKind::Customer, &wanted).await.unwrap();
            assert_eq!(usize::try_from(count).unwrap(), everything.len(), "{query}");
            drop(reader);
            for limit in [3, 30, 60] {
                let most = everything.len().min(usize::try_from(limit).unwrap());
                let oldest = first(&fixture, project, query, EVERYTHING, Order::OldestFirst, limit).await;
                assert!(everything.iter().rev().take(most).eq(&oldest), "{query}, {limit}");
                let newest = first(&fixture, project, query, EVERYTHING, Order::NewestFirst, limit).await;
                assert_eq!(newest, everything[..most], "{query}, {limit}");
            }
            assert_eq!(of_these(everything, "everywhere"), expected, "{query}");
            let middle = expected[expected.len() / 2];
            let (newer, older): (Vec<i64>, Vec<i64>) = expected.iter().partition(|id| **id >= middle);
            let below = Stretch { from: 0, below: middle };
            assert_eq!(of_these(found(&fixture, project, query, below, 1000).await, "below"), older, "{query}");
            let above = Stretch { from: middle, below: i64::MAX };
            assert_eq!(of_these(found(&fixture, project, query, above, 1000).await, "above"), newer, "{query}");
        }
    }
}

on_both_engines! {
    async fn everything_that_has_the_words_is_named_newest_first(engine: Engine) {
        // So close together that many are in a bucket of PostgreSQL's, and so far apart that each is in one of its own.
        for gap in [61, 997, 7_919] {
            is_named_newest_first(engine, gap).await;
        }
    }

    async fn what_was_taken_in_piece_by_piece_is_put_together_and_found_as_before(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let project = PROJECTS[0];
        let text = |id: i64| format!("refund {} of {} and {}", id * 7_919, id * 104_729, id * 1_299_709);
        let mut expected = Vec::new();
        for batch in 0..18 {
            let ids = batch * 50 + 1..batch * 50 + 51;
            expected.splice(..0, ids.clone().rev());
            let documents: Vec<_> = ids.map(|id| document(project, SearchKind::Customer, id, &text(id))).collect();
            index(&fixture, &documents).await;
        }
        let sql = Sql::connect(&fixture.database).await.unwrap();
        let pieces = "SELECT count(DISTINCT segid) FROM search_index_idx";
        if engine == tests::Engine::Sqlite {
            assert!(sql.number(pieces).await.unwrap() > 3);
        }
        let mut steps = 0;
        loop {
            if !fixture.merge_search_index().await.unwrap() {
                break;
            }
            steps += 1;
            assert!(steps < 100, "it ends");
            // What comes meanwhile is taken in.
            if steps == 1 {
                index(&fixture, &[document(project, SearchKind::Customer, 901, &text(901))]).await;
                expected.insert(0, 901);
            }
        }
        if engine == tests::Engine::Sqlite {
            assert!(steps > 1, "not all at once");
            assert!(sql.number(pieces).await.unwrap() <= 2);
            // FTS5 compares what it keeps with itself.
            sql.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')").await.unwrap();
        }
        assert_eq!(found(&fixture, project, "refund", EVERYTHING, 1_000).await, expected);
    }

    async fn what_is_forgotten_leaves_nothing_in_the_index(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let project = PROJECTS[0];
        index(&fixture, &[1, 2].map(|id| document(project, SearchKind::Customer, id, "refund"))).await;
        let mut tx = fixture.begin().await.unwrap();
        tx.forget_in_search(SearchKind::Customer, &[1]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(found(&fixture, project, "refund", EVERYTHING, 10).await, [2]);
        let sql = Sql::connect(&fixture.database).await.unwrap();
        assert_eq!(sql.number("SELECT count(*) FROM search_documents").await.unwrap(), 1);
        if engine == tests::Engine::Sqlite {
            // FTS5 compares what it keeps with itself.
            sql.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')").await.unwrap();
        }
        index(&fixture, &[document(project, SearchKind::Customer, 1, "ok")]).await;
        assert_eq!(found(&fixture, project, "refund", EVERYTHING, 10).await, [2]);
        assert_eq!(found(&fixture, project, "ok", EVERYTHING, 10).await, [1]);
        // Another kind with the same number is another document.
        index(&fixture, &[document(project, SearchKind::Session, 1, "refund")]).await;
        assert_eq!(found(&fixture, project, "refund", EVERYTHING, 10).await, [2]);
    }
}
