//! What a customer is told who has to wait.

use std::sync::LazyLock;

use crate::bot_text::Texts;

/// What stands in the text for the customer's place in the line.
pub const PLACE: &str = "{place}";

/// The words of the desk.
static USUAL: LazyLock<Texts> = LazyLock::new(|| {
    let texts = [
        ("", "All our agents are with other customers. You are number {place} in line, and an agent answers you here."),
        (
            "de",
            "Alle unsere Mitarbeiter sind bei anderen Kunden. Sie sind Nummer {place} in der Reihe, und ein \
             Mitarbeiter antwortet Ihnen hier.",
        ),
        (
            "es",
            "Todos nuestros agentes atienden a otros clientes. Usted es el número {place} de la fila, y un agente le \
             responderá aquí.",
        ),
        (
            "fr",
            "Tous nos agents sont avec d'autres clients. Vous êtes numéro {place} dans la file, et un agent vous \
             répondra ici.",
        ),
        (
            "pt",
            "Todos os nossos agentes estão com outros clientes. Você é o número {place} da fila, e um agente responde \
             aqui.",
        ),
        ("ru", "Все наши операторы заняты с другими клиентами. Вы в очереди под номером {place}, вам ответят здесь."),
        ("zh", "所有客服正在接待其他客户。您排在第 {place} 位，客服会在这里回复您。"),
    ];
    Texts(texts.into_iter().map(|(language, text)| (language.to_owned(), text.to_owned())).collect())
});

/// What a customer of a language is told who has this place in the line, counted from 1. Nothing where a project wants
/// nothing said.
pub fn queue_message(own: Option<&Texts>, language: Option<&str>, place: usize) -> Option<String> {
    let text = own.unwrap_or(&USUAL).in_language(language)?;
    Some(text.replace(PLACE, &place.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vague::vague_words;

    #[test]
    fn the_words_of_the_desk_are_definite_and_name_the_place() {
        for text in USUAL.0.values() {
            assert!(text.contains(PLACE), "{text}");
            assert_eq!(vague_words(text), [], "{text}");
        }
        assert!(queue_message(None, Some("pt-BR"), 3).is_some_and(|text| text.contains("número 3")));
        assert!(queue_message(None, None, 12).is_some_and(|text| text.contains("number 12 in line")));
    }

    #[test]
    fn a_project_says_it_in_its_own_words_or_not_at_all() {
        let own = Texts([(String::new(), "Place {place}, {place}!".to_owned())].into());
        assert_eq!(queue_message(Some(&own), Some("de"), 2), Some("Place 2, 2!".to_owned()));
        assert_eq!(queue_message(Some(&Texts::default()), Some("de"), 2), None);
    }
}
