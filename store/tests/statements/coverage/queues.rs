//! What waits to be worked off: updates, calls and jobs, with leases and sandboxes.

use domain::{AgentId, ChatId, JobId, OutboxId, ProjectId, TelegramUserId, UpdateRowId};
use store::Tx;
use store::inbox::{NewUpdate, Shelf};
use store::jobs::NewJob;
use store::outbox::{Hold, Lane, NewCall, OutboxState, Room};
use store::sandbox::NewFault;

use crate::{answered, now};

pub async fn write_queues(tx: &mut Tx, project_id: ProjectId, agent: AgentId, round: i64) {
    let update = |update_id| NewUpdate {
        user_id: None,
        project_id,
        epoch: 1,
        update_id,
        chat_id: ChatId(1),
        kind: "message".to_owned(),
        raw: String::new(),
    };
    tx.insert_updates(&[update(1)], now()).await.unwrap();
    tx.insert_updates(&[update(2), update(3)], now()).await.unwrap();
    tx.raise_intake_epoch(project_id, round).await.unwrap();
    tx.claim_updates(now(), 5).await.unwrap();
    tx.finish_updates(&[1, 2]).await.unwrap();
    tx.shelve_updates(&[3], Shelf::Flood).await.unwrap();
    tx.move_pending_updates(project_id, ChatId(1), ChatId(1)).await.unwrap();
    tx.fail_update(UpdateRowId(1), "error", Some(now())).await.unwrap();
    tx.fail_update(UpdateRowId(1), "error", None).await.unwrap();
    tx.retry_update(UpdateRowId(1), now()).await.unwrap();

    let call = NewCall {
        attachments: Vec::new(),
        cost: 1,
        project_id,
        chat_id: ChatId(1),
        lane: Lane::LiveReply,
        message_id: None,
        method: "sendMessage".to_owned(),
        payload: String::new(),
    };
    tx.insert_call(&call, now()).await.unwrap();
    tx.lock_open_calls(&[1, 2]).await.unwrap();
    tx.replace_call(OutboxId(1), &call).await.unwrap();
    for lane in Lane::ALL {
        tx.claim_calls(lane, &[Room { project_id, limit: 5 }], now()).await.unwrap();
    }
    tx.start_calls(&[1, 2], "attempt").await.unwrap();
    tx.hold_chats(&[Hold { project_id, chat_id: ChatId(1), until: now() }]).await.unwrap();
    tx.open_tries(&[1, 2]).await.unwrap();
    tx.settle_calls_as_sent(&[3, 4], now()).await.unwrap();
    tx.lock_try(OutboxId(1), "attempt").await.unwrap();
    tx.requeue_call(OutboxId(1), now(), true, "error").await.unwrap();
    tx.abandoned_calls(project_id).await.unwrap();
    tx.settle_call(OutboxId(1), OutboxState::Sent, None, now()).await.unwrap();

    let job = NewJob {
        key: round.to_string(),
        project_id: (round % 2 == 0).then_some(project_id),
        kind: "remind",
        payload: String::new(),
        due_at: now(),
    };
    tx.schedule_job(&job, now()).await.unwrap();
    tx.schedule_job_by(&job, now()).await.unwrap();
    tx.schedule_job_once(&job, now()).await.unwrap();
    tx.claim_job(now()).await.unwrap();
    tx.fail_job(JobId(1), "error", Some(now())).await.unwrap();
    tx.fail_job(JobId(1), "error", None).await.unwrap();
    tx.postpone_job(JobId(1), now()).await.unwrap();
    tx.put_off_job(JobId(1), now()).await.unwrap();
    tx.bring_jobs_nearer(project_id, 1).await.unwrap();
    tx.finish_job(JobId(1)).await.unwrap();

    tx.acquire_lease("lease", "holder", 1).await.unwrap();
    tx.renew_leases(&["lease".to_owned()], "holder", 1).await.unwrap();
    tx.keep_lease("lease", "holder").await.unwrap();
    tx.keep_leases(&["lease".to_owned()], "holder").await.unwrap();
    tx.release_lease("lease", "holder").await.unwrap();
    tx.release_leases("holder").await.unwrap();
    tx.insert_answered(agent, "key", &answered(), now(), now()).await.unwrap();
    tx.push_sandbox_update(project_id, Some(TelegramUserId(7)), "raw").await.unwrap();
    tx.confirm_sandbox_updates(project_id, 1).await.unwrap();
    tx.next_sandbox_message_id(project_id).await.unwrap();
    tx.pass_sandbox_message_id(project_id, 5).await.unwrap();
    tx.erase_sandbox_customer(project_id, TelegramUserId(7)).await.unwrap();
    tx.block_in_sandbox(project_id, TelegramUserId(7)).await.unwrap();
    tx.unblock_in_sandbox(project_id, TelegramUserId(7)).await.unwrap();
    let fault = NewFault { project_id, method: Some("sendmessage"), chat_id: None, fault: "{}", strikes: Some(2) };
    tx.insert_sandbox_fault(&fault).await.unwrap();
    tx.sandbox_fault_count(project_id).await.unwrap();
    tx.spend_sandbox_fault(1, 2).await.unwrap();
    tx.clear_sandbox_faults(project_id).await.unwrap();
}
