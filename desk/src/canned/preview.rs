//! A canned reply as it would read in a session.

use domain::attribute::AttributeValue;
use domain::placeholder::{Filled, KnownName, Placeholder, Template};
use domain::{ApiScope, CannedReplyId, SessionId};

use crate::{Actor, Desk, Error};

/// A canned reply as it would read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The text with what its placeholders stand for, and the names under which there was nothing.
    pub filled: Filled,
    /// The language of the text; nothing for the one that all others get.
    pub language: Option<String>,
}

impl Desk {
    /// A canned reply as it would read in a session that the actor may see, in the customer's language; nothing if there
    /// is no such reply or no such session.
    pub async fn canned_reply_preview(
        &self,
        actor: &Actor,
        id: CannedReplyId,
        session: SessionId,
    ) -> Result<Option<Preview>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let Some(reply) = self.canned_replies_by_id(actor, &[id]).await?.pop() else { return Ok(None) };
        let Some(session) = self.session(actor, session).await?.filter(|one| one.project_id == reply.project_id) else {
            return Ok(None);
        };
        let customer = self.customer_of_session(actor, &session).await?;
        let profile = self.customer_profiles(actor, &[customer.id]).await?.pop();
        let attributes = profile.map(|(_, profile)| profile.attributes).unwrap_or_default();
        let project = self.store.read().await?.project(session.project_id).await?;
        let project = project.ok_or(Error::NotFound("project"))?;
        let Some((language, text)) = reply.texts.entry_for(customer.language_code.as_deref()) else { return Ok(None) };
        let template = Template::parse(text).map_err(Error::internal)?;
        let filled = template.fill(|placeholder| match placeholder {
            Placeholder::Known(KnownName::CustomerName) => Some(customer.name.clone()),
            Placeholder::Known(KnownName::CustomerUsername) => customer.username.clone(),
            Placeholder::Known(KnownName::AgentName) => Some(actor.agent.name.clone()),
            Placeholder::Known(KnownName::SessionNumber) => Some(session.number.to_string()),
            Placeholder::Known(KnownName::ProjectName) => Some(project.name.clone()),
            Placeholder::Attribute(name) => {
                let found = attributes.iter().find(|labelled| labelled.attribute.name == *name);
                found.map(|labelled| in_words(&labelled.attribute.value))
            }
        });
        let language = Some(language.to_owned()).filter(|language| !language.is_empty());
        Ok(Some(Preview { filled, language }))
    }
}

/// What integrations say, as it reads in a text.
fn in_words(value: &AttributeValue) -> String {
    match value {
        AttributeValue::Text(text) => text.clone(),
        AttributeValue::Number(number) => number.to_string(),
        AttributeValue::Flag(flag) => flag.to_string(),
        AttributeValue::Time(time) => time.to_rfc3339(),
    }
}
