//! What others think of a message.

use domain::TelegramUserId;
use domain::event::Cause;
use domain::message::Reaction;
use store::Tx;

use super::decoded::{ReactionChange, Reactions};
use super::scene::{Scene, Shelf, Worked};
use super::{gate, known};
use crate::Error;

/// Shows under a message what is thought of it now, whoever wrote it. Nothing is known of one that the desk does not
/// know.
pub(super) async fn receive(tx: &mut Tx, scene: Scene<'_>, change: &ReactionChange) -> Result<Worked, Error> {
    let found = known::find(tx, scene, change.chat_id, &change.thread, change.telegram_message_id).await?;
    let Some(mut known) = found else { return Ok(Worked::Off) };
    let reactions = changed(&known.message.content.reactions, &change.reactions);
    if reactions == known.message.content.reactions {
        return Ok(Worked::Off);
    }
    if let Reactions::Of { telegram_id, .. } = change.reactions
        && telegram_id != change.chat_id.0
        && gate::bans_person(tx, scene, telegram_id).await?
    {
        return Ok(Worked::Shelved(Shelf::Banned));
    }
    if let Some(shelf) = known.admit(tx, scene, None).await? {
        return Ok(Worked::Shelved(shelf));
    }
    known.message.content.reactions = reactions;
    tx.set_content(known.message.id, &known.message.content).await?;
    known.tell(tx, scene, Cause::CustomerReaction).await
}

fn changed(before: &[Reaction], change: &Reactions) -> Vec<Reaction> {
    match change {
        Reactions::Counts(counts) => counts.clone(),
        Reactions::Of { telegram_id, emoji } => {
            let who = TelegramUserId(*telegram_id);
            let mut reactions = before.to_vec();
            for reaction in &mut reactions {
                let others = reaction.by.len();
                reaction.by.retain(|other| *other != who);
                reaction.count -= i64::from(reaction.by.len() < others);
            }
            for emoji in emoji {
                match reactions.iter_mut().find(|reaction| reaction.emoji == *emoji) {
                    Some(reaction) => {
                        reaction.count += 1;
                        reaction.by.push(who);
                    }
                    None => reactions.push(Reaction { emoji: emoji.clone(), count: 1, by: vec![who] }),
                }
            }
            reactions.retain(|reaction| reaction.count > 0);
            reactions
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(telegram_id: i64, emoji: &[&str]) -> Reactions {
        Reactions::Of { telegram_id, emoji: emoji.iter().map(ToString::to_string).collect() }
    }

    fn reaction(emoji: &str, by: &[i64]) -> Reaction {
        let by: Vec<_> = by.iter().copied().map(TelegramUserId).collect();
        Reaction { emoji: emoji.to_owned(), count: i64::try_from(by.len()).unwrap(), by }
    }

    #[test]
    fn what_one_thinks_replaces_what_they_thought_and_nothing_else() {
        let one = changed(&[], &of(7, &["👍", "🔥"]));
        assert_eq!(one, [reaction("👍", &[7]), reaction("🔥", &[7])]);
        let both = changed(&one, &of(8, &["👍"]));
        assert_eq!(both, [reaction("👍", &[7, 8]), reaction("🔥", &[7])]);
        assert_eq!(changed(&both, &of(7, &["👎"])), [reaction("👍", &[8]), reaction("👎", &[7])]);
        assert_eq!(changed(&both, &of(7, &["👍", "🔥"])), [reaction("👍", &[8, 7]), reaction("🔥", &[7])]);
        assert_eq!(changed(&one, &of(7, &[])), []);
    }

    #[test]
    fn numbers_replace_everything() {
        let count = Reaction { emoji: "👍".to_owned(), count: 12, by: Vec::new() };
        let counts = changed(&[reaction("🔥", &[7])], &Reactions::Counts(vec![count.clone()]));
        assert_eq!(counts, [count]);
    }
}
