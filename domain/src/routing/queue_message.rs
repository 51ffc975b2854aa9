//! What a customer is told who has to wait.

use std::sync::LazyLock;

use super::Tally;
use crate::bot_text::Texts;

/// What stands in the text for the customer's place in the line.
pub const PLACE: &str = "{place}";

/// How much of what stands for nothing is shown, in characters.
const SHOWN_CHARACTERS: usize = 40;

/// Something in a text that looks as if it stood for something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} stands for nothing here: write {PLACE} for the place in line, and nothing else behind a brace")]
pub struct UnknownPlace(pub String);

/// Checks that customers read no name of something in braces: [`PLACE`] is the only one, and is written whole.
pub fn check_queue_message(own: &Texts) -> Result<(), UnknownPlace> {
    let braces = own.0.values().flat_map(|text| text.split(PLACE)).flat_map(|piece| piece.split('{').skip(1));
    let is_first = |first: char| first.is_alphabetic() || first == '_';
    let is_name = |inside: &str| inside.starts_with(is_first) && !inside.contains(char::is_whitespace);
    let is_in_braces = |behind: &str| behind.split_once('}').is_some_and(|(inside, _)| is_name(inside.trim()));
    let mut names = braces.filter(|behind| behind.starts_with(is_first) || is_in_braces(behind));
    names.next().map_or(Ok(()), |name| {
        let whole = name.split_inclusive('}').next().unwrap_or(name);
        Err(UnknownPlace(std::iter::once('{').chain(whole.chars().take(SHOWN_CHARACTERS)).collect()))
    })
}

/// How the words of the desk begin where those who are there have no room.
static BUSY: LazyLock<Texts> = LazyLock::new(|| {
    texts([
        ("", "All our agents are with other customers. "),
        ("de", "Alle unsere Mitarbeiter sind bei anderen Kunden. "),
        ("es", "Todos nuestros agentes atienden a otros clientes. "),
        ("fr", "Tous nos agents sont avec d'autres clients. "),
        ("pt", "Todos os nossos agentes estão com outros clientes. "),
        ("ru", "Все наши операторы заняты с другими клиентами. "),
        ("zh", "所有客服正在接待其他客户。"),
    ])
});

/// How they begin where nobody is there.
static ABSENT: LazyLock<Texts> = LazyLock::new(|| {
    texts([
        ("", "No agent is available right now. "),
        ("de", "Im Moment ist kein Mitarbeiter da. "),
        ("es", "En este momento no hay ningún agente disponible. "),
        ("fr", "Aucun agent n'est disponible en ce moment. "),
        ("pt", "Neste momento, nenhum agente está disponível. "),
        ("ru", "Сейчас никого из операторов нет на месте. "),
        ("zh", "目前没有客服在线。"),
    ])
});

/// How they go on.
static IN_PLACE: LazyLock<Texts> = LazyLock::new(|| {
    texts([
        ("", "You are number {place} in line, and an agent answers you here."),
        ("de", "Sie sind Nummer {place} in der Reihe, und ein Mitarbeiter antwortet Ihnen hier."),
        ("es", "Usted es el número {place} de la fila, y un agente le responderá aquí."),
        ("fr", "Vous êtes numéro {place} dans la file, et un agent vous répondra ici."),
        ("pt", "Você é o número {place} da fila, e um agente responde aqui."),
        ("ru", "Вы в очереди под номером {place}, вам ответят здесь."),
        ("zh", "您排在第 {place} 位，客服会在这里回复您。"),
    ])
});

/// How they go on for a customer whose place is not known.
static IN_LINE: LazyLock<Texts> = LazyLock::new(|| {
    texts([
        ("", "You are in line, and an agent answers you here."),
        ("de", "Sie stehen in der Reihe, und ein Mitarbeiter antwortet Ihnen hier."),
        ("es", "Usted está en la fila, y un agente le responderá aquí."),
        ("fr", "Vous êtes dans la file, et un agent vous répondra ici."),
        ("pt", "Você está na fila, e um agente responde aqui."),
        ("ru", "Вы в очереди, вам ответят здесь."),
        ("zh", "您正在排队，客服会在这里回复您。"),
    ])
});

/// How many languages the desk has words in, those for all other languages counted as one.
const LANGUAGES: usize = 7;

fn texts(texts: [(&str, &str); LANGUAGES]) -> Texts {
    Texts(texts.into_iter().map(|(language, text)| (language.to_owned(), text.to_owned())).collect())
}

