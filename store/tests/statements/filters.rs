//! Filters that callers make up are not kept without end.

use domain::filter::SessionFilter;
use domain::{ProjectId, SessionId};
use store::Store;

/// Reads through many filters of different forms.
pub async fn make_up_filters(store: &Store) {
    let mut reader = store.begin().await.unwrap();
    for form in 0..400_u32 {
        let part = |bit: u32| SessionFilter::Assigned(form & (1 << bit) == 0);
        let filter = SessionFilter::Any((0..9).map(part).collect());
        reader.session_count(ProjectId(1), &filter).await.unwrap();
    }
    assert_eq!(reader.session(SessionId(-1)).await.unwrap(), None);
    reader.roll_back().await.unwrap();
}
