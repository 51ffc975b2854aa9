//! Changing how a project asks its customers what they think of the support.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use chrono::Duration;
use desk::project::StandingRefusal;
use desk::rating::{RatingChange, RatingRefusal as Refusal};
use domain::bot_text::{BotTextRefusal, InLanguage};
use domain::rating::{RatingSettings, RatingSettingsRefusal};

use crate::schema::bot_text::BotTextInput;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::project::Project;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `projectRatingUpdate` takes. What is left out stays as it is; each time is from 0 to 31622400 seconds (366 days).
#[derive(InputObject)]
pub(crate) struct ProjectRatingUpdateInput {
    /// The global id of the project.
    project_id: ID,
    /// Whether customers are asked for 1 to 5 stars when their session is resolved. Null or left out: it stays as it is.
    asks: Option<bool>,
    /// How long after the resolution they are asked, in seconds. Null or left out: it stays as it is.
    delay_seconds: Option<i64>,
    /// How long a customer is left in peace who was asked, in seconds. Null or left out: it stays as it is.
    minimum_interval_seconds: Option<i64>,
    /// How long after the question an answer counts, in seconds. Null or left out: it stays as it is.
    open_for_seconds: Option<i64>,
    /// The question in each language, and one without a language for all others; null for the words of the desk. Left out:
    /// it stays as it is.
    question: MaybeUndefined<Vec<BotTextInput>>,
    /// What those read who give 4 or 5 stars, before `reviewUrl`, likewise. Left out: it stays as it is.
    invitation: MaybeUndefined<Vec<BotTextInput>>,
    /// Where those are invited to leave a review who give 4 or 5 stars, beginning with `https://` or `http://`; null to
    /// invite nobody. Left out: it stays as it is.
    review_url: MaybeUndefined<String>,
    /// The global id of the agent who looks after those who give 3 stars or less; null for whomever the escalation finds.
    /// Left out: it stays as it is.
    low_rating_agent_id: MaybeUndefined<ID>,
    /// The version of the project that you have seen. If given and the project has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `projectRatingUpdate`.
#[derive(SimpleObject)]
pub(crate) struct ProjectRatingUpdatePayload {
    /// The project as it is now. Null if nothing was changed, except for `VERSION_CONFLICT`.
    project: Option<Project>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<ProjectRatingUpdateError>,
}

user_error! {
    /// Why `projectRatingUpdate` did nothing.
    ProjectRatingUpdateError,
    /// The reasons of `projectRatingUpdate` to do nothing.
    ProjectRatingUpdateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The project has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// A number of seconds is below 0 or above 31622400.
        SecondsOutOfRange,
        /// A language is not an IETF tag, is there twice, or there are too many.
        LanguageInvalid,
        /// There is no text without a language.
        FallbackMissing,
        /// Telegram could not take a text: it is empty or too long.
        TextInvalid,
        /// A text has a word that says nothing definite, such as “soon”.
        VagueWord,
        /// The address cannot be opened.
        UrlInvalid,
        /// The agent is unknown, not active, or has no role in the project.
        NoSuchAgent,
    }
}

#[derive(Default)]
pub(crate) struct ProjectRatingUpdate;

#[Object]
impl ProjectRatingUpdate {
    /// Changes how a project asks its customers what they think of the support. Whoever was asked before answers by the
    /// times that held then. For supervisors and administrators of the project.
    async fn project_rating_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The project and what is to change.")] input: ProjectRatingUpdateInput,
    ) -> Result<ProjectRatingUpdatePayload> {
        let view = View::fresh(context).await?;
        let (project, user_errors) = settled(update(&view, input)).await?;
        let project = project.map(|project| Project::new(Arc::new(project), &view));
        Ok(ProjectRatingUpdatePayload { project, user_errors })
    }
}