/// What a customer of a language is told who has this place in the line, counted from 1, and for whom these agents were
/// looked at. Where the place is not known, words that would name it give way to the desk's own without it. Nothing where
/// a project wants nothing said.
pub fn queue_message(
    own: Option<&Texts>,
    language: Option<&str>,
    place: Option<usize>,
    tally: Tally,
) -> Option<String> {
    let text = match own {
        Some(own) => own.in_language(language)?.to_owned(),
        None => words(language, place, tally)?,
    };
    match place {
        Some(place) => Some(text.replace(PLACE, &place.to_string())),
        None if text.contains(PLACE) => words(language, None, tally),
        None => Some(text),
    }
}

/// The words of the desk.
fn words(language: Option<&str>, place: Option<usize>, tally: Tally) -> Option<String> {
    let beginning = if tally.full > 0 { &BUSY } else { &ABSENT };
    let rest = if place.is_some() { &IN_PLACE } else { &IN_LINE };
    Some([beginning.in_language(language)?, rest.in_language(language)?].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vague::vague_words;

    const BUSY_ONES: Tally = Tally { full: 2, offline: 1, out_of_scope: 0, let_it_lie: 0, available: 0 };
    const NOBODY: Tally = Tally { full: 0, offline: 1, out_of_scope: 1, let_it_lie: 0, available: 0 };

    #[test]
    fn the_words_of_the_desk_are_definite_and_name_the_place() {
        for part in [&BUSY, &ABSENT, &IN_PLACE, &IN_LINE] {
            assert_eq!(part.0.len(), LANGUAGES);
            assert!(part.0.keys().eq(BUSY.0.keys()));
        }
        for language in BUSY.0.keys() {
            let language = Some(language.as_str());
            for tally in [BUSY_ONES, NOBODY] {
                let (placed, unplaced) =
                    (words(language, Some(3), tally).unwrap(), words(language, None, tally).unwrap());
                assert!(placed.contains(PLACE), "{placed}");
                assert!(!unplaced.contains(PLACE), "{unplaced}");
                for text in [placed, unplaced] {
                    assert_eq!(vague_words(&text), [], "{text}");
                }
            }
        }
        let told = queue_message(None, Some("pt-BR"), Some(3), BUSY_ONES);
        assert!(told.is_some_and(|text| text.contains("número 3")));
        let told = queue_message(None, None, Some(12), BUSY_ONES).unwrap();
        assert_eq!(
            told,
            "All our agents are with other customers. You are number 12 in line, and an agent answers you here."
        );
    }

    #[test]
    fn nobody_is_said_to_be_busy_who_is_not_there() {
        let told = queue_message(None, Some("de"), Some(1), NOBODY).unwrap();
        let expected = "Im Moment ist kein Mitarbeiter da. Sie sind Nummer 1 in der Reihe, und ein Mitarbeiter antwortet \
                        Ihnen hier.";
        assert_eq!(told, expected);
        let told = queue_message(None, Some("zh"), None, NOBODY).unwrap();
        assert_eq!(told, "目前没有客服在线。您正在排队，客服会在这里回复您。");
    }

    #[test]
    fn a_project_says_it_in_its_own_words_or_not_at_all() {
        let own = Texts([(String::new(), "Place {place}, {place}!".to_owned())].into());
        assert_eq!(queue_message(Some(&own), Some("de"), Some(2), NOBODY), Some("Place 2, 2!".to_owned()));
        assert_eq!(queue_message(Some(&Texts::default()), Some("de"), Some(2), NOBODY), None);
    }

    #[test]
    fn no_customer_reads_the_name_of_a_placeholder() {
        for (text, unknown) in [
            ("You are number {place}.", None),
            ("{place}/{place}", None),
            ("Patience :-{ please { } {1}", None),
            ("You are {position}.", Some("{position}")),
            ("You are {place", Some("{place")),
            ("You are { place }.", Some("{ place }")),
            ("You are {_place}", Some("{_place}")),
            ("You are {place|next}, {place}", Some("{place|next}")),
            ("Hello {customer.name}, you are {place}", Some("{customer.name}")),
        ] {
            let own = Texts([(String::new(), text.to_owned())].into());
            let expected = unknown.map_or(Ok(()), |unknown| Err(UnknownPlace(unknown.to_owned())));
            assert_eq!(check_queue_message(&own), expected, "{text}");
        }
    }

    #[test]
    fn nobody_is_told_a_place_that_is_not_known() {
        let without = queue_message(None, Some("fr"), None, BUSY_ONES);
        assert!(without.as_ref().is_some_and(|text| text.contains("dans la file") && !text.contains(PLACE)));
        let own = Texts([(String::new(), "Place {place}".to_owned())].into());
        assert_eq!(queue_message(Some(&own), Some("fr"), None, BUSY_ONES), without);
        let own = Texts([(String::new(), "You wait".to_owned())].into());
        assert_eq!(queue_message(Some(&own), Some("fr"), None, BUSY_ONES), Some("You wait".to_owned()));
        assert_eq!(queue_message(Some(&Texts::default()), None, None, BUSY_ONES), None);
    }
}
