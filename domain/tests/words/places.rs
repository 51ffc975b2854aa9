//! Whatever the text, what is found is in it.

use std::sync::LazyLock;

use domain::trigger::defaults::DefaultList;
use domain::vague::vague_words;
use domain::words::{Matcher, Phrase};
use proptest::prelude::*;

static MATCHER: LazyLock<Matcher<DefaultList>> = LazyLock::new(|| {
    let phrases = DefaultList::ALL.iter().flat_map(|&list| list.phrases().map(move |phrase| (list, phrase)));
    Matcher::new(phrases.map(|(list, phrase)| (list, Phrase::parse(phrase).unwrap()))).unwrap()
});

/// Texts of any characters, and texts of those that make trouble.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-zA-Z0-9@$!|€ .,_*退款很快банскоро\u{200b}\u{301}\u{ad}ßＲİ-]{0,60}",
        "([r.] ?e ?f ?u{1,4} ?n ?d ?){0,5}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn places_are_slices_of_the_text_in_order(text in text()) {
        let found = MATCHER.find(&text);
        prop_assert!(found.is_sorted());
        for found in &found {
            prop_assert!(text.get(found.range()).is_some_and(|slice| !slice.is_empty()));
        }
        for as_written in MATCHER.find_as_written(&text) {
            prop_assert!(found.contains(&as_written));
        }
        prop_assert_eq!(MATCHER.find(&text), found);
    }

    #[test]
    fn vague_words_do_not_overlap(text in text()) {
        let words = vague_words(&text);
        prop_assert!(words.iter().all(|word| text.get(word.range.clone()).is_some()));
        prop_assert!(words.is_sorted_by(|one, other| one.range.start < other.range.start && one.range.end < other.range.end));
    }

    #[test]
    fn any_text_is_a_phrase_that_is_found_in_itself_or_is_refused(text in "[a-z退款бан0-9 .*'\"-]{0,20}") {
        if let Ok(phrase) = Phrase::parse(&text) {
            let written = text.replace('*', "");
            let found = Matcher::new([((), phrase)]).unwrap().find_as_written(&written);
            prop_assert!(!found.is_empty(), "{:?} in {:?}", text, written);
        }
    }
}
