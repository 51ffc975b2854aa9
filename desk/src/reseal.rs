//! Leaving the previous secret behind.

use store::Store;

use crate::keys::{Keyring, SealError};
use crate::open::SECRET_CHECK;
use crate::project::token_context;

/// Seals with the current secret whatever the previous one has sealed, so that the next start does without it. What
/// cannot be opened is left as it is, with a line in the log.
pub(crate) async fn reseal(store: &Store, keys: &Keyring) -> Result<(), store::Error> {
    let sealed_anew = |sealed: &str, context: &str| -> Result<Option<String>, SealError> {
        if !keys.sealer.needs_resealing(sealed)? {
            return Ok(None);
        }
        Ok(Some(keys.sealer.seal(&keys.sealer.open(sealed, context)?, context)))
    };
    let mut tx = store.begin().await?;
    for bot in tx.bots().await? {
        let Some(sealed) = bot.token_sealed else { continue };
        match sealed_anew(&sealed, &token_context(bot.project_id)) {
            Ok(Some(anew)) => tx.set_bot_token(bot.project_id, &anew).await?,
            Ok(None) => {}
            Err(error) => tracing::error!(project = %bot.project_id, %error, "the bot token cannot be sealed anew"),
        }
    }
    // Last, as it says that everything else is done.
    let check = tx.settle_meta(SECRET_CHECK, &keys.sealer.seal(SECRET_CHECK, SECRET_CHECK)).await?;
    if let Ok(Some(anew)) = sealed_anew(&check, SECRET_CHECK) {
        tx.set_meta(SECRET_CHECK, &anew).await?;
        tracing::info!("everything is sealed with the current secret: the previous one is only needed for sign-ins");
    }
    tx.commit().await
}