async fn update(
    view: &View,
    input: ProjectRatingUpdateInput,
) -> Result<domain::Project, Stop<domain::Project, ProjectRatingUpdateError>> {
    use ProjectRatingUpdateErrorCode as Code;
    let id = id::parse(&input.project_id)
        .map_err(|invalid| ProjectRatingUpdateError::new(Code::InvalidId, Some("projectId"), invalid))?;
    let agent = given(input.low_rating_agent_id);
    let agent = agent.map(|agent| agent.as_ref().map(|agent| id::parse(agent)).transpose()).transpose();
    let low_rating_agent_id =
        agent.map_err(|invalid| ProjectRatingUpdateError::new(Code::InvalidId, Some("lowRatingAgentId"), invalid))?;
    let change = RatingChange {
        asks: input.asks,
        delay: time("delaySeconds", input.delay_seconds)?,
        minimum_interval: time("minimumIntervalSeconds", input.minimum_interval_seconds)?,
        open_for: time("openForSeconds", input.open_for_seconds)?,
        question: texts(input.question),
        invitation: texts(input.invitation),
        review_url: given(input.review_url),
        low_rating_agent_id,
        expected_version: input.expected_version,
    };
    let changed = view.desk().project_rating_update(view.actor(), id, &change).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn time(field: &'static str, seconds: Option<i64>) -> Result<Option<Duration>, ProjectRatingUpdateError> {
    use ProjectRatingUpdateErrorCode as Code;
    let time = seconds.map(RatingSettings::time).transpose();
    time.map_err(|refusal| ProjectRatingUpdateError::new(Code::SecondsOutOfRange, Some(field), refusal))
}

fn texts(value: MaybeUndefined<Vec<BotTextInput>>) -> Option<Option<Vec<InLanguage>>> {
    given(value).map(|texts| texts.map(|texts| texts.into_iter().map(BotTextInput::parts).collect()))
}

/// What is to be set, if anything: something or nothing.
fn given<T>(value: MaybeUndefined<T>) -> Option<Option<T>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

fn explain(refusal: Refusal) -> Stop<domain::Project, ProjectRatingUpdateError> {
    use ProjectRatingUpdateErrorCode as Code;
    use RatingSettingsRefusal as Settings;
    let (code, field) = match &refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
        Refusal::Question(text) => match code_of(text) {
            Some(code) => (code, Some("question")),
            None => return Stop::unexpected(refusal),
        },
        Refusal::Invitation(text) => match code_of(text) {
            Some(code) => (code, Some("invitation")),
            None => return Stop::unexpected(refusal),
        },
        Refusal::Settings(Settings::Time) => (Code::SecondsOutOfRange, None),
        Refusal::Settings(Settings::ReviewUrl) => (Code::UrlInvalid, Some("reviewUrl")),
        Refusal::Settings(Settings::VagueQuestion(_)) => (Code::VagueWord, Some("question")),
        Refusal::Settings(Settings::VagueInvitation(_)) => (Code::VagueWord, Some("invitation")),
        Refusal::Settings(Settings::NoQuestion) => (Code::FallbackMissing, Some("question")),
        Refusal::Settings(Settings::NoInvitation) => (Code::FallbackMissing, Some("invitation")),
        Refusal::NoSuchAgent => (Code::NoSuchAgent, Some("lowRatingAgentId")),
    };
    let error = ProjectRatingUpdateError::new(code, field, &refusal);
    let current = match refusal {
        Refusal::VersionConflict(project) => Some(*project),
        _ => None,
    };
    Stop::Refused { error, current }
}

/// What is wrong with a text; nothing for what only commands have.
fn code_of(refusal: &BotTextRefusal) -> Option<ProjectRatingUpdateErrorCode> {
    use ProjectRatingUpdateErrorCode as Code;
    match refusal {
        BotTextRefusal::Language(_) | BotTextRefusal::LanguageTwice(_) | BotTextRefusal::TooManyLanguages => {
            Some(Code::LanguageInvalid)
        }
        BotTextRefusal::NoFallback => Some(Code::FallbackMissing),
        BotTextRefusal::Text(_) => Some(Code::TextInvalid),
        _ => None,
    }
}
