//! Telling Telegram which commands a bot has.

use std::collections::BTreeSet;

use domain::ProjectId;
use domain::bot_text::{BotCommand, command_languages};

use crate::{Desk, Error};

/// What Telegram has to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandsToRegister {
    /// The commands that the bot is to offer.
    pub commands: Vec<BotCommand>,
    /// The languages whose lists are to be set; the empty one stands for all others.
    pub set: BTreeSet<String>,
    /// The languages whose lists are to be deleted.
    pub delete: BTreeSet<String>,
}

impl Desk {
    /// The bots of whose commands Telegram has to be told, whoever serves them.
    pub async fn bots_with_new_commands(&self) -> Result<Vec<ProjectId>, Error> {
        Ok(self.store.read().await?.projects_with_new_commands().await?)
    }

    /// What Telegram has to be told about the commands of a bot; nothing if it knows. With `anew` it is told all the
    /// same, in case somebody else changed the list.
    pub async fn commands_to_register(
        &self,
        project_id: ProjectId,
        anew: bool,
    ) -> Result<Option<CommandsToRegister>, Error> {
        let texts = self.store.read().await?.bot_texts(project_id).await?;
        let is_known = texts.commands == texts.registered_commands;
        if is_known && (!anew || texts.commands.is_empty()) {
            return Ok(None);
        }
        let set = command_languages(&texts.commands);
        let delete = command_languages(&texts.registered_commands).difference(&set).cloned().collect();
        Ok(Some(CommandsToRegister { commands: texts.commands, set, delete }))
    }

    /// Notes that Telegram was told of these commands.
    pub async fn commands_registered(&self, project_id: ProjectId, commands: Vec<BotCommand>) -> Result<(), Error> {
        let mut tx = self.store.begin().await?;
        tx.set_registered_commands(project_id, commands).await?;
        Ok(tx.commit_silently().await?)
    }
}
