//! Serving one bot.

use std::pin::pin;
use std::sync::Arc;

use desk::project::Bot;
use desk::supervise;
use domain::BotMode;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Shared;
use super::commands::Commands;
use super::introduction::Introduction;
use super::report::Report;
use super::share::Seat;
use super::tenure::{Lost, Tenure};
use crate::intake::{Poller, Registration, WebhookAddress};
use crate::sender::{Outfit, Sender};
use crate::telegram::{BadToken, Endpoint, Token};

/// One bot, with all that is needed to serve it.
pub(super) struct Post {
    shared: Arc<Shared>,
    bot: Bot,
    endpoint: Endpoint,
    intake: Intake,
    report: Arc<Report>,
}

/// How the updates of a bot come in.
enum Intake {
    Polling,
    Webhook { address: WebhookAddress, public_url: String },
}

impl Post {
    /// A bot without a token is a simulated one, which is always polled.
    pub(super) fn new(shared: Arc<Shared>, bot: Bot) -> Result<Self, BadToken> {
        let Some(token) = &bot.token else {
            let endpoint = shared.sandbox.admit(bot.project_id);
            let report = Arc::new(Report::new(shared.desk.clone(), bot.project_id, BotMode::Sandbox));
            return Ok(Self { shared, bot, endpoint, intake: Intake::Polling, report });
        };
        let token: Token = token.trim().parse()?;
        let intake = match &shared.settings.public_url {
            None => Intake::Polling,
            Some(public_url) => Intake::Webhook {
                address: WebhookAddress::new(&shared.desk.keys().webhooks, bot.project_id, token.bot_id()),
                public_url: public_url.clone(),
            },
        };
        let endpoint = shared.telegram.with_token(token);
        let report = match &intake {
            Intake::Polling => Report::new(shared.desk.clone(), bot.project_id, BotMode::Polling),
            Intake::Webhook { public_url, .. } => {
                let url = WebhookAddress::shown(bot.project_id, public_url);
                Report::of_webhook(shared.desk.clone(), bot.project_id, url)
            }
        };
        Ok(Self { shared, bot, endpoint, intake, report: Arc::new(report) })
    }

    /// Serves the bot whenever this process has its lease, until told to stop. What is under way
    /// then is finished first.
    pub(super) async fn serve(self, stop: CancellationToken) {
        let Shared { desk, holder, settings, .. } = &*self.shared;
        let tenure = Tenure::new(desk.clone(), holder.clone(), settings.lease_ttl, self.bot.project_id);
        while !stop.is_cancelled() {
            let (seat, until) = tokio::select! {
                () = stop.cancelled() => break,
                begun = self.begin(&tenure) => begun,
            };
            let is_handed_over = self.serve_until_lost(seat, until, &stop).await;
            if is_handed_over {
                tenure.end().await;
                // Another process takes its turn before this one would do so again.
                self.pause(&stop).await;
            }
        }
        tenure.end().await;
    }

    /// Waits until this process has the lease. While another one has it, another bot may have
    /// the place among those that this process serves.
    async fn begin(&self, tenure: &Tenure) -> (Seat<'_>, Instant) {
        loop {
            let seat = self.shared.share.take().await;
            if let Some(until) = tenure.begin().await {
                return (seat, until);
            }
            drop(seat);
            tokio::time::sleep(self.shared.holder.renewal_interval()).await;
        }
    }

    /// Serves the bot until told to stop, or until the lease is lost or has to be handed over.
    /// Answers whether it is the latter.
    async fn serve_until_lost(&self, mut seat: Seat<'_>, until: Instant, stop: &CancellationToken) -> bool {
        let project = self.bot.project_id;
        tracing::info!(%project, "this process serves the bot");
        let end = stop.child_token();
        let mut work = pin!(self.work(&end));
        // It is renewed for as long as anything is under way.
        let mut hold = pin!(self.shared.renewals.hold(project, until, self.shared.settings.lease_ttl));
        let lost = tokio::select! {
            () = &mut work => return false,
            lost = &mut hold => Some(lost),
            () = seat.until_surplus() => None,
        };
        end.cancel();
        match lost {
            Some(Lost::Taken) => {
                tracing::warn!(%project, "another process has the lease of the bot; this one serves it no longer");
            }
            Some(Lost::NotRenewed) => {
                tracing::warn!(
                    %project,
                    "the lease of the bot could not be renewed in time; it is not served here before it is taken again"
                );
            }
            None => {
                tracing::info!(%project, "this process serves more than its share and hands the bot over");
                tokio::select! {
                    () = &mut work => return true,
                    _ = &mut hold => {}
                }
            }
        }
        work.await;
        lost.is_none()
    }

    async fn pause(&self, stop: &CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(self.shared.holder.renewal_interval()) => {}
        }
    }

    async fn work(&self, stop: &CancellationToken) {
        metrics::gauge!("switchboard_telegram_bots_served").increment(1);
        let project = Some(self.bot.project_id);
        tokio::join!(
            supervise("introduction", project, stop, || self.introduction().run(stop.clone())),
            supervise("commands", project, stop, || self.commands().run(stop.clone())),
            self.take_in(stop),
            supervise("sender", project, stop, || self.sender().run(stop.clone())),
        );
        metrics::gauge!("switchboard_telegram_bots_served").decrement(1);
    }

    async fn take_in(&self, stop: &CancellationToken) {
        let project = Some(self.bot.project_id);
        match &self.intake {
            Intake::Polling => supervise("poller", project, stop, || self.poller().run(stop.clone())).await,
            Intake::Webhook { address, public_url } => {
                let registration = || Registration {
                    client: self.shared.client.clone(),
                    endpoint: self.endpoint.clone(),
                    project_id: self.bot.project_id,
                    address: address.clone(),
                    public_url: public_url.clone(),
                    report: Arc::clone(&self.report),
                };
                supervise("webhook", project, stop, || registration().run(stop.clone())).await;
            }
        }
    }

    fn commands(&self) -> Commands {
        Commands {
            news: self.shared.new_commands.listen(),
            desk: self.shared.desk.clone(),
            client: self.shared.client.clone(),
            endpoint: self.endpoint.clone(),
            project_id: self.bot.project_id,
        }
    }

    fn introduction(&self) -> Introduction {
        Introduction {
            desk: self.shared.desk.clone(),
            client: self.shared.client.clone(),
            endpoint: self.endpoint.clone(),
            project_id: self.bot.project_id,
        }
    }

    fn poller(&self) -> Poller {
        Poller {
            desk: self.shared.desk.clone(),
            client: self.shared.client.clone(),
            endpoint: self.endpoint.clone(),
            project_id: self.bot.project_id,
            timeout_seconds: self.shared.settings.poll_timeout_seconds.clamp(1, 50),
            report: Arc::clone(&self.report),
        }
    }

    fn sender(&self) -> Sender {
        Sender::new(Outfit {
            desk: self.shared.desk.clone(),
            client: self.shared.client.clone(),
            endpoint: self.endpoint.clone(),
            project_id: self.bot.project_id,
            request_timeout: self.shared.settings.request_timeout,
            pace: self.shared.settings.pace.clone(),
            holder: self.shared.holder.clone(),
            report: Arc::clone(&self.report),
        })
    }
}
