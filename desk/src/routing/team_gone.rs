//! What a project says about routing when one of its teams goes.

use domain::audit::ObjectKind;
use domain::routing::{Policy, Scope};
use domain::{Project, TeamId, Time};
use serde_json::json;
use store::Tx;

use super::round::hasten_round_if_wanted;
use super::{policy, rule};
use crate::Actor;
use crate::audit::Audited;

/// Has nothing aim at a team that is about to be deleted: rules that give sessions to it alone are switched off, and the
/// sessions that no rule is for are for all agents if they were for it. Nobody changes what the project says, or decides
/// by it, until the transaction ends; so nobody aims at the team in the meantime.
pub(crate) async fn aim_past_team(
    tx: &mut Tx,
    actor: &Actor,
    project: &Project,
    team: TeamId,
    wall: Time,
) -> Result<(), store::Error> {
    let scope = Scope::Team(team);
    if let Some(before) = policy::lock(tx, project.id).await?.filter(|policy| policy.scope == scope) {
        let after = tx.set_routing_policy(&Policy { scope: Scope::All, ..before.clone() }).await?;
        let object = (ObjectKind::Routing, project.id.0);
        let audited = Audited::in_project(&actor.agent, project, "routingSettingsUpdate", object, wall);
        let details = json!({ "before": policy::told(&before), "after": policy::told(&after) });
        audited.with(&details).write(tx).await?;
    }
    for mut listed in tx.routing_rules(project.id).await? {
        if listed.active && listed.rule.scope.as_ref() == Some(&scope) {
            listed.active = false;
            let listed = tx.update_routing_rule(&listed).await?;
            let object = (ObjectKind::RoutingRule, listed.id().0);
            let audited = Audited::in_project(&actor.agent, project, "routingRuleUpdate", object, wall);
            audited.with(&rule::told(&listed)).write(tx).await?;
        }
    }
    hasten_round_if_wanted(tx, project.id, wall).await
}
