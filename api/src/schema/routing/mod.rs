//! Routing: who gets which session.

mod agent;
mod capacity_update;
mod condition;
mod grounds;
mod loader;
mod object;
mod rule;
mod rule_create;
mod rule_remove;
mod rule_reorder;
mod rule_update;
mod scope;
mod settings_update;

pub(crate) use agent::{AgentPresence, ProjectAgent};
pub(crate) use capacity_update::AgentCapacityUpdate;
pub(crate) use grounds::RoutingGrounds;
pub(crate) use loader::{DecisionOnSession, PlaceOfSession, RoutingRuleById};
pub(crate) use object::ProjectRouting;
pub(crate) use rule::RoutingRule;
pub(crate) use rule_create::RoutingRuleCreate;
pub(crate) use rule_remove::RoutingRuleRemove;
pub(crate) use rule_reorder::RoutingRuleReorder;
pub(crate) use rule_update::RoutingRuleUpdate;
pub(crate) use settings_update::RoutingSettingsUpdate;
