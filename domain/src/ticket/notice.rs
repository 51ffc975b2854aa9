//! What a customer is told about a ticket.

use std::sync::LazyLock;

use super::{Ticket, TicketStatus};
use crate::Time;
use crate::bot_text::Texts;
use crate::time_zone::TimeZone;

/// When work on a ticket continues whose team is off duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Continuation {
    /// The moment.
    pub at: Time,
    /// Where the customer is; empty if that is not known, so that the moment is told in UTC.
    pub time_zone: Option<TimeZone>,
}

/// What is promised of a ticket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Promised {
    /// That somebody answers.
    #[default]
    Response,
    /// That somebody answers without any delay.
    ResponseAtOnce,
    /// That it is resolved.
    Solution,
}

/// What can be promised of a ticket at a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outlook {
    /// By when something is promised; empty if nothing is.
    pub promised_at: Option<Time>,
    /// What that is.
    pub promised: Promised,
    /// When work continues; empty while the team is on duty.
    pub continues: Option<Continuation>,
}

/// Who got what was escalated, as its customer is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient<'a> {
    /// The team of this name.
    Team(&'a str),
    /// The administrators.
    Administrators,
    /// Somebody whom the project names for it.
    Agent,
}

/// How many languages the desk has words in, those for all other languages counted as one.
const LANGUAGES: usize = 7;

type Words = LazyLock<Texts>;

