//! The tags that every project begins with.

use domain::tag::Preset;
use domain::{ProjectId, Time};
use store::Tx;
use store::desk_tools::NewPresetTag;

/// Gives a new project its first tags.
pub(crate) async fn add_presets(tx: &mut Tx, project: ProjectId, now: Time) -> Result<(), store::Error> {
    for preset in Preset::ALL.iter().copied() {
        tx.insert_preset_tag(NewPresetTag { project_id: project, preset, created_at: now }).await?;
    }
    Ok(())
}
