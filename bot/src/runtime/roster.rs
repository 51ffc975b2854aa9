//! Following which bots there are.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use desk::project::{Bot, Duty};
use domain::ProjectId;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::Shared;
use super::farewell::dismiss;
use super::post::Post;
use crate::cause::cause_of;
use crate::telegram::{BotId, Token};

/// How often the bots are looked up at most. A project made through the API is served by then.
const LOOK_GAP: Duration = Duration::from_millis(500);

/// How long to wait before looking all the same.
const LOOK_AFTER: Duration = Duration::from_secs(30);

/// The bots that are served.
pub(super) struct Roster {
    shared: Arc<Shared>,
    served: HashMap<ProjectId, Served>,
}

/// A bot that is served, or whose service is just ending.
struct Served {
    bot: Bot,
    stop: CancellationToken,
    task: AbortOnDropHandle<()>,
}

impl Roster {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, served: HashMap::new() }
    }

    /// Serves the bots that there are until told to stop, and returns when the last one's service
    /// has ended.
    pub(super) async fn follow(mut self, stop: CancellationToken) {
        let mut rings = self.shared.desk.bell().listen();
        while !stop.is_cancelled() {
            rings.mark_unchanged();
            match self.shared.desk.bots().await {
                Ok(bots) => self.bring_up_to_date(bots, &stop),
                Err(error) => tracing::warn!(error = cause_of(&error), "the bots cannot be looked up; trying again"),
            }
            let next_look = async {
                tokio::time::sleep(LOOK_GAP).await;
                // A time-out is as good as a ring.
                let _ = tokio::time::timeout(LOOK_AFTER, rings.changed()).await;
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = next_look => {}
            }
        }
        for (_, served) in self.served {
            // A service that panicked has ended, too.
            let _ = served.task.await;
        }
    }

    /// Ends the service of bots that are gone or have another token, and begins that of new ones.
    /// A bot with a new token is begun when the service with the old one has ended, so that never
    /// two of them work side by side.
    fn bring_up_to_date(&mut self, bots: Vec<Bot>, stop: &CancellationToken) {
        self.shared.receiver.expect(with_webhooks(&self.shared, &bots));
        self.shared.share.set_bots(bots.iter().filter(|bot| bot.duty == Duty::Serve).count());
        let bots: HashMap<_, _> = bots.into_iter().map(|bot| (bot.project_id, bot)).collect();
        for (project, served) in &self.served {
            if bots.get(project) != Some(&served.bot) {
                served.stop.cancel();
            }
        }
        self.served.retain(|_, served| !served.task.is_finished());
        for (project, bot) in bots {
            let shared = &self.shared;
            self.served.entry(project).or_insert_with(|| Served::begin(shared, bot, stop.child_token()));
        }
    }
}

impl Served {
    fn begin(shared: &Arc<Shared>, bot: Bot, stop: CancellationToken) -> Self {
        let project = bot.project_id;
        let until_stopped = stop.clone();
        if bot.duty == Duty::Dismiss {
            let task = tokio::spawn(dismiss(Arc::clone(shared), bot.clone(), until_stopped));
            return Self { bot, stop, task: AbortOnDropHandle::new(task) };
        }
        let post = Post::new(Arc::clone(shared), bot.clone());
        let task = tokio::spawn(async move {
            match post {
                Ok(post) => post.serve(until_stopped).await,
                Err(error) => {
                    tracing::error!(%project, "the bot cannot be served: {error}");
                    until_stopped.cancelled().await;
                }
            }
        });
        Self { bot, stop, task: AbortOnDropHandle::new(task) }
    }
}

/// The bots whose updates are delivered, by project.
pub(super) fn with_webhooks(shared: &Shared, bots: &[Bot]) -> HashMap<ProjectId, BotId> {
    if shared.settings.public_url.is_none() {
        return HashMap::new();
    }
    let bot_id = |bot: &Bot| bot.token.as_ref()?.trim().parse::<Token>().ok().map(|token| token.bot_id());
    let served = bots.iter().filter(|bot| bot.duty == Duty::Serve);
    served.filter_map(|bot| Some((bot.project_id, bot_id(bot)?))).collect()
}
