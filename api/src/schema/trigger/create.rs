//! Making a trigger.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::project::StandingRefusal;
use desk::trigger::{NewTrigger, TriggerRefusal as Refusal};
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

/// What `triggerCreate` takes.
#[derive(InputObject)]
pub(crate) struct TriggerCreateInput {
    /// The global id of the project.
    project_id: ID,
    /// What it is called, 1 to 100 characters.
    name: String,
    /// The global ids of the lists of words that it looks for in what customers write. Null or left out: it waits for
    /// something else.
    word_list_ids: Option<Vec<ID>>,
    /// How many messages of the customer in a row have to have one of the words, 1 to 20; it fires at each such row.
    /// Null or left out: one message, and then not again until the issue is resolved.
    messages_in_a_row: Option<i32>,
    /// After how many minutes it fires for an issue that is unresolved, 1 to 10080, once until the issue is resolved. Null or
    /// left out: it does not wait for that.
    unresolved_minutes: Option<i32>,
    /// The most stars of a rating for which it fires, 1 to 5. Null or left out: it waits for no rating.
    low_rating_stars: Option<i32>,
    /// The global ids of the tags that it gives to the session. Null or left out: none.
    tag_ids: Option<Vec<ID>>,
    /// The priority that the session has at least from then on. Null or left out: it stays as it is.
    raise_priority_to: Option<SessionPriority>,
    /// How high it suggests to the agent to escalate. Null or left out: it does not.
    suggest: Option<EscalationLevel>,
    /// How high it escalates by itself. Where no team of that line is there, it suggests it. Null or left out: it does not.
    escalate: Option<EscalationLevel>,
    /// Why it escalates. Null or left out: `UNRESOLVED` or `LOW_RATING` if it waits for that, and otherwise `OTHER`.
    escalation_reason: Option<EscalationReason>,
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with
    /// the same input makes no other trigger and gives the first one. Null or left out: sending again is another
    /// request.
    idempotency_key: Option<String>,
}

/// What came of `triggerCreate`.
#[derive(SimpleObject)]
pub(crate) struct TriggerCreatePayload {
    /// The new trigger. Null if none was made.
    trigger: Option<Trigger>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TriggerCreateError>,
}

user_error! {
    /// Why `triggerCreate` did nothing.
    TriggerCreateError,
    /// The reasons of `triggerCreate` to do nothing.
    TriggerCreateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
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
        /// The project has 50 triggers.
        TooManyTriggers,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used for another request within 24 hours.
        IdempotencyKeyReused,
    }
}

#[derive(Default)]
pub(crate) struct TriggerCreate;

#[Object]
impl TriggerCreate {
    /// Makes a trigger: what the desk does by itself with a session when its customer writes one of some words or gives few
    /// stars, or when its issue stays unresolved. It works at once, and stands behind the others. For supervisors and
    /// administrators of the project.
    async fn trigger_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The trigger to make.")] input: TriggerCreateInput,
    ) -> Result<TriggerCreatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(TriggerCreatePayload { trigger: done.map(|done| Trigger::new(Arc::new(done), &view)), user_errors })
    }
}

async fn run(
    view: &View,
    input: TriggerCreateInput,
) -> Result<domain::trigger::ProjectTrigger, Stop<domain::trigger::ProjectTrigger, TriggerCreateError>> {
    use TriggerCreateErrorCode as Code;
    let invalid = |field| move |invalid| TriggerCreateError::new(Code::InvalidId, Some(field), invalid);
    let new = NewTrigger {
        project_id: id::parse(&input.project_id).map_err(invalid("projectId"))?,
        name: input.name,
        word_list_ids: ids_of::<WordListId>(&input.word_list_ids.unwrap_or_default())
            .map_err(invalid("wordListIds"))?,
        messages_in_a_row: input.messages_in_a_row.map(|messages| u32::try_from(messages).unwrap_or_default()),
        unresolved_minutes: input.unresolved_minutes.map(|minutes| u32::try_from(minutes).unwrap_or_default()),
        low_rating: input.low_rating_stars.map(|stars| u8::try_from(stars).unwrap_or_default()),
        tag_ids: ids_of::<TagId>(&input.tag_ids.unwrap_or_default()).map_err(invalid("tagIds"))?,
        raise_to: input.raise_priority_to.map(domain::Priority::from),
        suggest: input.suggest.map(Into::into),
        escalate: input.escalate.map(Into::into),
        reason: input.escalation_reason.map(Into::into),
        idempotency_key: input.idempotency_key,
    };
    let made = view.desk().trigger_create(view.actor(), &new).await;
    made.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::trigger::ProjectTrigger, TriggerCreateError> {
    use TriggerCreateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
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
        Refusal::TooMany => (Code::TooManyTriggers, None),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => {
            (Code::IdempotencyKeyMalformed, Some("idempotencyKey"))
        }
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Reused) => (Code::IdempotencyKeyReused, Some("idempotencyKey")),
        Refusal::NotFound | Refusal::VersionConflict(_) | Refusal::NotAllOnce => return Stop::unexpected(refusal),
    };
    TriggerCreateError::new(code, field, refusal).into()
}
