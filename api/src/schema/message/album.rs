//! The items of albums.

use std::collections::HashMap;
use std::sync::Arc;

use desk::Error;
use domain::SessionId;

use crate::loader::{Found, Relation, Source};

/// The messages of given albums, each with the session that it belongs to.
pub(crate) struct AlbumMessages;

impl Relation for AlbumMessages {
    type Key = (SessionId, Arc<str>);
    type Value = Vec<Arc<domain::Message>>;

    async fn load(source: &Source, keys: &[Self::Key]) -> Result<Found<Self>, Error> {
        let mut albums: HashMap<Self::Key, Self::Value> = HashMap::new();
        for message in source.desk.messages_of_albums(&source.actor, keys).await? {
            if let Some(album) = &message.album_id {
                albums.entry((message.session_id, album.as_str().into())).or_default().push(Arc::new(message));
            }
        }
        Ok(albums.into_iter().collect())
    }
}
