//! Collecting the numbers of a project.

use std::collections::{BTreeMap, HashMap};

use domain::filter::{Page, SessionFilter, SessionKey, SessionOrder, SessionOrderField};
use domain::rating::Score;
use domain::statistics::{Collected, Figures, LONGEST_RANGE, RatingFigures, SessionTimes};
use domain::{AgentId, ApiScope, ProjectId, Role, Session, SessionId, TeamId, Time};
use store::Reader;
use store::statistics::{MetricCount, Of, ReasonCount, ScoreCounts};

use crate::{Actor, Desk, Error};

/// How many sessions are read at once.
const BATCH: usize = 500;

/// Which numbers are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatisticsOf {
    /// From this time on, on the project's clock.
    pub from: Time,
    /// Until right before this time.
    pub until: Time,
    /// Those of one team.
    pub team_id: Option<TeamId>,
    /// Those of one agent.
    pub agent_id: Option<AgentId>,
}

/// The numbers of a project. Times are those of the sessions that started in the range; ratings, escalations and promises
/// are those that were given, made and ended in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    /// Of everybody.
    pub all: Figures,
    /// Of each agent.
    pub agents: BTreeMap<AgentId, Figures>,
    /// Of each team.
    pub teams: BTreeMap<TeamId, Figures>,
    /// Why things were escalated, the most frequent first.
    pub escalation_reasons: Vec<ReasonCount>,
    /// Which promises were met.
    pub compliance: Vec<MetricCount>,
}

impl Desk {
    /// The numbers of a project, for its supervisors and administrators.
    pub async fn statistics(&self, actor: &Actor, project: ProjectId, of: StatisticsOf) -> Result<Statistics, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let role = self.role_in(actor, project).await?.ok_or(Error::NotFound("project"))?;
        if role < Role::Supervisor {
            return Err(Error::Forbidden);
        }
        if of.until <= of.from || of.until - of.from > LONGEST_RANGE {
            let refusal = "a range ends after its beginning and within 366 days: change `from` or `to`";
            return Err(Error::InvalidArgument(refusal.to_owned()));
        }
        let mut reader = self.store.read().await?;
        let (mut all, mut agents, mut teams) = times(&mut reader, project, of).await?.figures();
        let StatisticsOf { from, until, team_id, agent_id } = of;
        let counted = Of { from, until, agent_id, team_id };
        for (agent, scores) in reader.scores_of_agents(project, counted).await? {
            let ratings = ratings_of(&scores);
            add(&mut all.ratings, &scores);
            if let Some(agent) = agent {
                agents.entry(agent).or_default().ratings = ratings;
            }
        }
        for (team, scores) in reader.scores_of_teams(project, counted).await? {
            if let Some(team) = team {
                teams.entry(team).or_default().ratings = ratings_of(&scores);
            }
        }
        for (agent, count) in reader.escalations_of_agents(project, counted).await? {
            all.escalations += count;
            if let Some(agent) = agent {
                agents.entry(agent).or_default().escalations = count;
            }
        }
        for (team, count) in reader.escalations_of_teams(project, counted).await? {
            if let Some(team) = team {
                teams.entry(team).or_default().escalations = count;
            }
        }
        let escalation_reasons = reader.escalation_reasons(project, counted).await?;
        let compliance = reader.compliance(project, counted).await?;
        Ok(Statistics { all, agents, teams, escalation_reasons, compliance })
    }
}

/// The times of the sessions that started in the range, read some at a time.
async fn times(reader: &mut Reader, project: ProjectId, of: StatisticsOf) -> Result<Collected, Error> {
    let mut conditions = vec![SessionFilter::CreatedSince(of.from), SessionFilter::CreatedBefore(of.until)];
    conditions.extend(of.team_id.map(|team| SessionFilter::Team(vec![team])));
    let filter = SessionFilter::All(conditions);
    let order = SessionOrder { field: SessionOrderField::CreatedAt, descending: false };
    let mut collected = Collected::default();
    let mut after = None;
    loop {
        let page = Page { after, before: None, size: BATCH, from_end: false };
        let sessions = reader.session_page(project, &filter, order, page).await?;
        let Some(last) = sessions.last() else { return Ok(collected) };
        after = Some(SessionKey { micros: last.created_at.timestamp_micros(), id: last.id.0 });
        let ids: Vec<i64> = sessions.iter().map(|session| session.id.0).collect();
        let first = reader.first_answers(&ids).await?;
        let messages = reader.messages(&first).await?.into_iter();
        let answered: HashMap<SessionId, (AgentId, Time)> = messages
            .filter_map(|message| Some((message.session_id, (message.author_id?, message.created_at))))
            .collect();
        for session in &sessions {
            collected.add(&times_of(session, answered.get(&session.id).copied()), of.agent_id);
        }
        if sessions.len() < BATCH {
            return Ok(collected);
        }
    }
}

fn times_of(session: &Session, answered: Option<(AgentId, Time)>) -> SessionTimes {
    let resolved = session.resolution.as_ref().map(|resolution| (session.assignee_id.or(resolution.by), resolution.at));
    let closed = session.closed_at.map(|closed_at| (session.assignee_id, closed_at));
    SessionTimes { started_at: session.created_at, team_id: session.team_id, answered, ended: resolved.or(closed) }
}

fn ratings_of(scores: &ScoreCounts) -> RatingFigures {
    let mut ratings = RatingFigures::default();
    add(&mut ratings, scores);
    ratings
}

fn add(ratings: &mut RatingFigures, scores: &ScoreCounts) {
    for (score, count) in Score::all().zip(scores) {
        ratings.add(score, *count);
    }
}
