//! Asking how a canned reply would read.

use async_graphql::{Context, ID, Object, SimpleObject};

use crate::schema::error::Result;
use crate::schema::id;
use crate::view::View;

/// A canned reply as it would read in a session.
#[derive(SimpleObject)]
pub(crate) struct CannedReplyPreview {
    /// The text with what its placeholders stand for. Where there is nothing and no default, the placeholder stands as
    /// it is.
    text: String,
    /// The language of the text as an IETF tag in lower case, chosen by that of the customer. Null for the text that all
    /// others get.
    language: Option<String>,
    /// The names of placeholders for which there is nothing and no default, each once.
    missing: Vec<String>,
}

#[derive(Default)]
pub(crate) struct CannedReplyQuery;

#[Object]
impl CannedReplyQuery {
    /// A canned reply as it would read in a session, if you sent it. Null if there is no such canned reply in the project
    /// of the session, or you may not see one of them.
    async fn canned_reply_preview(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the canned reply.")] canned_reply_id: ID,
        #[graphql(desc = "The global id of the session.")] session_id: ID,
    ) -> Result<Option<CannedReplyPreview>> {
        let view = View::of(context).await?;
        let (reply, session) = (id::parse(&canned_reply_id)?, id::parse(&session_id)?);
        let preview = view.desk().canned_reply_preview(view.actor(), reply, session).await?;
        Ok(preview.map(|preview| CannedReplyPreview {
            text: preview.filled.text,
            language: preview.language,
            missing: preview.filled.missing,
        }))
    }
}
