//! What the desk says to customers whom it asks, in the languages that it has words in.

use std::sync::LazyLock;

use super::{Answer, RatingSettings, Score};
use crate::bot_text::Texts;

/// How many languages the desk has words in, those for all other languages counted as one.
const LANGUAGES: usize = 7;

/// What there is to say to a customer of a language.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// The language.
    pub language: Option<&'a str>,
}

impl Words<'_> {
    /// The question.
    pub fn question<'t>(&self, settings: &'t RatingSettings) -> &'t str {
        self.own_or(settings.question.as_ref(), &QUESTION)
    }

    /// The thanks for a score.
    pub fn thanks(&self, score: Score) -> String {
        self.of(&THANKS).replace(STARS, &score.stars().to_string())
    }

    /// The invitation to leave a review; nothing for those who are not satisfied, or where nobody is invited.
    pub fn invitation(&self, settings: &RatingSettings, score: Score) -> Option<String> {
        let url = settings.review_url.as_deref().filter(|_| !score.is_low())?;
        Some(format!("{}\n{url}", self.own_or(settings.invitation.as_ref(), &INVITATION)))
    }

    /// What is said about a tap on a button of the question.
    pub fn reply_to(&self, answer: Answer, score: Score) -> String {
        match answer {
            Answer::First | Answer::Changed | Answer::Same => self.thanks(score),
            Answer::Settled => self.of(&SETTLED).to_owned(),
            Answer::Late => self.of(&LATE).to_owned(),
        }
    }

    /// What is said to somebody who was not asked.
    pub fn not_asked(&self) -> &'static str {
        self.of(&NOT_ASKED)
    }

    fn own_or<'t>(&self, own: Option<&'t Texts>, desks: &'static Texts) -> &'t str {
        own.and_then(|own| own.in_language(self.language)).unwrap_or_else(|| self.of(desks))
    }

    fn of(&self, texts: &'static Texts) -> &'static str {
        texts.in_language(self.language).unwrap_or_default()
    }
}

/// What stands in a text for the number of stars.
const STARS: &str = "{stars}";

static QUESTION: LazyLock<Texts> = LazyLock::new(|| {
    texts([
        ("", "How satisfied are you with our support? Please choose 1 to 5 stars; 5 is the best."),
        ("de", "Wie zufrieden sind Sie mit unserer Hilfe? Bitte wählen Sie 1 bis 5 Sterne; 5 ist am besten."),
        ("es", "¿Qué tan satisfecho está con nuestra atención? Elija de 1 a 5 estrellas; 5 es lo mejor."),
        ("fr", "Êtes-vous satisfait de notre aide ? Choisissez de 1 à 5 étoiles ; 5 est la meilleure note."),
        ("pt", "Está satisfeito com o nosso atendimento? Escolha de 1 a 5 estrelas; 5 é a melhor nota."),
        ("ru", "Довольны ли вы нашей поддержкой? Выберите от 1 до 5 звёзд; 5 — лучшая оценка."),
        ("zh", "您对我们的服务满意吗？请选择 1 到 5 星，5 星为最满意。"),
    ])
});

static THANKS: LazyLock<Texts> = LazyLock::new(|| {
    texts([
        ("", "Thank you! You gave {stars} of 5 stars."),
        ("de", "Vielen Dank! Sie haben {stars} von 5 Sternen gegeben."),
        ("es", "¡Gracias! Usted dio {stars} de 5 estrellas."),
        ("fr", "Merci ! Vous avez donné {stars} étoiles sur 5."),
        ("pt", "Obrigado! Você deu {stars} de 5 estrelas."),
        ("ru", "Спасибо! Ваша оценка: {stars} из 5."),
        ("zh", "谢谢！您给了 {stars} 星（满分 5 星）。"),
    ])
});

static INVITATION: LazyLock<Texts> = LazyLock::new(|| {
    texts([
        ("", "If you like, tell others about it:"),
        ("de", "Wenn Sie mögen, erzählen Sie anderen davon:"),
        ("es", "Si lo desea, cuéntelo a otras personas:"),
        ("fr", "Si vous le souhaitez, parlez-en à d'autres :"),
        ("pt", "Se quiser, conte a outras pessoas:"),
        ("ru", "Если хотите, расскажите об этом другим:"),
        ("zh", "如果您愿意，欢迎告诉其他人："),
    ])
});

