//! How a customer feels.

use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::named_enum;
use crate::trigger::defaults::DefaultList;
use crate::words::{Matcher, Phrase};

named_enum! {
    /// How a customer feels, the calmest first.
    pub enum Emotion {
        /// As usual.
        Calm = "CALM",
        /// Not content.
        Dissatisfied = "DISSATISFIED",
        /// Swears or insults.
        Angry = "ANGRY",
        /// Announces consequences.
        Threatening = "THREATENING",
    }
}

impl Serialize for Emotion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Emotion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Emotion {
    /// What the words of a customer show, the strongest of it. That nothing shows does not mean that somebody is calm, so
    /// that people have to say that.
    pub fn of_texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Option<Self> {
        texts.into_iter().flat_map(|text| MATCHER.find(text)).map(|found| found.key).max()
    }
}

static MATCHER: LazyLock<Matcher<Emotion>> = LazyLock::new(|| {
    let lists = [
        (DefaultList::ManagerRequest, Emotion::Dissatisfied),
        (DefaultList::Complaint, Emotion::Dissatisfied),
        (DefaultList::StrongLanguage, Emotion::Angry),
        (DefaultList::Threat, Emotion::Threatening),
    ];
    let phrases = lists.into_iter().flat_map(|(list, emotion)| {
        let phrase = move |phrase| (emotion, Phrase::parse(phrase).expect("a test parses every phrase of the lists"));
        list.phrases().map(phrase)
    });
    Matcher::new(phrases).expect("the lists are short")
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_words_count_and_silence_says_nothing() {
        assert_eq!(Emotion::of_texts(["hello", "where is my order?"]), None);
        assert_eq!(Emotion::of_texts(["this is a complaint"]), Some(Emotion::Dissatisfied));
        let texts = ["this is a complaint", "I’ll contact a lawyer", "this is fucking bad"];
        assert_eq!(Emotion::of_texts(texts), Some(Emotion::Threatening));
        assert_eq!(Emotion::of_texts(["mierda"]), Some(Emotion::Angry));
    }
}
