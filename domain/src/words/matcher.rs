//! Looking for many phrases at once.

use std::ops::Range;

use aho_corasick::AhoCorasick;

use super::phrase::Phrase;
use super::reading::Reading;

/// The phrases do not fit into one matcher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there are too many phrases to look for at once: remove some")]
pub struct TooManyPhrases;

/// Looks for phrases in texts, in time proportional to the length of the text. Building it costs more: keep it.
#[derive(Debug, Clone)]
pub struct Matcher<K> {
    phrases: Vec<(K, Phrase)>,
    automaton: AhoCorasick,
}

/// A phrase that was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found<K> {
    /// Where it is in the text, in bytes.
    pub start: usize,
    /// Where it ends in the text, in bytes.
    pub end: usize,
    /// What the phrase was given for.
    pub key: K,
    /// The phrase as it was written.
    pub phrase: String,
}

impl<K> Found<K> {
    /// Its place in the text, in bytes.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

impl<K: Copy + Ord> Matcher<K> {
    /// Prepares to look for phrases, each given for something.
    pub fn new(phrases: impl IntoIterator<Item = (K, Phrase)>) -> Result<Self, TooManyPhrases> {
        let phrases: Vec<_> = phrases.into_iter().collect();
        let automaton =
            AhoCorasick::new(phrases.iter().map(|(_, phrase)| phrase.first_signs())).map_err(|_| TooManyPhrases)?;
        Ok(Self { phrases, automaton })
    }

    /// Every phrase in the text, also under the usual disguises, in the order of their places.
    pub fn find(&self, text: &str) -> Vec<Found<K>> {
        self.find_in(&Reading::all(text))
    }

    /// Every phrase in a text whose writer had no reason to disguise anything, in the order of their places.
    pub fn find_as_written(&self, text: &str) -> Vec<Found<K>> {
        self.find_in(&[Reading::plain(text)])
    }

    fn find_in(&self, readings: &[Reading]) -> Vec<Found<K>> {
        let mut found = Vec::new();
        for reading in readings {
            for hit in self.automaton.find_overlapping_iter(&reading.signs) {
                let (key, phrase) = &self.phrases[hit.pattern().as_usize()];
                if reading.is_unmasked && !phrase.is_worth_unmasking() {
                    continue;
                }
                let letter = reading.letter_at(hit.start());
                if let Some(Range { start, end }) = letter.and_then(|letter| phrase.place_in(reading, letter)) {
                    found.push(Found { start, end, key: *key, phrase: phrase.text().to_owned() });
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places<'t>(phrases: &[&str], text: &'t str) -> Vec<&'t str> {
        let phrases = phrases.iter().map(|phrase| ((), Phrase::parse(phrase).unwrap()));
        let found = Matcher::new(phrases).unwrap().find(text);
        found.into_iter().map(|found| &text[found.range()]).collect()
    }

    #[test]
    fn whole_words_are_found_and_parts_of_words_are_not() {
        let table: &[(&str, &str, &[&str])] = &[
            ("ban", "a BAN, please", &["BAN"]),
            ("ban", "the bank is urban", &[]),
            ("ban", "ban24 ban", &["ban", "ban"]),
            ("refund*", "refunded and Refunds, not prefund", &["refunded", "Refunds"]),
            ("*erstattung", "die Rückerstattung!", &["Rückerstattung"]),
            ("*erstattung", "Erstattungen", &[]),
            ("верн* деньги", "Верните деньги", &["Верните деньги"]),
            ("верн* деньги", "верните мне деньги", &[]),
            ("as soon as possible", "As soon\nas possible.", &["As soon\nas possible"]),
            ("退款", "我要退款！", &["退款"]),
            ("12315", "打12315投诉", &["12315"]),
            ("12315", "订单123155", &[]),
            ("later", "the latter", &[]),
            ("soon", "my son", &[]),
            ("i'll sue", "I’ll sue", &["I’ll sue"]),
        ];
        for (phrase, text, expected) in table {
            assert_eq!(places(&[phrase], text), *expected, "{phrase:?} in {text:?}");
        }
    }

    #[test]
    fn disguises_are_seen_through() {
        let disguises = [
            "REFUND",
            "rеfund",
            "r3fund",
            "refuuuund",
            "r.e.f.u.n.d",
            "r e f u n d",
            "re-fund",
            "re\u{200b}fund",
            "ｒefund",
            "𝓻𝓮𝓯𝓾𝓷𝓭",
            "r*e*f*u*n*d",
            "R_3_F_U_N_D",
            "rеf\u{ad}unddd",
            "refund100",
        ];
        for text in disguises {
            assert!(!places(&["refund"], text).is_empty(), "{text:?}");
        }
        for (phrase, text) in [
            ("refund", "I want a r.e.f.u.n.d"),
            ("refund", "I want a r e f u n d"),
            ("refund", "r e f u n d I say"),
            ("refund", "a r.e.f u.n.d"),
            ("возврат", "хочу и в.о.з.в.р.а.т"),
            ("возврат", "и в о з в р а т"),
            ("退款", "退 款"),
            ("退款", "退.款"),
            ("退款", "退\u{200d}款"),
            ("退款", "退退退款"),
            ("деньги", "д3ньги"),
            ("мошенник*", "мoшeнник"),
            ("мошенник*", "м о ш е н н и к"),
            ("kill you", "ki11 you"),
            ("asshole", "@s$hole"),
            ("scheiße", "SCHEISSE"),
            ("scheiße", "5che1ße"),
        ] {
            assert!(!places(&[phrase], text).is_empty(), "{phrase:?} in {text:?}");
        }
    }

    #[test]
    fn what_is_no_disguise_is_left_alone() {
        for (phrase, text) in [
            ("ban", "b an"),
            ("sue", "5ue"),
            ("band", "b-a-n-k"),
            ("refund", "ref und"),
            ("退款", "不退，款"),
            ("assault", "a55 ault"),
            ("fund", "r.e.f.u.n.d"),
        ] {
            assert!(places(&[phrase], text).is_empty(), "{phrase:?} in {text:?}");
        }
    }
}
