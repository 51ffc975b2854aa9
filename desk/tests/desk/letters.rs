//! Updates in a form of our own, which is simpler than Telegram's.

use desk::intake::{Decode, Decoded, Update};
use desk::message::Incoming;
use domain::customer::Profile;
use domain::message::Content;
use domain::{ChatId, CustomerKind, Direction, TelegramUserId};

/// A customer writes a text that nobody wrote before.
pub fn letter(number: i64, customer: i64, text: &str) -> Update {
    Update {
        update_id: number,
        chat_id: ChatId(customer),
        user_id: Some(TelegramUserId(customer)),
        kind: "message".to_owned(),
        raw: format!("{number}|{customer}|{text}"),
    }
}

/// Understands letters.
pub struct Letters;

impl Decode for Letters {
    fn decode(&self, raw: &str) -> Result<Decoded, String> {
        let mut parts = raw.splitn(3, '|');
        let mut next = || parts.next().unwrap();
        let (number, customer) = (next().parse().unwrap(), next().parse().unwrap());
        Ok(Decoded::Message(Box::new(Incoming {
            chat_id: ChatId(customer),
            customer: Profile {
                kind: CustomerKind::Person,
                telegram_user_id: TelegramUserId(customer),
                name: "Kim".to_owned(),
                username: None,
                language_code: None,
            },
            telegram_message_id: number,
            kind: "text".to_owned(),
            text: next().to_owned(),
            entities: None,
            reply_to: None,
            sent_at: None,
            direction: Direction::Inbound,
            album_id: None,
            content: Content::default(),
        })))
    }
}

/// Understands nothing.
pub struct Nonsense;

impl Decode for Nonsense {
    fn decode(&self, _raw: &str) -> Result<Decoded, String> {
        Err("nobody understands this".to_owned())
    }
}

/// Understands letters, except that those of customer 13 run into a defect.
pub struct Defective;

impl Decode for Defective {
    fn decode(&self, raw: &str) -> Result<Decoded, String> {
        assert_ne!(raw.split('|').nth(1), Some("13"), "a defect");
        Letters.decode(raw)
    }
}
