//! What the bot says to customers by itself.

use domain::{Customer, CustomerKind, Project, Session, Sight, Time};
use store::Tx;

use crate::Error;
use crate::message::automatic;

/// Greets a customer whose first session has begun. The caller writes the session.
pub(crate) async fn greet(
    tx: &mut Tx,
    project: &Project,
    customer: &Customer,
    session: &mut Session,
    wall: Time,
) -> Result<(), Error> {
    if customer.kind != CustomerKind::Person || tx.customer_session_count(customer.id, &Sight::Everything).await? > 1 {
        return Ok(());
    }
    let texts = tx.bot_texts(project.id).await?;
    if let Some(text) = texts.greeting.in_language(customer.language_code.as_deref()) {
        automatic::write(tx, project, session, text, wall).await?;
    }
    Ok(())
}

/// Lists the commands of the bot for a customer. The caller writes the session.
pub(crate) async fn help(
    tx: &mut Tx,
    project: &Project,
    customer: &Customer,
    session: &mut Session,
    wall: Time,
) -> Result<(), Error> {
    let texts = tx.bot_texts(project.id).await?;
    let language = customer.language_code.as_deref();
    let lines = texts.commands.iter().filter_map(|command| {
        let description = command.description.in_language(language)?;
        Some(format!("/{} – {description}", command.command))
    });
    let list: Vec<String> = lines.collect();
    for text in in_messages(&list) {
        automatic::write(tx, project, session, &text, wall).await?;
    }
    Ok(())
}

/// The lines as texts that Telegram takes.
fn in_messages(lines: &[String]) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for line in lines {
        match texts.last_mut() {
            Some(text) if domain::text::check(&format!("{text}\n{line}")).is_ok() => {
                text.push('\n');
                text.push_str(line);
            }
            _ => texts.push(line.clone()),
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_of_commands_becomes_several_messages() {
        assert_eq!(in_messages(&[]), [""; 0]);
        assert_eq!(in_messages(&["/a – A".to_owned(), "/b – B".to_owned()]), ["/a – A\n/b – B"]);
        let long: Vec<String> = (0..100).map(|_| "x".repeat(290)).collect();
        let texts = in_messages(&long);
        assert!(texts.len() > 1 && texts.iter().all(|text| domain::text::check(text).is_ok()));
        assert_eq!(texts.join("\n"), long.join("\n"));
    }
}
