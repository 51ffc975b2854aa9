//! Who sees an event alike.

mod selection;

use std::sync::Arc;

use async_graphql::Context;
use desk::{Actor, Credential, Desk, Error};
use domain::visibility::Telling;
use domain::{ProjectId, Role};

use selection::{FieldOf, Selected};

/// Fields that differ between agents who have the same rights in a project.
const PERSONAL_FIELDS: [FieldOf; 21] = [
    ("Agent", "presence"),
    ("Agent", "projects"),
    ("Agent", "seats"),
    ("Agent", "staffLinks"),
    ("Agent", "teams"),
    ("Customer", "sessions"),
    ("Media", "downloadUrl"),
    ("Project", "cannedReplies"),
    ("Project", "sessions"),
    ("Project", "teams"),
    ("Project", "undeliveredMessages"),
    ("ProjectAgent", "presence"),
    ("ProjectAgent", "teams"),
    ("ProjectMember", "teams"),
    ("RoutingCondition", "teams"),
    ("SavedView", "count"),
    ("SavedView", "sessions"),
    ("Session", "earlierSessions"),
    ("Session", "tickets"),
    ("Session", "todos"),
    ("Session", "unreadCount"),
];

/// Fields that look into a session or at a customer anew when they are rendered. By then it may have ended for another
/// agent who is still told of the event, so that each agent looks for themselves; those who see every session lose none.
const LATER_FIELDS: [FieldOf; 49] = [
    ("Customer", "attributes"),
    ("Customer", "banReason"),
    ("Customer", "bannedAt"),
    ("Customer", "isCurrent"),
    ("Customer", "localTime"),
    ("Customer", "night"),
    ("Customer", "note"),
    ("Customer", "reachable"),
    ("Customer", "tags"),
    ("Customer", "timeZone"),
    ("Customer", "timeZoneSource"),
    ("Customer", "version"),
    ("Escalation", "ticket"),
    ("Escalation", "triggerFiring"),
    ("EscalationPacket", "customer"),
    ("EscalationPacket", "keyMessages"),
    ("KnowledgeEntry", "session"),
    ("Message", "album"),
    ("Message", "replyTo"),
    ("Session", "escalationSuggestion"),
    ("Session", "knowledgeAnswers"),
    ("Session", "lastMessage"),
    ("Session", "leftAt"),
    ("Session", "messages"),
    ("Session", "notes"),
    ("Session", "pinnedMessages"),
    ("Session", "queuePlace"),
    ("Session", "rating"),
    ("Session", "routingGrounds"),
    ("Session", "scheduledMessages"),
    ("Session", "sla"),
    ("Session", "tags"),
    ("Session", "transfers"),
    ("Session", "triggerFirings"),
    ("SlaClock", "explain"),
    ("SlaClock", "explainTruncated"),
    ("SlaClock", "history"),
    ("SlaClock", "remainingSeconds"),
    ("SlaClock", "session"),
    ("SlaClock", "ticket"),
    ("SlaClockUpdated", "session"),
    ("Ticket", "customer"),
    ("Ticket", "escalations"),
    ("Ticket", "history"),
    ("Ticket", "messages"),
    ("Ticket", "session"),
    ("Ticket", "sla"),
    ("Ticket", "watchers"),
    ("Todo", "session"),
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
    /// For subscribers who select what the subscription does that is being resolved.
    pub(super) fn of(context: &Context<'_>) -> Self {
        let selected = Selected::by(context);
        Self { personal: selected.has(&PERSONAL_FIELDS), later: selected.has(&LATER_FIELDS), known: None }
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

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use async_graphql::parser::parse_schema;
    use async_graphql::parser::types::{BaseType, TypeKind, TypeSystemDefinition};

    use super::{LATER_FIELDS, PERSONAL_FIELDS};

    /// Fields that every agent with the same role in the project sees alike, by the types on which they stand.
    const COMMON_FIELDS: &str = include_str!("audience/common_fields.txt");

    #[test]
    fn each_field_that_an_event_leads_to_is_known_to_be_common_or_personal() {
        let common = fields_in_events().into_iter().map(|(kind, fields)| {
            let fields = fields.into_iter().filter(|field| !PERSONAL_FIELDS.contains(&(&*kind, &**field)));
            format!("{kind}: {}\n", Vec::from_iter(fields).join(" "))
        });
        assert_eq!(
            common.collect::<String>(),
            COMMON_FIELDS,
            "put a new field into the file if all who may see it see the same, or else into PERSONAL_FIELDS"
        );
    }

    #[test]
    fn each_field_that_is_looked_at_for_each_is_one_that_an_event_leads_to() {
        let reached = fields_in_events();
        for (kind, field) in PERSONAL_FIELDS.into_iter().chain(LATER_FIELDS) {
            assert!(reached.get(kind).is_some_and(|fields| fields.contains(field)), "no event leads to {kind}.{field}");
        }
    }

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
            reached.insert(name, fields.iter().map(|field| field.node.name.node.to_string()).collect());
            ahead.extend(fields.iter().map(|field| named(&field.node.ty.node.base)));
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
