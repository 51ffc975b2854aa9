//! What the desk says around an answer of the bot, in the languages that it has words in.

use std::sync::LazyLock;

use super::Feedback;
use crate::bot_text::Texts;

/// How many languages the desk has words in, those for all other languages counted as one.
const LANGUAGES: usize = 7;

/// What there is to say to a customer of a language.
#[derive(Debug, Clone, Copy)]
pub struct KnowledgeWords<'a> {
    /// The language.
    pub language: Option<&'a str>,
}

impl KnowledgeWords<'_> {
    /// What the button says by which a customer says this.
    pub fn label(&self, feedback: Feedback) -> &'static str {
        self.of(match feedback {
            Feedback::Helped => &HELPED,
            Feedback::DidNotHelp => &DID_NOT_HELP,
            Feedback::Person => &PERSON,
        })
    }

    /// What a customer is told who said this.
    pub fn reply_to(&self, feedback: Feedback) -> &'static str {
        self.of(match feedback {
            Feedback::Helped => &GLAD,
            Feedback::DidNotHelp | Feedback::Person => &SOMEBODY_ANSWERS,
        })
    }

    fn of(&self, texts: &'static Texts) -> &'static str {
        texts.in_language(self.language).unwrap_or_default()
    }
}

static HELPED: LazyLock<Texts> = LazyLock::new(|| {
    texts([
        ("", "👍 That helped"),
        ("de", "👍 Das hat geholfen"),
        ("es", "👍 Me ayudó"),
        ("fr", "👍 Cela m'a aidé"),
        ("pt", "👍 Ajudou"),
        ("ru", "👍 Это помогло"),
        ("zh", "👍 有帮助"),
    ])
});

static DID_NOT_HELP: LazyLock<Texts> = LazyLock::new(|| {
    texts([
        ("", "👎 It did not help"),
        ("de", "👎 Das hat nicht geholfen"),
        ("es", "👎 No me ayudó"),
        ("fr", "👎 Cela ne m'a pas aidé"),
        ("pt", "👎 Não ajudou"),
        ("ru", "👎 Это не помогло"),
        ("zh", "👎 没有帮助"),
    ])
});

static PERSON: LazyLock<Texts> = LazyLock::new(|| {
    texts([
        ("", "Talk to a person"),
        ("de", "Mit einem Menschen sprechen"),
        ("es", "Hablar con una persona"),
        ("fr", "Parler à une personne"),
        ("pt", "Falar com uma pessoa"),
        ("ru", "Поговорить с человеком"),
        ("zh", "转人工客服"),
    ])
});

static GLAD: LazyLock<Texts> = LazyLock::new(|| {
    texts([
        ("", "Thank you, we are glad that it helped."),
        ("de", "Vielen Dank, das freut uns."),
        ("es", "Gracias, nos alegra haber ayudado."),
        ("fr", "Merci, nous en sommes ravis."),
        ("pt", "Obrigado, ficamos felizes em ajudar."),
        ("ru", "Спасибо, рады, что помогли."),
        ("zh", "谢谢，很高兴能帮到您。"),
    ])
});

static SOMEBODY_ANSWERS: LazyLock<Texts> = LazyLock::new(|| {
    texts([
        ("", "Thank you. An agent answers you here."),
        ("de", "Vielen Dank. Ein Mitarbeiter antwortet Ihnen hier."),
        ("es", "Gracias. Un agente le responderá aquí."),
        ("fr", "Merci. Un agent vous répondra ici."),
        ("pt", "Obrigado. Um agente responde aqui."),
        ("ru", "Спасибо. Вам ответят здесь."),
        ("zh", "谢谢。客服会在这里回复您。"),
    ])
});

fn texts(texts: [(&str, &str); LANGUAGES]) -> Texts {
    Texts(texts.into_iter().map(|(language, text)| (language.to_owned(), text.to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vague::vague_words;

    #[test]
    fn the_words_of_the_desk_are_definite_and_fit_on_buttons() {
        for texts in [&HELPED, &DID_NOT_HELP, &PERSON, &GLAD, &SOMEBODY_ANSWERS] {
            assert!(texts.0.keys().eq(HELPED.0.keys()));
            for text in texts.0.values() {
                assert_eq!(vague_words(text), [], "{text}");
                assert!(text.encode_utf16().count() <= 64, "{text}");
            }
        }
        let words = KnowledgeWords { language: Some("de") };
        assert_eq!(words.label(Feedback::Person), "Mit einem Menschen sprechen");
        assert_eq!(words.reply_to(Feedback::Helped), "Vielen Dank, das freut uns.");
    }
}
