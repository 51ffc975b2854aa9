//! Which operation of the API stands behind a change of a session or a message.

use domain::event::Cause;

/// The name of the operation by which an agent does what an event has this cause for. What no agent does has the name of
/// the cause.
pub(crate) fn operation_of(cause: Cause) -> &'static str {
    match cause {
        Cause::Assignment => "sessionAssign",
        Cause::AgentClose => "sessionClose",
        Cause::AgentReopen => "sessionReopen",
        Cause::Transfer => "sessionTransfer",
        Cause::TakeOver => "sessionTakeOver",
        Cause::Join => "sessionParticipantAdd",
        Cause::Leave => "sessionParticipantRemove",
        Cause::StatusChange => "sessionStatusUpdate",
        Cause::Resolved => "sessionResolve",
        Cause::Priority => "sessionPriorityUpdate",
        Cause::AgentEdit => "messageEdit",
        Cause::AgentDelete => "messageDelete",
        other => other.name(),
    }
}
