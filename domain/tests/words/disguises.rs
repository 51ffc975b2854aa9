//! Words under random disguises.

use std::sync::LazyLock;

use domain::words::{Matcher, Phrase};
use proptest::collection::vec;
use proptest::prelude::*;

const WORDS: [&str; 10] =
    ["refund", "manager", "lawyer", "complaint", "Beschwerde", "жалоба", "мошенник", "投诉电话", "estafa", "soon"];

static MATCHER: LazyLock<Matcher<usize>> =
    LazyLock::new(|| Matcher::new(WORDS.iter().map(|word| Phrase::parse(word).unwrap()).enumerate()).unwrap());

/// One way to write a letter so that a person still reads it.
#[derive(Debug, Clone, Copy)]
enum Disguise {
    None,
    UpperCase,
    DrawnOut,
    ZeroWidth,
    Accent,
    LookAlike,
}

fn write(letter: char, disguise: Disguise) -> String {
    let look_alike = |letter| match letter {
        'a' => 'а',
        'e' => 'е',
        'o' => 'ο',
        'c' => 'с',
        'n' => 'ｎ',
        'u' => '𝐮',
        'о' => 'o',
        'а' => 'a',
        'е' => 'e',
        other => other,
    };
    match disguise {
        Disguise::None => letter.to_string(),
        Disguise::UpperCase => letter.to_uppercase().to_string(),
        Disguise::DrawnOut => letter.to_string().repeat(4),
        Disguise::ZeroWidth => format!("{letter}\u{200b}\u{2060}"),
        Disguise::Accent => format!("{letter}\u{336}"),
        Disguise::LookAlike => look_alike(letter).to_string(),
    }
}

fn disguises() -> impl Strategy<Value = Vec<Disguise>> {
    let one = prop::sample::select(vec![
        Disguise::None,
        Disguise::UpperCase,
        Disguise::DrawnOut,
        Disguise::ZeroWidth,
        Disguise::Accent,
        Disguise::LookAlike,
    ]);
    vec(one, 16)
}

fn finds(text: &str, word: usize) -> bool {
    MATCHER.find(text).iter().any(|found| found.key == word)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_letter_may_wear_a_disguise(
        word in 0..WORDS.len(), disguises in disguises(), before in "(|hm, |\\(|🙂)", after in "(|!!!|, ok| 100|🙂)",
    ) {
        let written: String = WORDS[word].chars().zip(disguises).map(|(letter, disguise)| write(letter, disguise)).collect();
        let text = format!("{before}{written}{after}");
        prop_assert!(finds(&text, word), "{text}");
    }

    #[test]
    fn letters_may_stand_apart(
        word in 0..WORDS.len(), disguises in disguises(), separator in "( |\\.|-|_|\\*|/| - |\\. )",
    ) {
        let apart = |disguise| !matches!(disguise, Disguise::DrawnOut);
        let letters = WORDS[word].chars().zip(disguises.into_iter().filter(|&disguise| apart(disguise)));
        let written: Vec<_> = letters.map(|(letter, disguise)| write(letter, disguise)).collect();
        prop_assume!(written.len() == WORDS[word].chars().count());
        let text = format!("yes, {}.", written.join(&separator));
        prop_assert!(finds(&text, word), "{text}");
    }

    #[test]
    fn a_separator_may_stand_anywhere_within(word in 0..WORDS.len(), place in any::<prop::sample::Index>(), separator in "[._*/~-]") {
        let mut letters: Vec<_> = WORDS[word].chars().map(String::from).collect();
        letters.insert(1 + place.index(letters.len() - 1), separator);
        let text = letters.concat();
        prop_assert!(finds(&text, word), "{text}");
    }

    #[test]
    fn a_longer_word_is_another_word(word in 0..WORDS.len(), before in "[xyz]{0,3}", after in "[xyz]{1,3}") {
        prop_assume!(!WORDS[word].starts_with('投'));
        for text in [format!("{before}{}{after}", WORDS[word]), format!("{after}{}{before}", WORDS[word])] {
            prop_assert!(!finds(&text, word), "{text}");
        }
    }
}
