//! Tickets: short-lived leave to download one file, for whatever cannot send a header, such as an image on a page.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use domain::{AgentId, ApiTokenId, MessageId, Time, TokenFamilyId};

use crate::keys::{KEY_BYTES, Mac};
use crate::{Actor, Credential, Desk};

/// How long a ticket is good.
pub const TICKET_LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// What a ticket says: a kind of credential, its two numbers and the second at which the ticket ends.
const CLAIM_BYTES: usize = 1 + 8 + 8 + 8;

const SIGN_IN: u8 = 1;
const API_TOKEN: u8 = 2;

/// Why a ticket is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TicketError {
    /// It is none, or is for another file.
    #[error("the ticket is not for this file: ask for `downloadUrl` again")]
    Invalid,
    /// It was good once.
    #[error("the ticket has expired, since it is good for 10 minutes: ask for `downloadUrl` again")]
    Expired,
}

impl Desk {
    /// A ticket by which the actor can download the file of a message. What they may see is looked at anew when it is
    /// used, so that it gives no right that they lose meanwhile.
    pub fn download_ticket(&self, actor: &Actor, message_id: MessageId) -> String {
        issue(&self.keys.download_tickets, actor.credential, message_id, self.now())
    }

    /// The credential that a ticket was made for.
    pub fn open_download_ticket(&self, ticket: &str, message_id: MessageId) -> Result<Credential, TicketError> {
        open(&self.keys.download_tickets, ticket, message_id, self.now())
    }
}

fn issue(key: &Mac, credential: Credential, message_id: MessageId, now: Time) -> String {
    let claim = claim(credential, (now + TICKET_LIFETIME).timestamp());
    let code = key.tag(&signed(&claim, message_id));
    URL_SAFE_NO_PAD.encode([&claim[..], &code[..]].concat())
}

fn open(key: &Mac, ticket: &str, message_id: MessageId, now: Time) -> Result<Credential, TicketError> {
    let bytes = URL_SAFE_NO_PAD.decode(ticket).map_err(|_| TicketError::Invalid)?;
    let bytes: [u8; CLAIM_BYTES + KEY_BYTES] = bytes.try_into().map_err(|_| TicketError::Invalid)?;
    let (claim, code) = bytes.split_at(CLAIM_BYTES);
    if !key.verify(&signed(claim, message_id), code) {
        return Err(TicketError::Invalid);
    }
    let (credential, expires_at) = read(claim).ok_or(TicketError::Invalid)?;
    if now.timestamp() >= expires_at {
        return Err(TicketError::Expired);
    }
    Ok(credential)
}

/// What the code is made of. Neither part varies in length, so that no two differ only in where one ends.
fn signed(claim: &[u8], message_id: MessageId) -> Vec<u8> {
    [claim, &message_id.0.to_be_bytes()].concat()
}

fn claim(credential: Credential, expires_at: i64) -> [u8; CLAIM_BYTES] {
    let (kind, first, second) = match credential {
        Credential::SignIn { agent_id, family_id } => (SIGN_IN, agent_id.0, family_id.0),
        Credential::ApiToken(id) => (API_TOKEN, id.0, 0),
    };
    let mut bytes = [0; CLAIM_BYTES];
    bytes[0] = kind;
    bytes[1..9].copy_from_slice(&first.to_be_bytes());
    bytes[9..17].copy_from_slice(&second.to_be_bytes());
    bytes[17..].copy_from_slice(&expires_at.to_be_bytes());
    bytes
}

fn read(claim: &[u8]) -> Option<(Credential, i64)> {
    let number = |from: usize| Some(i64::from_be_bytes(claim.get(from..from + 8)?.try_into().ok()?));
    let credential = match *claim.first()? {
        SIGN_IN => Credential::SignIn { agent_id: AgentId(number(1)?), family_id: TokenFamilyId(number(9)?) },
        API_TOKEN => Credential::ApiToken(ApiTokenId(number(1)?)),
        _ => return None,
    };
    Some((credential, number(17)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{Keyring, SecretKey};

    const MESSAGE: MessageId = MessageId(7);
    const SIGNED_IN: Credential = Credential::SignIn { agent_id: AgentId(3), family_id: TokenFamilyId(5) };

    fn noon() -> Time {
        Time::from_timestamp(1_800_000_000, 0).unwrap()
    }

    #[test]
    fn a_ticket_names_its_credential_until_it_expires() {
        let key = &Keyring::new(&SecretKey::generate(), None).download_tickets;
        for credential in [SIGNED_IN, Credential::ApiToken(ApiTokenId(i64::MAX))] {
            let ticket = issue(key, credential, MESSAGE, noon());
            let open_after = |time| open(key, &ticket, MESSAGE, noon() + time);
            assert_eq!(open_after(TimeDelta::zero()), Ok(credential));
            assert_eq!(open_after(TICKET_LIFETIME - TimeDelta::seconds(1)), Ok(credential));
            assert_eq!(open_after(TICKET_LIFETIME), Err(TicketError::Expired));
        }
    }

    #[test]
    fn a_ticket_is_good_for_one_file_and_cannot_be_changed() {
        let key = &Keyring::new(&SecretKey::generate(), None).download_tickets;
        let ticket = issue(key, SIGNED_IN, MESSAGE, noon());
        assert_eq!(open(key, &ticket, MessageId(8), noon()), Err(TicketError::Invalid));
        let bytes = URL_SAFE_NO_PAD.decode(&ticket).unwrap();
        for position in 0..bytes.len() {
            let mut forged = bytes.clone();
            forged[position] ^= 1;
            let forged = URL_SAFE_NO_PAD.encode(forged);
            assert_eq!(open(key, &forged, MESSAGE, noon()), Err(TicketError::Invalid), "byte {position}");
        }
        for text in ["", "a", &ticket[1..], &format!("{ticket}AA"), "💥"] {
            assert_eq!(open(key, text, MESSAGE, noon()), Err(TicketError::Invalid), "{text}");
        }
    }

    #[test]
    fn a_ticket_outlives_one_change_of_the_secret_and_no_other_key_makes_one() {
        let secrets: [SecretKey; 2] = std::array::from_fn(|_| SecretKey::generate());
        let ticket = issue(&Keyring::new(&secrets[0], None).download_tickets, SIGNED_IN, MESSAGE, noon());
        let rotated = Keyring::new(&secrets[1], Some(&secrets[0]));
        assert_eq!(open(&rotated.download_tickets, &ticket, MESSAGE, noon()), Ok(SIGNED_IN));
        assert!(open(&Keyring::new(&secrets[1], None).download_tickets, &ticket, MESSAGE, noon()).is_err());
        assert!(open(&Keyring::new(&secrets[0], None).webhooks, &ticket, MESSAGE, noon()).is_err());
    }
}