macro_rules! words {
    ($($(#[$meta:meta])* $name:ident: $others:literal, $de:literal, $es:literal, $fr:literal, $pt:literal, $ru:literal, $zh:literal;)+) => {
        $(
            $(#[$meta])*
            static $name: Words = LazyLock::new(|| texts([
                ("", $others), ("de", $de), ("es", $es), ("fr", $fr), ("pt", $pt), ("ru", $ru), ("zh", $zh),
            ]));
        )+

        #[cfg(test)]
        static ALL: &[&Words] = &[$(&$name),+];
    };
}

words! {
    /// That it went to a team.
    TO_TEAM:
        "Your issue was escalated to the team {team} (ticket #{number}).",
        "Ihr Anliegen wurde an das Team {team} übergeben (Ticket #{number}).",
        "Su caso se ha pasado al equipo {team} (ticket #{number}).",
        "Votre demande a été transmise à l'équipe {team} (ticket #{number}).",
        "O seu caso foi encaminhado para a equipe {team} (ticket #{number}).",
        "Ваш вопрос передан команде {team} (заявка #{number}).",
        "您的问题已升级至 {team} 团队（工单 #{number}）。";
    /// That it went to the administrators.
    TO_ADMINISTRATORS:
        "Your issue was escalated to our administrators (ticket #{number}).",
        "Ihr Anliegen wurde an unsere Administratoren übergeben (Ticket #{number}).",
        "Su caso se ha pasado a nuestros administradores (ticket #{number}).",
        "Votre demande a été transmise à nos administrateurs (ticket #{number}).",
        "O seu caso foi encaminhado para os nossos administradores (ticket #{number}).",
        "Ваш вопрос передан администраторам (заявка #{number}).",
        "您的问题已升级至管理员（工单 #{number}）。";
    /// That it went to somebody whom the project names for it.
    TO_AGENT:
        "Your issue was escalated to a dedicated agent (ticket #{number}).",
        "Ihr Anliegen wurde an einen dafür zuständigen Mitarbeiter übergeben (Ticket #{number}).",
        "Su caso se ha pasado a un agente responsable (ticket #{number}).",
        "Votre demande a été transmise à un agent dédié (ticket #{number}).",
        "O seu caso foi encaminhado para um agente responsável (ticket #{number}).",
        "Ваш вопрос передан ответственному сотруднику (заявка #{number}).",
        "您的问题已转交专人处理（工单 #{number}）。";
    /// Within which time somebody answers.
    WITHIN:
        "Expect a response within {time}.",
        "Sie erhalten innerhalb von {time} eine Antwort.",
        "Recibirá una respuesta en un plazo de {time}.",
        "Vous recevrez une réponse dans un délai de {time}.",
        "Receberá uma resposta no prazo de {time}.",
        "Вам ответят в течение {time}.",
        "您将在 {time}内收到回复。";
    /// That somebody answers without any delay.
    AT_ONCE:
        "Expect a response at once.",
        "Sie erhalten sofort eine Antwort.",
        "Recibirá una respuesta de inmediato.",
        "Vous recevrez une réponse immédiatement.",
        "Receberá uma resposta imediatamente.",
        "Вам ответят немедленно.",
        "您将立即收到回复。";
    /// Within which time it is resolved.
    SOLVED_WITHIN:
        "Expect a solution within {time}.",
        "Ihr Anliegen wird innerhalb von {time} gelöst.",
        "Su caso se resolverá en un plazo de {time}.",
        "Votre demande sera résolue dans un délai de {time}.",
        "O seu caso será resolvido no prazo de {time}.",
        "Ваш вопрос будет решён в течение {time}.",
        "您的问题将在 {time}内解决。";
    /// That it should have been resolved.
    SOLUTION_OVERDUE:
        "The time that we promised for a solution has passed.",
        "Die zugesagte Zeit für eine Lösung ist überschritten.",
        "El plazo prometido para la solución ya ha pasado.",
        "Le délai promis pour la solution est dépassé.",
        "O prazo prometido para a solução já passou.",
        "Обещанное время решения истекло.",
        "承诺的解决时间已过。";
    /// That somebody should have answered.
    OVERDUE:
        "The time that we promised for a response has passed.",
        "Die zugesagte Zeit für eine Antwort ist überschritten.",
        "El plazo prometido para la respuesta ya ha pasado.",
        "Le délai promis pour la réponse est dépassé.",
        "O prazo prometido para a resposta já passou.",
        "Обещанное время ответа истекло.",
        "承诺的回复时间已过。";
    /// When work continues.
    CONTINUES:
        "Work on your ticket continues at {time}.",
        "Die Arbeit an Ihrem Ticket geht weiter: {time}.",
        "El trabajo en su ticket continúa: {time}.",
        "Le traitement de votre ticket reprend : {time}.",
        "O trabalho no seu ticket continua: {time}.",
        "Работа над вашей заявкой продолжится: {time}.",
        "您的工单将于 {time} 继续处理。";
    /// How to say that it cannot wait.
    HINT:
        "If it is an emergency, reply “urgent”.",
        "Wenn es ein Notfall ist, antworten Sie „dringend“.",
        "Si es una emergencia, responda «urgente».",
        "En cas d'urgence, répondez « urgent ».",
        "Se for uma emergência, responda “urgente”.",
        "Если это экстренный случай, ответьте «срочно».",
        "如情况紧急，请回复“紧急”。";
    /// That it is urgent.
    IS_URGENT:
        "Ticket #{number} has the priority urgent.",
        "Ticket #{number} hat die Priorität dringend.",
        "El ticket #{number} tiene prioridad urgente.",
        "Le ticket #{number} a la priorité urgente.",
        "O ticket #{number} tem prioridade urgente.",
        "Заявка #{number} имеет срочный приоритет.",
        "工单 #{number} 的优先级为紧急。";
    /// That there is no such ticket.
    UNKNOWN:
        "You have no such ticket. Write /status and its number, like /status #12.",
        "Sie haben kein solches Ticket. Schreiben Sie /status und die Nummer, etwa /status #12.",
        "No tiene ningún ticket así. Escriba /status y su número, como /status #12.",
        "Vous n'avez pas de ticket à ce numéro. Écrivez /status et le numéro, comme /status #12.",
        "Não tem nenhum ticket assim. Escreva /status e o número, como /status #12.",
        "Такой заявки у вас нет. Напишите /status и номер, например /status #12.",
        "您没有这样的工单。请发送 /status 和编号，例如 /status #12。";
    /// That nobody has begun.
    OPEN:
        "Ticket #{number} is open.",
        "Ticket #{number} ist offen.",
        "El ticket #{number} está abierto.",
        "Le ticket #{number} est ouvert.",
        "O ticket #{number} está aberto.",
        "Заявка #{number} открыта.",
        "工单 #{number} 已创建。";
    /// That somebody is on it.
    IN_PROGRESS:
        "Ticket #{number} is being worked on.",
        "Ticket #{number} ist in Arbeit.",
        "El ticket #{number} está en curso.",
        "Le ticket #{number} est en cours de traitement.",
        "O ticket #{number} está em andamento.",
        "Заявка #{number} в работе.",
        "工单 #{number} 正在处理。";
    /// That it waits for the customer.
    WAITING:
        "Ticket #{number} waits for your answer.",
        "Ticket #{number} wartet auf Ihre Antwort.",
        "El ticket #{number} está a la espera de su respuesta.",
        "Le ticket #{number} attend votre réponse.",
        "O ticket #{number} aguarda a sua resposta.",
        "Заявка #{number} ожидает вашего ответа.",
        "工单 #{number} 正在等待您的回复。";
    /// That it waits for somebody else.
    ON_HOLD:
        "Ticket #{number} waits for a third party.",
        "Ticket #{number} wartet auf Dritte.",
        "El ticket #{number} está a la espera de terceros.",
        "Le ticket #{number} attend un tiers.",
        "O ticket #{number} aguarda terceiros.",
        "Заявка #{number} ожидает третью сторону.",
        "工单 #{number} 正在等待第三方。";
    /// That it is done.
    RESOLVED:
        "Ticket #{number} is resolved.",
        "Ticket #{number} ist gelöst.",
        "El ticket #{number} está resuelto.",
        "Le ticket #{number} est résolu.",
        "O ticket #{number} está resolvido.",
        "Заявка #{number} решена.",
        "工单 #{number} 已解决。";
    /// So many minutes.
    MINUTES: "{count} min", "{count} Min.", "{count} min", "{count} min", "{count} min", "{count} мин.", "{count} 分钟";
    /// So many hours.
    HOURS: "{count} h", "{count} Std.", "{count} h", "{count} h", "{count} h", "{count} ч.", "{count} 小时";
}

fn texts(texts: [(&str, &str); LANGUAGES]) -> Texts {
    Texts(texts.into_iter().map(|(language, text)| (language.to_owned(), text.to_owned())).collect())
}

/// What a customer of a language is told whose issue was escalated.
pub fn escalation_notice(
    language: Option<&str>,
    recipient: Recipient<'_>,
    number: i64,
    outlook: &Outlook,
    now: Time,
) -> String {
    // The name comes last: it may look like something that stands for something else.
    let escalated = match recipient {
        Recipient::Team(team) => numbered(&TO_TEAM, language, number).replace("{team}", team),
        Recipient::Administrators => numbered(&TO_ADMINISTRATORS, language, number),
        Recipient::Agent => numbered(&TO_AGENT, language, number),
    };
    let mut sentences = vec![escalated];
    sentences.extend(promised(language, outlook, now));
    sentences.push(said(&HINT, language).to_owned());
    sentences.join(" ")
}

/// What a customer of a language is told who said that a ticket cannot wait.
pub fn urgent_answer(language: Option<&str>, number: i64, outlook: &Outlook, now: Time) -> String {
    let mut sentences = vec![numbered(&IS_URGENT, language, number)];
    sentences.extend(promised(language, outlook, now));
    sentences.join(" ")
}

/// What a customer of a language is told who asked about a ticket.
pub fn status_answer(language: Option<&str>, ticket: &Ticket, outlook: &Outlook, now: Time) -> String {
    let words = match ticket.status {
        TicketStatus::Open => &OPEN,
        TicketStatus::InProgress => &IN_PROGRESS,
        TicketStatus::Waiting => &WAITING,
        TicketStatus::OnHold => &ON_HOLD,
        TicketStatus::Resolved => &RESOLVED,
    };
    let mut sentences = vec![numbered(words, language, ticket.number)];
    if ticket.is_open() {
        sentences.extend(promised(language, outlook, now));
    }
    sentences.join(" ")
}

/// What a customer of a language is told who asked about a ticket that they do not have.
pub fn unknown_ticket(language: Option<&str>) -> String {
    said(&UNKNOWN, language).to_owned()
}

fn promised(language: Option<&str>, outlook: &Outlook, now: Time) -> Vec<String> {
    let promise = outlook.promised_at.map(|at| {
        let is_late = at < now;
        let words = match outlook.promised {
            Promised::Response | Promised::ResponseAtOnce if is_late => &OVERDUE,
            Promised::Response => &WITHIN,
            Promised::ResponseAtOnce => &AT_ONCE,
            Promised::Solution if is_late => &SOLUTION_OVERDUE,
            Promised::Solution => &SOLVED_WITHIN,
        };
        said(words, language).replace("{time}", &duration(language, at - now))
    });
    let continues = outlook.continues.map(|one| said(&CONTINUES, language).replace("{time}", &moment(one)));
    promise.into_iter().chain(continues).collect()
}

/// A time from now in whole minutes, at least one, or in whole hours.
fn duration(language: Option<&str>, time: chrono::TimeDelta) -> String {
    const HOUR: i64 = 60;
    let minutes = ((time + chrono::TimeDelta::seconds(59)).num_minutes()).max(1);
    let part = |words: &Words, count: i64| said(words, language).replace("{count}", &count.to_string());
    match (minutes / HOUR, minutes % HOUR) {
        (0, minutes) => part(&MINUTES, minutes),
        (hours, 0) => part(&HOURS, hours),
        (hours, minutes) => format!("{} {}", part(&HOURS, hours), part(&MINUTES, minutes)),
    }
}

fn moment(continuation: Continuation) -> String {
    match continuation.time_zone {
        Some(zone) => format!("{} ({})", zone.local(continuation.at).format("%Y-%m-%d %H:%M"), zone.name()),
        None => format!("{} (UTC)", continuation.at.format("%Y-%m-%d %H:%M")),
    }
}

fn numbered(words: &Words, language: Option<&str>, number: i64) -> String {
    said(words, language).replace("{number}", &number.to_string())
}

/// The words in a language or, where there are none, those for all others.
fn said<'w>(words: &'w Words, language: Option<&str>) -> &'w str {
    words.in_language(language).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::super::tests::ticket;
    use super::*;
    use crate::ticket::UrgentRequest;
    use crate::vague::vague_words;

    fn noon() -> Time {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    fn within(minutes: i64) -> Outlook {
        Outlook { promised_at: Some(noon() + TimeDelta::minutes(minutes)), ..Outlook::default() }
    }

    #[test]
    fn the_words_of_the_desk_are_there_in_each_language_and_definite() {
        for words in ALL {
            assert_eq!(words.0.len(), LANGUAGES);
            for text in words.0.values() {
                assert_eq!(vague_words(text), [], "{text}");
            }
        }
    }

    #[test]
    fn a_customer_is_told_where_it_went_by_when_and_what_to_reply() {
        let told = escalation_notice(None, Recipient::Team("Payments"), 12, &within(30), noon());
        assert_eq!(
            told,
            "Your issue was escalated to the team Payments (ticket #12). Expect a response within 30 min. \
             If it is an emergency, reply “urgent”."
        );
        let told = escalation_notice(Some("de-AT"), Recipient::Administrators, 7, &within(135), noon());
        assert_eq!(
            told,
            "Ihr Anliegen wurde an unsere Administratoren übergeben (Ticket #7). \
             Sie erhalten innerhalb von 2 Std. 15 Min. eine Antwort. Wenn es ein Notfall ist, antworten Sie „dringend“."
        );
        let told = escalation_notice(None, Recipient::Team("{number}"), 3, &Outlook::default(), noon());
        assert!(told.starts_with("Your issue was escalated to the team {number} (ticket #3). If"), "{told}");
    }

    #[test]
    fn the_reply_that_a_notice_asks_for_is_understood() {
        for text in HINT.0.values() {
            let quoted = text.split(['“', '”', '„', '«', '»']).nth(1).unwrap();
            assert!(UrgentRequest::parse(quoted).is_some(), "{quoted}");
        }
    }

    #[test]
    fn when_work_continues_is_told_where_the_customer_is() {
        let at = noon() + TimeDelta::hours(20);
        let told_in = |zone: Option<&str>| {
            let time_zone = zone.map(|name| TimeZone::parse(name).unwrap());
            let outlook = Outlook { continues: Some(Continuation { at, time_zone }), ..Outlook::default() };
            status_answer(None, &ticket(), &outlook, noon())
        };
        let told = told_in(Some("Asia/Kolkata"));
        assert_eq!(told, "Ticket #12 is open. Work on your ticket continues at 2026-11-24 13:30 (Asia/Kolkata).");
        assert!(told_in(None).ends_with("2026-11-24 08:00 (UTC)."));
    }

    #[test]
    fn what_is_late_is_not_made_to_look_better_and_what_is_resolved_promises_nothing() {
        let told = status_answer(None, &ticket(), &within(-1), noon());
        assert_eq!(told, "Ticket #12 is open. The time that we promised for a response has passed.");
        let mut resolved = ticket();
        resolved.resolve("done".to_owned(), noon());
        assert_eq!(status_answer(None, &resolved, &within(30), noon()), "Ticket #12 is resolved.");
        assert_eq!(urgent_answer(None, 12, &within(0), noon()).matches("within 1 min").count(), 1);
    }

    #[test]
    fn what_is_promised_is_called_by_its_name() {
        let told = |promised, minutes| {
            let told = status_answer(None, &ticket(), &Outlook { promised, ..within(minutes) }, noon());
            told.strip_prefix("Ticket #12 is open. ").unwrap().to_owned()
        };
        assert_eq!(told(Promised::Response, 90), "Expect a response within 1 h 30 min.");
        assert_eq!(told(Promised::ResponseAtOnce, 0), "Expect a response at once.");
        assert_eq!(told(Promised::ResponseAtOnce, -1), "The time that we promised for a response has passed.");
        assert_eq!(told(Promised::Solution, 60), "Expect a solution within 1 h.");
        assert_eq!(told(Promised::Solution, -1), "The time that we promised for a solution has passed.");
        let mut waits = ticket();
        waits.stand(TicketStatus::OnHold);
        assert_eq!(status_answer(None, &waits, &Outlook::default(), noon()), "Ticket #12 waits for a third party.");
    }

    proptest! {
        #[test]
        fn no_customer_reads_the_name_of_a_placeholder(
            language in "[a-z]{2}",
            number in 1..10_000_i64,
            minutes in -100..10_000_i64,
        ) {
            for text in [
                escalation_notice(Some(&language), Recipient::Team("Team"), number, &within(minutes), noon()),
                escalation_notice(Some(&language), Recipient::Administrators, number, &within(minutes), noon()),
                escalation_notice(Some(&language), Recipient::Agent, number, &within(minutes), noon()),
                urgent_answer(Some(&language), number, &within(minutes), noon()),
                status_answer(Some(&language), &ticket(), &within(minutes), noon()),
            ] {
                prop_assert!(!text.contains('{'), "{}", text);
                prop_assert!(text.contains('#'));
            }
        }
    }
}
