use super::*;

fn found(text: &str) -> Vec<&str> {
    vague_words(text).into_iter().map(|word| &text[word.range]).collect()
}

#[test]
fn every_listed_phrase_is_well_formed_and_found_in_itself() {
    for phrase in lists::VAGUE.iter().copied().flatten() {
        Phrase::parse(phrase).unwrap();
        let text = phrase.trim_end_matches('*');
        assert_eq!(found(text), [text]);
        assert_eq!(found(&text.to_uppercase()), [text.to_uppercase()]);
    }
}

#[test]
fn definite_phrases_are_left_alone() {
    for phrase in lists::DEFINITE.iter().copied().flatten() {
        Phrase::parse(phrase).unwrap();
        assert_eq!(found(phrase), [""; 0], "{phrase}");
    }
}

#[test]
fn vague_words_are_found_with_their_places() {
    let table: &[(&str, &[&str])] = &[
        ("We will be back soon. Details shortly, the rest LATER!", &["soon", "shortly", "LATER"]),
        ("We answer as soon as possible", &["as soon as possible"]),
        ("As  soon\nas possible or soon", &["As  soon\nas possible", "soon"]),
        ("We answer no later than 18:00, not later", &["later"]),
        ("Wir melden uns so schnell wie möglich, spätestens um 18 Uhr", &["so schnell wie möglich"]),
        ("Sobald wir mehr wissen, in Kürze oder später", &["in Kürze", "später"]),
        ("Скоро вернёмся, не позднее 18:00; чуть позже напишем", &["Скоро", "чуть позже"]),
        ("我们会尽快处理，请稍候。", &["尽快", "稍候"]),
        ("不久前已修复", &[]),
        ("Lo resolveremos lo antes posible; desde luego hoy, más tarde", &["lo antes posible", "más tarde"]),
        ("https://status.example/later is definite, later is not", &["later"]),
        ("The latter person, my son, Theobald, Toronto", &[]),
    ];
    for (text, expected) in table {
        assert_eq!(found(text), *expected, "{text}");
    }
}

#[test]
fn what_the_articles_recommend_is_not_vague() {
    for text in [
        "We will provide the next update within 30 minutes.",
        "Our technical team is urgently investigating and expects to provide an update within 2 hours. Your data security is not affected. If you have an urgent issue, please reply directly to this message. Thank you for your patience.",
        "Update: The root cause has been identified, and we are deploying a fix. Estimated time remaining: 20 minutes. We will continue to post updates in this channel.",
        "Fix completed, service being restored gradually. You can use it normally without additional steps.",
        "Your issue has been escalated to the complaint handling team (ticket number #1234), and a response is expected within 15 minutes. If there is an emergency, please reply ‘urgent’.",
    ] {
        assert_eq!(found(text), [""; 0], "{text}");
    }
}
