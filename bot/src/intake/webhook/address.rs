//! Where the updates of one bot are delivered, and the proof that they come from Telegram.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use desk::keys::Mac;
use domain::ProjectId;

use crate::telegram::BotId;

/// The path below the public address under which webhooks are.
const PREFIX: &str = "/telegram/";

/// The webhook of one bot: a path that cannot be guessed, and a secret that Telegram sends along
/// in a header, where it is not logged on the way as a path may be.
///
/// Both are codes of the desk's key over the numbers of project and bot. They need not be
/// stored, every process of the desk makes up the same ones, and when the key is changed those
/// of the previous one are still taken until Telegram has been told the new ones.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookAddress {
    path: String,
    secret: String,
}

impl WebhookAddress {
    /// The webhook of a project's bot. `key` is the desk's key for webhooks.
    #[must_use]
    pub fn new(key: &Mac, project_id: ProjectId, bot_id: BotId) -> Self {
        let path_code = URL_SAFE_NO_PAD.encode(key.tag(path_message(project_id, bot_id).as_bytes()));
        let secret = URL_SAFE_NO_PAD.encode(key.tag(secret_message(project_id, bot_id).as_bytes()));
        Self { path: format!("{PREFIX}{project_id}-{path_code}"), secret }
    }

    /// The path, with the slash that it begins with.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What Telegram sends in the header `X-Telegram-Bot-Api-Secret-Token`.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        &self.secret
    }

    /// The address as it may be shown, without the part that cannot be guessed.
    #[must_use]
    pub fn shown(project_id: ProjectId, public_url: &str) -> String {
        format!("{}{PREFIX}{project_id}-…", public_url.trim_end_matches('/'))
    }

    /// The whole address, for a desk that is reached at `public_url`.
    #[must_use]
    pub fn url(&self, public_url: &str) -> String {
        format!("{}{}", public_url.trim_end_matches('/'), self.path)
    }
}

impl fmt::Debug for WebhookAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookAddress(redacted)")
    }
}

/// The last part of a webhook's path, taken apart.
pub(super) struct PathSegment<'a> {
    /// The project that the caller speaks of.
    pub(super) project_id: ProjectId,
    code: &'a str,
}

impl<'a> PathSegment<'a> {
    pub(super) fn parse(segment: &'a str) -> Option<Self> {
        let (number, code) = segment.split_once('-')?;
        Some(Self { project_id: ProjectId(number.parse().ok()?), code })
    }

    /// Whether the path is that of this bot, in time that does not depend on the code.
    pub(super) fn is_of(&self, key: &Mac, bot_id: BotId) -> bool {
        is_code_of(key, &path_message(self.project_id, bot_id), self.code.as_bytes())
    }
}

/// Whether the secret is that of this bot, in time that does not depend on the secret.
pub(super) fn is_secret_of(key: &Mac, project_id: ProjectId, bot_id: BotId, secret: &[u8]) -> bool {
    is_code_of(key, &secret_message(project_id, bot_id), secret)
}

fn is_code_of(key: &Mac, message: &str, code: &[u8]) -> bool {
    URL_SAFE_NO_PAD.decode(code).is_ok_and(|tag| key.verify(message.as_bytes(), &tag))
}

fn path_message(project_id: ProjectId, bot_id: BotId) -> String {
    format!("webhook path of project {project_id} and bot {bot_id}")
}

fn secret_message(project_id: ProjectId, bot_id: BotId) -> String {
    format!("webhook secret of project {project_id} and bot {bot_id}")
}

#[cfg(test)]
mod tests {
    use desk::keys::{Keyring, SecretKey};

    use super::*;

    const PROJECT: ProjectId = ProjectId(12);
    const BOT: BotId = BotId(99);

    fn segment(address: &WebhookAddress) -> PathSegment<'_> {
        PathSegment::parse(address.path().strip_prefix(PREFIX).unwrap()).unwrap()
    }

    #[test]
    fn a_webhook_is_known_by_its_path_and_secret() {
        let key = Keyring::new(&SecretKey::generate(), None).webhooks;
        let address = WebhookAddress::new(&key, PROJECT, BOT);
        assert_eq!(segment(&address).project_id, PROJECT);
        assert!(segment(&address).is_of(&key, BOT));
        assert!(is_secret_of(&key, PROJECT, BOT, address.expose_secret().as_bytes()));
    }

    #[test]
    fn it_opens_no_other_door() {
        let key = Keyring::new(&SecretKey::generate(), None).webhooks;
        let other_key = Keyring::new(&SecretKey::generate(), None).webhooks;
        let address = WebhookAddress::new(&key, PROJECT, BOT);
        assert!(!segment(&address).is_of(&key, BotId(98)));
        assert!(!segment(&address).is_of(&other_key, BOT));
        assert!(!is_secret_of(&key, ProjectId(13), BOT, address.expose_secret().as_bytes()));
        let code = segment(&address).code;
        assert!(!is_secret_of(&key, PROJECT, BOT, code.as_bytes()), "the path must not give the secret away");
        assert!(!is_secret_of(&key, PROJECT, BOT, b""));
    }

    #[test]
    fn it_outlives_a_change_of_the_key() {
        let (old, new) = (SecretKey::generate(), SecretKey::generate());
        let address = WebhookAddress::new(&Keyring::new(&old, None).webhooks, PROJECT, BOT);
        let key = Keyring::new(&new, Some(&old)).webhooks;
        assert!(segment(&address).is_of(&key, BOT));
        assert_ne!(WebhookAddress::new(&key, PROJECT, BOT), address);
    }

    #[test]
    fn the_url_has_one_slash_between_its_parts() {
        let address = WebhookAddress { path: "/telegram/1-x".to_owned(), secret: String::new() };
        for public_url in ["https://desk.example", "https://desk.example/"] {
            assert_eq!(address.url(public_url), "https://desk.example/telegram/1-x");
        }
    }

    #[test]
    fn what_is_not_a_path_is_none() {
        for segment in ["", "12", "x-abc", "-abc", "99999999999999999999-abc"] {
            assert!(PathSegment::parse(segment).is_none(), "{segment}");
        }
    }
}
