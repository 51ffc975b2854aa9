//! Reading the rights of agents.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::{Agent, AgentId, ApiScope, ProjectId, Role, TeamId, Time};
use store::Reader;
use tokio::sync::watch;
use tokio::time::sleep;

use super::{Actor, LastUse, Standing};
use crate::{Credential, Desk, Error};

/// How long to wait before rights are looked at again that could not be read.
const RETRY_AFTER: Duration = Duration::from_secs(1);

impl Desk {
    /// The agent who acts through a credential, with the rights that they have now, at most a
    /// second old. Fails with [`Error::Unauthenticated`] once the credential has ended or the
    /// agent is no longer active.
    ///
    /// As long as the rights are the same, so is the actor.
    pub async fn actor(&self, credential: Credential) -> Result<Arc<Actor>, Error> {
        let actor = match self.actors.fresh(credential, self.now()) {
            Some(actor) => actor,
            None => self.look_up(credential).await?,
        };
        self.note_use(&actor);
        Ok(actor)
    }

    /// Waits until a credential is no longer taken: for the end of the sign-in, the revocation of
    /// the API token, or the deactivation of the agent. A database that is out of reach ends
    /// nothing.
    pub async fn credential_ended(&self, credential: Credential) {
        loop {
            match self.actor(credential).await {
                Ok(actor) => {
                    // The sender lives as long as the actor does.
                    let _ = actor.standing().wait_for(|standing| *standing != Standing::Present).await;
                    if *actor.standing.borrow() == Standing::Ended {
                        return;
                    }
                }
                Err(Error::Unauthenticated) => return,
                Err(_) => sleep(RETRY_AFTER).await,
            }
        }
    }

    async fn look_up(&self, credential: Credential) -> Result<Arc<Actor>, Error> {
        loop {
            let generation = self.actors.generation();
            let mut reader = self.store.read().await?;
            let Some(actor) = read(&mut reader, &[credential], self.now()).await?.remove(&credential) else {
                self.actors.end(credential);
                return Err(Error::Unauthenticated);
            };
            // Everybody's rights may have been read anew meanwhile.
            if let Some(actor) = self.actors.remember(actor, generation) {
                return Ok(actor);
            }
        }
    }
}

/// What a credential stands for.
struct Claim {
    credential: Credential,
    agent_id: AgentId,
    scopes: Option<Vec<ApiScope>>,
    expires_at: Option<Time>,
    last_used_at: Option<Time>,
}

/// The actors of those of the credentials that are taken, in four statements for one kind of
/// them, whatever their number.
pub(super) async fn read(
    reader: &mut Reader,
    credentials: &[Credential],
    now: Time,
) -> Result<HashMap<Credential, Actor>, store::Error> {
    let claims = claims(reader, credentials, now).await?;
    if claims.is_empty() {
        return Ok(HashMap::new());
    }
    let mut ids: Vec<i64> = claims.iter().map(|claim| claim.agent_id.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let agents = reader.agents(&ids).await?.into_iter().filter(|agent| agent.active);
    let agents: HashMap<AgentId, Agent> = agents.map(|agent| (agent.id, agent)).collect();
    let mut memberships: HashMap<AgentId, HashMap<ProjectId, Role>> = HashMap::new();
    for (agent, project, role) in reader.memberships_of(&ids).await? {
        memberships.entry(agent).or_default().insert(project, role);
    }
    let mut teams: HashMap<AgentId, Vec<TeamId>> = HashMap::new();
    for (agent, team) in reader.teams_of_agents(&ids).await? {
        teams.entry(agent).or_default().push(team);
    }
    let actor = |claim: Claim| {
        let actor = Actor {
            agent: agents.get(&claim.agent_id)?.clone(),
            credential: claim.credential,
            memberships: memberships.get(&claim.agent_id).cloned().unwrap_or_default(),
            team_ids: teams.get(&claim.agent_id).cloned().unwrap_or_default().into(),
            scopes: claim.scopes,
            expires_at: claim.expires_at,
            last_use: LastUse::noted(claim.last_used_at),
            standing: watch::Sender::new(Standing::Present),
        };
        Some((claim.credential, actor))
    };
    Ok(claims.into_iter().filter_map(actor).collect())
}

async fn claims(reader: &mut Reader, credentials: &[Credential], now: Time) -> Result<Vec<Claim>, store::Error> {
    let (mut families, mut tokens) = (Vec::new(), Vec::new());
    for credential in credentials {
        match credential {
            Credential::SignIn { family_id, .. } => families.push(family_id.0),
            Credential::ApiToken(id) => tokens.push(id.0),
        }
    }
    let mut claims = Vec::with_capacity(credentials.len());
    if !families.is_empty() {
        let live = reader.live_token_families(&families, now).await?;
        claims.extend(live.into_iter().map(|(family_id, agent_id, expires_at)| Claim {
            credential: Credential::SignIn { agent_id, family_id },
            agent_id,
            scopes: None,
            expires_at: Some(expires_at),
            last_used_at: None,
        }));
    }
    if !tokens.is_empty() {
        let live = reader.api_tokens(&tokens).await?.into_iter().filter(|token| token.is_live(now));
        claims.extend(live.map(|token| Claim {
            credential: Credential::ApiToken(token.id),
            agent_id: token.agent_id,
            scopes: Some(token.scopes),
            expires_at: token.expires_at,
            last_used_at: token.last_used_at,
        }));
    }
    Ok(claims)
}