static SETTLED: LazyLock<Texts> = LazyLock::new(|| {
    texts([
        ("", "Thank you, we have your answer already."),
        ("de", "Vielen Dank, wir haben Ihre Antwort schon."),
        ("es", "Gracias, ya tenemos su respuesta."),
        ("fr", "Merci, nous avons déjà votre réponse."),
        ("pt", "Obrigado, já temos a sua resposta."),
        ("ru", "Спасибо, ваш ответ уже у нас."),
        ("zh", "谢谢，我们已经收到您的回答。"),
    ])
});

static LATE: LazyLock<Texts> = LazyLock::new(|| {
    texts([
        ("", "Thank you! This question is closed. Write to us whenever you need us."),
        ("de", "Vielen Dank! Diese Frage ist abgeschlossen. Schreiben Sie uns, wann immer Sie uns brauchen."),
        ("es", "¡Gracias! Esta pregunta está cerrada. Escríbanos siempre que nos necesite."),
        ("fr", "Merci ! Cette question est close. Écrivez-nous chaque fois que vous avez besoin de nous."),
        ("pt", "Obrigado! Esta pergunta está encerrada. Escreva sempre que precisar de nós."),
        ("ru", "Спасибо! Этот вопрос закрыт. Пишите нам, когда мы вам нужны."),
        ("zh", "谢谢！此问题已关闭。需要时请随时联系我们。"),
    ])
});

static NOT_ASKED: LazyLock<Texts> = LazyLock::new(|| {
    texts([
        ("", "Thank you! This question is for somebody else."),
        ("de", "Vielen Dank! Diese Frage ist für jemand anderen."),
        ("es", "¡Gracias! Esta pregunta es para otra persona."),
        ("fr", "Merci ! Cette question est pour quelqu'un d'autre."),
        ("pt", "Obrigado! Esta pergunta é para outra pessoa."),
        ("ru", "Спасибо! Этот вопрос не для вас, а для другого человека."),
        ("zh", "谢谢！这个问题是给另一位客户的。"),
    ])
});

fn texts(texts: [(&str, &str); LANGUAGES]) -> Texts {
    Texts(texts.into_iter().map(|(language, text)| (language.to_owned(), text.to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vague::vague_words;

    /// The longest text of the answer to a tap, in UTF-16 code units (Bot API, `answerCallbackQuery`).
    const ANSWER_UTF16_UNITS: usize = 200;

    fn stars(stars: i64) -> Score {
        Score::try_from(stars).unwrap()
    }

    #[test]
    fn the_words_of_the_desk_are_definite_and_short_enough_for_an_answer_to_a_tap() {
        for texts in [&QUESTION, &THANKS, &INVITATION, &SETTLED, &LATE, &NOT_ASKED] {
            assert!(texts.0.keys().eq(QUESTION.0.keys()));
            for text in texts.0.values() {
                assert_eq!(vague_words(text), [], "{text}");
                assert!(text.encode_utf16().count() <= ANSWER_UTF16_UNITS, "{text}");
            }
        }
        for text in THANKS.0.values() {
            assert!(text.contains(STARS), "{text}");
        }
    }

    #[test]
    fn everybody_is_answered_in_their_language() {
        let words = Words { language: Some("de-AT") };
        assert_eq!(words.thanks(stars(4)), "Vielen Dank! Sie haben 4 von 5 Sternen gegeben.");
        assert_eq!(words.reply_to(Answer::Changed, stars(4)), words.thanks(stars(4)));
        assert_eq!(words.reply_to(Answer::Settled, stars(4)), "Vielen Dank, wir haben Ihre Antwort schon.");
        assert_eq!(Words { language: None }.not_asked(), "Thank you! This question is for somebody else.");
    }

    #[test]
    fn only_who_is_satisfied_is_invited_and_only_where_there_is_something_to_open() {
        let words = Words { language: None };
        let mut settings = RatingSettings::default();
        assert_eq!(words.invitation(&settings, stars(5)), None);
        settings.review_url = Some("https://example.org".to_owned());
        assert_eq!(words.invitation(&settings, stars(3)), None);
        let invited = Some("If you like, tell others about it:\nhttps://example.org".to_owned());
        assert_eq!(words.invitation(&settings, stars(4)), invited);
        settings.question = Some(Texts([(String::new(), "Well?".to_owned())].into()));
        assert_eq!(words.question(&settings), "Well?");
    }
}
