//! Customers who block the bot or let it in again, and groups that it comes into or is put out of.

use store::Tx;

use super::decoded::{Membership, Reachability};
use super::hooks;
use super::scene::{Scene, Worked};
use crate::Error;
use crate::customer::{Party, Reach, reach};

/// Notes whether messages reach a customer. Who never wrote is no customer.
pub(super) async fn receive(tx: &mut Tx, scene: Scene<'_>, told: &Reachability) -> Result<Worked, Error> {
    let found = tx.customer_by_telegram_user(scene.project.id, told.profile.telegram_user_id).await?;
    if let Some(customer) = found {
        let told = Reach { reachable: told.reachable, at: told.at };
        reach(tx, scene.project, &customer, told, scene.wall).await?;
    }
    Ok(Worked::Off)
}

/// Notes whether messages reach a group. One in which nobody has written yet is no customer.
pub(super) async fn receive_membership(tx: &mut Tx, scene: Scene<'_>, told: &Membership) -> Result<Worked, Error> {
    if hooks::on_membership(tx, scene.project, told).await? {
        return Ok(Worked::Off);
    }
    let party = Party::look_up(tx, scene.project.id, told.chat_id, &told.chat).await?;
    // What becomes of the old chat of a group that has moved on says nothing about the present one.
    if let Some(customer) = party.customer.filter(|_| party.chat_id == told.chat_id) {
        let told = Reach { reachable: told.member, at: told.at };
        reach(tx, scene.project, &customer, told, scene.wall).await?;
    }
    Ok(Worked::Off)
}
