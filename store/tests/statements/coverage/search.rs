//! The index of texts.

use domain::ProjectId;
use domain::search::SearchKind;
use store::Tx;
use store::search::Document;

pub async fn write_search(tx: &mut Tx, project_id: ProjectId) {
    let progress = tx.claim_search_progress().await.unwrap().unwrap();
    tx.set_search_progress(&progress).await.unwrap();
    for text in ["some words", "other words", ""] {
        let document = Document { kind: SearchKind::Customer, id: 1, project_id, text: text.to_owned() };
        tx.index_documents(&[document]).await.unwrap();
    }
    let document = Document { kind: SearchKind::Customer, id: 1, project_id, text: "words".to_owned() };
    tx.index_documents(&[document]).await.unwrap();
    tx.forget_in_search(SearchKind::Customer, &[1]).await.unwrap();
}
