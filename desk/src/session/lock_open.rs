//! Locking several sessions.

use domain::{Session, SessionId};
use store::Tx;

/// Locks sessions, whose numbers are in ascending order, and gives in that order those that are open once nobody else is at
/// work in them. The newest ones are locked first, as everywhere.
pub(crate) async fn lock_open(tx: &mut Tx, ids: &[SessionId]) -> Result<Vec<Session>, store::Error> {
    let mut sessions = Vec::with_capacity(ids.len());
    for id in ids.iter().rev() {
        sessions.extend(tx.lock_session(*id).await?.filter(Session::is_open));
    }
    sessions.reverse();
    Ok(sessions)
}
