//! Who sees an event alike.

use std::sync::Arc;

use async_graphql::SelectionField;
use desk::{Actor, Credential, Desk, Error};
use domain::visibility::Telling;
use domain::{ProjectId, Role};

/// Fields that differ between agents who have the same rights in a project.
const PERSONAL_FIELDS: [&str; 10] = [
    "cannedReplies",
    "downloadUrl",
    "earlierSessions",
    "projects",
    "seats",
    "sessions",
    "staffLinks",
    "teams",
    "undeliveredMessages",
    "unreadCount",
];

/// Fields that look into a session anew when they are rendered. By then it may have ended for another agent who is still
/// told of the event, so that each agent looks for themselves; those who see every session lose none.
const LATER_FIELDS: [&str; 10] = [
    "album",
    "lastMessage",
    "messages",
    "notes",
    "pinnedMessages",
    "replyTo",
    "scheduledMessages",
    "tags",
    "transfers",
    "triggerFirings",
];

/// Names those with whom a subscriber can share what was rendered for one of them: all who sign in with the same role
/// in the project or, if something personal is selected, nobody but the agent themselves. What acts through an API
/// token shares with itself alone, since no two tokens need have the same scopes. The end of a session is told alike to
/// all whom it is told to, and what was before it to nobody else.
pub(super) struct Audience {
    personal: bool,
    /// Whether something is selected that is looked up later.
    later: bool,
    /// The name, as long as the actor is the same.
    known: Option<(Arc<Actor>, ProjectId, Arc<str>)>,
}

impl Audience {
    /// For subscribers who select a field with all that is in it.
    pub(super) fn of(field: SelectionField<'_>) -> Self {
        Self { personal: selects(field, &PERSONAL_FIELDS), later: selects(field, &LATER_FIELDS), known: None }
    }

    /// The name of the audience that the actor belongs to in a project.
    pub(super) async fn name(
        &mut self,
        desk: &Desk,
        actor: &Arc<Actor>,
        project_id: ProjectId,
        telling: Telling,
    ) -> Result<Arc<str>, Error> {
        let name = self.named(desk, actor, project_id).await?;
        Ok(match telling {
            Telling::Whole => name,
            Telling::Loss => format!("{name} lost").into(),
            Telling::AsLeft => format!("{name} left {}", actor.agent.id).into(),
        })
    }

    async fn named(&mut self, desk: &Desk, actor: &Arc<Actor>, project_id: ProjectId) -> Result<Arc<str>, Error> {
        if let Some((known, project, name)) = &self.known
            && Arc::ptr_eq(known, actor)
            && *project == project_id
        {
            return Ok(name.clone());
        }
        let role = Box::pin(desk.role_in(actor, project_id)).await?.ok_or(Error::Forbidden)?;
        let (standing, credential) = (actor.agent.workspace_role, actor.credential);
        let is_personal = self.personal || (self.later && role == Role::Agent);
        let name: Arc<str> = match credential {
            Credential::SignIn { agent_id, .. } if is_personal => {
                format!("{project_id} {role} {standing} {agent_id}").into()
            }
            Credential::SignIn { .. } => format!("{project_id} {role} {standing}").into(),
            Credential::ApiToken { .. } => format!("{project_id} {role} {standing} {credential:?}").into(),
        };
        self.known = Some((actor.clone(), project_id, name.clone()));
        Ok(name)
    }
}

/// Whether a field or something in it is one of these.
fn selects(field: SelectionField<'_>, fields: &[&str]) -> bool {
    fields.contains(&field.name()) || field.selection_set().any(|inner| selects(inner, fields))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use async_graphql::parser::parse_schema;
    use async_graphql::parser::types::{BaseType, TypeKind, TypeSystemDefinition};

    use super::PERSONAL_FIELDS;

    /// Fields that every agent with the same role in the project sees alike, by the types on which they stand.
    const COMMON_FIELDS: &str = include_str!("audience/common_fields.txt");

    #[test]
    fn each_field_that_an_event_leads_to_is_known_to_be_common_or_personal() {
        let common = fields_in_events().into_iter().map(|(kind, fields)| {
            let fields = fields.into_iter().filter(|field| !PERSONAL_FIELDS.contains(&&**field));
            format!("{kind}: {}\n", Vec::from_iter(fields).join(" "))
        });
        assert_eq!(
            common.collect::<String>(),
            COMMON_FIELDS,
            "put a new field into the file if all who may see it see the same, or else into PERSONAL_FIELDS"
        );
    }

    /// Subscriptions of which nothing is rendered for several subscribers.
    const UNSHARED: [&str; 1] = ["savedViewCounts"];

    /// The types that the selection of a subscription can reach, with their fields.
    fn fields_in_events() -> BTreeMap<String, BTreeSet<String>> {
        let schema = parse_schema(crate::schema::sdl()).expect("the schema is valid");
        let types: BTreeMap<String, TypeKind> = schema
            .definitions
            .into_iter()
            .filter_map(|definition| match definition {
                TypeSystemDefinition::Type(kind) => Some((kind.node.name.node.to_string(), kind.node.kind)),
                _ => None,
            })
            .collect();
        let mut reached = BTreeMap::new();
        let mut ahead = vec!["Subscription".to_owned()];
        while let Some(name) = ahead.pop() {
            let fields = match &types.get(&name) {
                Some(TypeKind::Object(object)) => &object.fields,
                Some(TypeKind::Interface(interface)) => &interface.fields,
                Some(TypeKind::Union(union)) => {
                    ahead.extend(union.members.iter().map(|member| member.node.to_string()));
                    continue;
                }
                _ => continue,
            };
            if reached.contains_key(&name) {
                continue;
            }
            let fields =
                || fields.iter().map(|field| &field.node).filter(|field| !UNSHARED.contains(&&*field.name.node));
            reached.insert(name, fields().map(|field| field.name.node.to_string()).collect());
            ahead.extend(fields().map(|field| named(&field.ty.node.base)));
        }
        reached.remove("Subscription");
        reached
    }

    fn named(kind: &BaseType) -> String {
        match kind {
            BaseType::Named(name) => name.to_string(),
            BaseType::List(inner) => named(&inner.base),
        }
    }
}
