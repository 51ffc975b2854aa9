//! Stories for each condition.

use chrono::TimeDelta;

use super::defaults::{DefaultList, PresetTags};
use super::*;
use crate::words::PhraseError;
use crate::{Priority, TagId, Time, TriggerId, WordListId};

const TAGS: PresetTags = PresetTags { complaint: TagId(1), sensitive: TagId(2) };

fn list_id(list: DefaultList) -> WordListId {
    WordListId(DefaultList::ALL.iter().position(|&other| other == list).unwrap().try_into().unwrap())
}

fn default_lists() -> Vec<WordList> {
    DefaultList::ALL.iter().map(|&list| WordList::parse(list_id(list), list.phrases()).unwrap()).collect()
}

fn default_triggers() -> Triggers {
    let triggers = (1..).zip(defaults::triggers(TAGS, list_id)).map(|(id, (_, condition, actions))| Trigger {
        id: TriggerId(id),
        condition,
        actions,
    });
    Triggers::new(triggers.collect(), &default_lists()).unwrap()
}

fn outcome_of(text: &str) -> Outcome {
    Outcome::of(&default_triggers().on_message(text, &mut Progress::default()))
}

fn noon() -> Time {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

#[test]
fn every_default_phrase_is_found_in_itself() {
    for &list in DefaultList::ALL {
        let triggers = Triggers::new(
            vec![Trigger {
                id: TriggerId(1),
                condition: Condition::Words(vec![list_id(list)]),
                actions: vec![Action::Tag(TagId(1))],
            }],
            &default_lists(),
        )
        .unwrap();
        for phrase in list.phrases() {
            let text = phrase.replace('*', "").to_uppercase();
            let firings = triggers.on_message(&text, &mut Progress::default());
            let Some(Firing { cause: Cause::Words(words), .. }) = firings.first() else {
                panic!("{phrase} is not found in {text}");
            };
            assert!(words.iter().any(|found| found.range() == (0..text.len())), "{phrase}: {words:?}");
        }
    }
}

#[test]
fn everyday_messages_fire_nothing() {
    for text in [
        "Hello! How do I change my password? I use some password manager app.",
        "Is the bank open? The urban branch, I mean. Thanks, bye",
        "Could you suggest an album? It is fantastic, a classic assessment",
        "Guten Tag, wann kommt mein Paket? Vielen Dank und schöne Grüße",
        "Das Gericht war lecker, die Bewertung schreibe ich gern",
        "Здравствуйте! Добро пожаловать, подскажите, пожалуйста, где мой заказ?",
        "Где найти руководство пользователя?",
        "Мне нужен банан и барабан, спасибо",
        "你好，请问怎么修改密码？谢谢",
        "我妈的卡不见了",
        "Hola, ¿cómo cambio la contraseña? Cumplo diez años, muchas gracias",
        "👍👍👍",
        "5",
        "A55 1 2 3 4 5",
        "+49 170 5558008",
        "https://example.org/q?a=1",
    ] {
        let found = default_triggers().on_message(text, &mut Progress::default());
        assert_eq!(found, [], "{text}");
    }
}

#[test]
fn the_examples_of_the_articles_are_recognised() {
    for text in [
        "I want to complain",
        "I’ll contact a lawyer",
        "this is fucking bad",
        "Ich gehe zum Anwalt",
        "подам в суд",
        "我要投诉",
        "mierda",
    ] {
        let outcome = outcome_of(text);
        assert_eq!((outcome.escalate, outcome.priority), (Some(Level::Second), Some(Priority::High)), "{text}");
    }
    for text in [
        "refund",
        "my account was banned?",
        "a data leak!",
        "Rückerstattung bitte",
        "верните деньги",
        "我要退款",
        "quiero un reembolso",
        "r.e.f.u.n.d",
        "R3FUND",
    ] {
        let outcome = outcome_of(text);
        assert_eq!((outcome.suggest, outcome.escalate), (Some(Level::Second), None), "{text}");
        assert_eq!(outcome.tag_ids, [TagId(2)], "{text}");
    }
    assert_eq!(outcome_of("this is a complaint").tag_ids, [TagId(1)]);
}

#[test]
fn three_complaints_in_a_row_escalate_and_what_the_customer_says_in_between_ends_the_row() {
    let triggers = default_triggers();
    let escalates = |texts: &[&str]| {
        let mut progress = Progress::default();
        let mut escalates = |text: &&str| Outcome::of(&triggers.on_message(text, &mut progress)).escalate.is_some();
        texts.iter().map(&mut escalates).collect::<Vec<_>>()
    };
    let (manager, complaint) = ("get me your manager", "this is unacceptable");
    assert_eq!(escalates(&[manager, complaint, manager]), [false, false, true]);
    assert_eq!(escalates(&[manager, complaint, "my number is 12", manager]), [false; 4]);
    assert_eq!(escalates(&[manager, "", "😡", complaint, "…", manager]), [false, false, false, false, false, true]);
    assert_eq!(escalates(&[manager; 7]), [false, false, true, false, false, true, false]);
}

#[test]
fn words_fire_once_until_the_issue_is_resolved() {
    let triggers = default_triggers();
    let mut progress = Progress::default();
    assert_eq!(triggers.on_message("refund", &mut progress).len(), 1);
    assert_eq!(triggers.on_message("REFUND!", &mut progress), []);
    assert_eq!(triggers.on_message("refund", &mut Progress::default()).len(), 1);
}

#[test]
fn an_issue_that_is_unresolved_for_a_quarter_of_an_hour_fires_once() {
    let triggers = default_triggers();
    let mut progress = Progress::default();
    let due = noon() + TimeDelta::minutes(15);
    assert_eq!(triggers.next_due(noon(), &progress), Some(due));
    assert_eq!(triggers.on_time(noon(), due - TimeDelta::microseconds(1), &mut progress), []);
    let firings = triggers.on_time(noon(), due, &mut progress);
    assert_eq!(firings.len(), 1);
    assert_eq!(firings[0].cause, Cause::Unresolved { after: TimeDelta::minutes(15) });
    assert_eq!(triggers.on_time(noon(), due + TimeDelta::hours(9), &mut progress), []);
    assert_eq!(triggers.next_due(noon(), &progress), None);
}

#[test]
fn waiting_for_the_customer_does_not_count_and_what_is_taken_up_again_begins_anew() {
    let triggers = default_triggers();
    let at = |minutes| noon() + TimeDelta::minutes(minutes);
    let mut progress = Progress::default();
    progress.pause(noon());
    assert_eq!(progress, Progress::default(), "nothing has begun");
    progress.began = Some(noon());
    progress.pause(at(5));
    progress.pause(at(20));
    progress.resume(at(35));
    progress.resume(at(99));
    assert_eq!((progress.began, progress.paused), (Some(at(30)), None));
    assert_eq!(triggers.next_due(at(30), &progress), Some(at(45)));
    assert_eq!(triggers.on_time(at(30), at(45), &mut progress).len(), 1);
    progress.begin_anew(at(60));
    assert_eq!(progress, Progress { began: Some(at(60)), ..Progress::default() });
    progress.pause(at(61));
    progress.resume(at(60));
    assert_eq!(progress.began, Some(at(60)), "clocks of several processes need not agree");
}

#[test]
fn three_stars_are_low_and_four_are_not() {
    for stars in 1..=5 {
        let escalate = Outcome::of(&default_triggers().on_rating(stars)).escalate;
        assert_eq!(escalate, (stars <= 3).then_some(Level::Second), "{stars}");
    }
}

#[test]
fn triggers_that_cannot_work_are_refused() {
    let trigger = |condition| Trigger { id: TriggerId(1), condition, actions: vec![Action::Tag(TagId(1))] };
    let lists = [WordList::parse(WordListId(1), ["refund"]).unwrap()];
    let refusal = |triggers: Vec<Trigger>| Triggers::new(triggers, &lists).unwrap_err();
    let id = TriggerId(1);
    let words = Condition::Words(vec![WordListId(1)]);
    assert_eq!(refusal(vec![trigger(words.clone()), trigger(words.clone())]), TriggerError::TwiceThere(id));
    assert_eq!(refusal(vec![Trigger { actions: vec![], ..trigger(words) }]), TriggerError::NoAction(id));
    for lists in [vec![], vec![WordListId(1), WordListId(2)]] {
        assert_eq!(refusal(vec![trigger(Condition::Words(lists))]), TriggerError::NoList(id));
    }
    let none_in_a_row = Condition::InARow { lists: vec![WordListId(1)], messages: 0 };
    assert_eq!(refusal(vec![trigger(none_in_a_row)]), TriggerError::NoMessage(id));
    assert_eq!(refusal(vec![trigger(Condition::Unresolved { after: TimeDelta::zero() })]), TriggerError::NoTime(id));
    for stars in [0, 6] {
        assert_eq!(refusal(vec![trigger(Condition::LowRating { stars })]), TriggerError::NoSuchStars(id));
    }
    assert_eq!(WordList::parse(WordListId(1), ["refund", "*"]), Err(PhraseError::Empty));
}
