//! What each update does to the desk.

use store::Tx;

use super::decoded::Decoded;
use super::migration::migrate_chat;
use super::scene::{Scene, Worked};
use super::{activity, deletion, edit, message, poll, press, reachability, reaction};
use crate::Error;

/// Does what an update means.
pub(super) async fn dispatch(tx: &mut Tx, scene: Scene<'_>, decoded: &Decoded) -> Result<Worked, Error> {
    match decoded {
        Decoded::Message(incoming) => message::receive(tx, scene, incoming).await,
        Decoded::Edit(incoming) => edit::receive(tx, scene, incoming).await,
        Decoded::Reaction(change) => reaction::receive(tx, scene, change).await,
        Decoded::Press(press) => press::receive(tx, scene, press).await,
        Decoded::Reachability(told) => reachability::receive(tx, scene, told).await,
        Decoded::Membership(told) => reachability::receive_membership(tx, scene, told).await,
        Decoded::Migration(migration) => {
            migrate_chat(tx, scene.project, migration.from, migration.to, scene.wall).await?;
            Ok(Worked::Off)
        }
        Decoded::Deletion(deletion) => deletion::receive(tx, scene, deletion).await,
        Decoded::PollState(poll) => poll::receive(tx, scene, poll).await,
        Decoded::Activity(incoming) => activity::receive(tx, scene, incoming).await,
        Decoded::Nothing => Ok(Worked::Off),
    }
}
