//! What customers ask about their tickets.

/// The word by which a customer says that a ticket cannot wait, in the languages of the desk. It works in every language
/// for everybody: people write in more than one.
pub const URGENT_WORDS: &[&str] =
    &["urgent", "dringend", "urgente", "срочно", "紧急", "緊急", "加急", "urgentemente", "urgenza", "acil", "pilne"];

/// A customer says that a ticket cannot wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UrgentRequest {
    /// The number of the ticket, if they gave one.
    pub number: Option<i64>,
}

impl UrgentRequest {
    /// Reads a message that is the word alone, or the word and a number: `urgent`, `“Urgent!”`, `urgent #12`. What says
    /// anything else beside it is a message for people.
    pub fn parse(text: &str) -> Option<Self> {
        const LONGEST: usize = 64;
        if text.len() > LONGEST {
            return None;
        }
        let text = text.to_lowercase();
        let mut parts = text.split(|one: char| !one.is_alphanumeric() && one != '#').filter(|part| !part.is_empty());
        let (word, glued) = split_number(parts.next()?);
        let apart = parts.next();
        if parts.next().is_some() || !URGENT_WORDS.contains(&word) {
            return None;
        }
        match (glued, apart) {
            (None, None) => Some(Self { number: None }),
            (Some(number), None) | (None, Some(number)) => Some(Self { number: Some(ticket_number(number)?) }),
            (Some(_), Some(_)) => None,
        }
    }
}

/// The number of a ticket as people write it: `12` or `#12`.
pub(super) fn ticket_number(text: &str) -> Option<i64> {
    let digits = text.trim().strip_prefix('#').unwrap_or(text.trim());
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|number| is_number && *number > 0)
}

fn split_number(part: &str) -> (&str, Option<&str>) {
    part.find('#').map_or((part, None), |place| (&part[..place], Some(&part[place..])))
}

impl UrgentRequest {
    /// The number of the ticket that a command names, such as `#12` behind `/status`.
    pub fn number_in(argument: &str) -> Option<i64> {
        ticket_number(argument)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_word_alone_or_with_a_number_is_a_request() {
        for (text, number) in [
            ("urgent", None),
            (" “Urgent!” ", None),
            ("URGENTE", None),
            ("Срочно!!!", None),
            ("紧急", None),
            ("dringend #12", Some(12)),
            ("urgent 7", Some(7)),
            ("urgent#7", Some(7)),
            ("Urgent: #7.", Some(7)),
        ] {
            assert_eq!(UrgentRequest::parse(text), Some(UrgentRequest { number }), "{text}");
        }
    }

    #[test]
    fn what_says_something_else_is_for_people() {
        for text in [
            "",
            "#12",
            "it is urgent",
            "urgent please",
            "urgent #12 now",
            "not urgent",
            "urgent #",
            "urgent #0",
            "urgent #12 #13",
            "urgent#1 2",
            "urgent 99999999999999999999",
            "urgency",
        ] {
            assert_eq!(UrgentRequest::parse(text), None, "{text}");
        }
        assert_eq!(UrgentRequest::number_in(" #12 "), Some(12));
        assert_eq!(UrgentRequest::number_in("twelve"), None);
    }

    proptest! {
        #[test]
        fn every_word_takes_every_number(place in 0..URGENT_WORDS.len(), number in 1..i64::MAX, upper: bool) {
            let word = URGENT_WORDS[place];
            let word = if upper { word.to_uppercase() } else { word.to_owned() };
            let request = UrgentRequest { number: Some(number) };
            prop_assert_eq!(UrgentRequest::parse(&format!("{word} #{number}")), Some(request));
        }

        #[test]
        fn no_text_is_too_strange(text in ".{0,80}") {
            if UrgentRequest::parse(&text).is_some() {
                let lower = text.to_lowercase();
                prop_assert!(URGENT_WORDS.iter().any(|word| lower.contains(word)));
            }
        }
    }
}
