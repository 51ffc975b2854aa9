//! Changing a trigger.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::trigger::{TriggerChange, TriggerRefusal as Refusal};
use domain::name::NameRefusal;
use domain::trigger::ProjectTriggerRefusal;
use domain::{TagId, WordListId};

use super::Trigger;
use super::ids::ids_of;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::session::SessionPriority;
use crate::schema::ticket::{EscalationLevel, EscalationReason};
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `triggerUpdate` takes.
#[derive(InputObject)]
pub(crate) struct TriggerUpdateInput {
    /// The global id of the trigger.
    trigger_id: ID,
    /// What it is called. Null or left out: it stays as it is.
    name: Option<String>,
    /// The global ids of the lists of words. Null or left out: they stay as they are.
    word_list_ids: Option<Vec<ID>>,
    /// How many messages in a row. Null: one message, once until the issue is resolved. Left out: it stays as it is.
    messages_in_a_row: MaybeUndefined<i32>,
    /// After how many minutes it fires for an issue that is unresolved. Null: it does not wait for that. Left out: it stays as
    /// it is.
    unresolved_minutes: MaybeUndefined<i32>,
    /// The most stars of a rating for which it fires. Null: it waits for no rating. Left out: it stays as it is.
    low_rating_stars: MaybeUndefined<i32>,
    /// The global ids of the tags. Null or left out: they stay as they are.
    tag_ids: Option<Vec<ID>>,
    /// The priority. Null: none. Left out: it stays as it is.
    raise_priority_to: MaybeUndefined<SessionPriority>,
    /// How high it suggests to escalate. Null: it does not. Left out: it stays as it is.
    suggest: MaybeUndefined<EscalationLevel>,
    /// How high it escalates by itself. Null: it does not. Left out: it stays as it is.
    escalate: MaybeUndefined<EscalationLevel>,
    /// Why it escalates. Null: what it waits for. Left out: it stays as it is.
    escalation_reason: MaybeUndefined<EscalationReason>,
    /// Whether it works. Null or left out: it stays as it is.
    active: Option<bool>,
    /// The version that you have seen. If given and the trigger has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `triggerUpdate`.
#[derive(SimpleObject)]
pub(crate) struct TriggerUpdatePayload {
    /// The trigger as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    trigger: Option<Trigger>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TriggerUpdateError>,
}

user_error! {
    /// Why `triggerUpdate` did nothing.
    TriggerUpdateError,
    /// The reasons of `triggerUpdate` to do nothing.
    TriggerUpdateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such trigger, or you may not see it.
        TriggerNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The trigger has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// The name has no visible character.
        NameEmpty,
        /// The name has more than 100 characters.
        NameTooLong,
        /// The name has a control character or one that turns the direction of writing.
        NameInvalid,
        /// The trigger would look for nothing.
        NoWordList,
        /// The trigger would do nothing.
        NoAction,
        /// The number of messages in a row is not from 1 to 20.
        MessagesInARowOutOfRange,
        /// It would look for words and wait for a time or a rating: it does one of these.
        SeveralConditions,
        /// The number of minutes is not from 1 to 10080.
        UnresolvedMinutesOutOfRange,
        /// The number of stars is not from 1 to 5.
        LowRatingStarsOutOfRange,
        /// A list of words is not of the project.
        WordListNotFound,
        /// A tag is not of the project, or was put away.
        TagNotFound,
    }
}

#[derive(Default)]
pub(crate) struct TriggerUpdate;

#[Object]
impl TriggerUpdate {
    /// Changes a trigger, or has it rest. For supervisors and administrators of the project.
    async fn trigger_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The trigger and what is to change.")] input: TriggerUpdateInput,
    ) -> Result<TriggerUpdatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(TriggerUpdatePayload { trigger: done.map(|done| Trigger::new(Arc::new(done), &view)), user_errors })
    }
}

async fn run(
    view: &View,
    input: TriggerUpdateInput,
) -> Result<domain::trigger::ProjectTrigger, Stop<domain::trigger::ProjectTrigger, TriggerUpdateError>> {
    use TriggerUpdateErrorCode as Code;
    let invalid = |field| move |invalid| TriggerUpdateError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.trigger_id).map_err(invalid("triggerId"))?;
    let lists = input.word_list_ids.as_deref().map(ids_of::<WordListId>).transpose();
    let tags = input.tag_ids.as_deref().map(ids_of::<TagId>).transpose();
    let change = TriggerChange {
        name: input.name,
        word_list_ids: lists.map_err(invalid("wordListIds"))?,
        messages_in_a_row: changed(input.messages_in_a_row, |messages| u32::try_from(messages).unwrap_or_default()),
        unresolved_minutes: changed(input.unresolved_minutes, |minutes| u32::try_from(minutes).unwrap_or_default()),
        low_rating: changed(input.low_rating_stars, |stars| u8::try_from(stars).unwrap_or_default()),
        tag_ids: tags.map_err(invalid("tagIds"))?,
        raise_to: changed(input.raise_priority_to, Into::into),
        suggest: changed(input.suggest, Into::into),
        escalate: changed(input.escalate, Into::into),
        reason: changed(input.escalation_reason, Into::into),
        active: input.active,
        expected_version: input.expected_version,
    };
    let changed = view.desk().trigger_update(view.actor(), id, &change).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

/// What something is changed to, if it is; within, nothing for none.
fn changed<T, U>(given: MaybeUndefined<T>, read: impl FnOnce(T) -> U) -> Option<Option<U>> {
    match given {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(read(value))),
    }
}

fn explain(refusal: Refusal) -> Stop<domain::trigger::ProjectTrigger, TriggerUpdateError> {
    use TriggerUpdateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::NotFound => (Code::TriggerNotFound, Some("triggerId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
        Refusal::Name(NameRefusal::Empty) => (Code::NameEmpty, Some("name")),
        Refusal::Name(NameRefusal::TooLong) => (Code::NameTooLong, Some("name")),
        Refusal::Name(NameRefusal::Invalid) => (Code::NameInvalid, Some("name")),
        Refusal::Rule(ProjectTriggerRefusal::NoWordList) => (Code::NoWordList, Some("wordListIds")),
        Refusal::Rule(ProjectTriggerRefusal::NoAction) => (Code::NoAction, None),
        Refusal::Rule(ProjectTriggerRefusal::MessagesInARow) => {
            (Code::MessagesInARowOutOfRange, Some("messagesInARow"))
        }
        Refusal::Rule(ProjectTriggerRefusal::SeveralConditions) => (Code::SeveralConditions, Some("unresolvedMinutes")),
        Refusal::Rule(ProjectTriggerRefusal::UnresolvedMinutes) => {
            (Code::UnresolvedMinutesOutOfRange, Some("unresolvedMinutes"))
        }
        Refusal::Rule(ProjectTriggerRefusal::LowRating) => (Code::LowRatingStarsOutOfRange, Some("lowRatingStars")),
        Refusal::WordListNotFound => (Code::WordListNotFound, Some("wordListIds")),
        Refusal::TagNotFound => (Code::TagNotFound, Some("tagIds")),
        Refusal::Standing(StandingRefusal::NotFound)
        | Refusal::TooMany
        | Refusal::NotAllOnce
        | Refusal::IdempotencyKey(_) => return Stop::unexpected(refusal),
    };
    let error = TriggerUpdateError::new(code, field, &refusal);
    let current = if let Refusal::VersionConflict(trigger) = refusal { Some(*trigger) } else { None };
    Stop::Refused { error, current }
}
