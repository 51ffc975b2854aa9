//! Notes, tags, canned replies, scheduled messages and triggers.

use domain::bot_text::Texts;
use domain::note::{NoteContent, NoteWording};
use domain::tag::Preset;
use domain::trigger::{Judgement, Progress};
use domain::{AgentId, DiversionLinkId, MessageId, ProjectId, Session};
use store::Tx;
use store::desk_tools::{NewCannedReply, NewNote, NewPresetTag, NewScheduledMessage};
use store::triggers::{NewFiring, NewTrigger, NewWordList};

use crate::now;

pub async fn write_desk_tools(tx: &mut Tx, project_id: ProjectId, agent_id: AgentId, session: &Session) {
    let new = NewNote {
        project_id,
        session_id: session.id,
        agent_id,
        content: NoteContent::default(),
        created_at: now(),
        since_version: 1,
    };
    let note = tx.insert_note(&new).await.unwrap();
    tx.update_note(&note).await.unwrap();
    let content = NoteContent::default();
    let wording = NoteWording { note_id: note.id, until_version: 2, content, edited_at: None };
    tx.insert_note_wording(&wording).await.unwrap();
    tx.insert_preset_tag(NewPresetTag { project_id, preset: Preset::Vip, created_at: now() }).await.unwrap();
    let tags = tx.tags_of_project(project_id).await.unwrap();
    let tag = tx.update_tag(&tags[0]).await.unwrap();
    tx.add_customer_tag(session.customer_id, tag.id).await.unwrap();
    tx.replace_tag(tag.id, tags[1].id).await.unwrap();
    tx.remove_customer_tag(session.customer_id, tags[1].id).await.unwrap();
    tx.set_diversion_link_tags(DiversionLinkId(1), vec![tag.id]).await.unwrap();
    let new = NewCannedReply {
        project_id,
        owner_id: None,
        shortcut: "hello".to_owned(),
        title: "Hello".to_owned(),
        texts: Texts::default(),
        created_at: now(),
    };
    let reply = tx.insert_canned_reply(&new).await.unwrap();
    tx.update_canned_reply(&reply).await.unwrap();
    tx.count_canned_reply(reply.id).await.unwrap();
    tx.delete_canned_reply(reply.id).await.unwrap();
    let new = NewScheduledMessage {
        project_id,
        session_id: session.id,
        agent_id,
        text: String::new(),
        entities: vec![],
        media: vec![],
        send_at: now(),
        cancel_on_reply: true,
        inbound_count: 1,
        created_at: now(),
        since_version: 1,
    };
    let message = tx.insert_scheduled_message(&new).await.unwrap();
    tx.update_scheduled_message(&message).await.unwrap();
    tx.remove_job("no such job").await.unwrap();
    write_triggers(tx, project_id, agent_id, session).await;
}

async fn write_triggers(tx: &mut Tx, project_id: ProjectId, agent_id: AgentId, session: &Session) {
    let new = NewWordList { project_id, name: "Words".to_owned(), phrases: vec![], created_at: now(), preset: None };
    let list = tx.insert_word_list(&new).await.unwrap();
    tx.update_word_list(&list).await.unwrap();
    tx.remove_word_list(list.id).await.unwrap();
    let new = NewTrigger {
        project_id,
        name: "Trigger".to_owned(),
        word_list_ids: vec![list.id],
        messages_in_a_row: None,
        unresolved_minutes: None,
        low_rating: None,
        tag_ids: vec![],
        raise_to: None,
        suggest: None,
        escalate: None,
        reason: None,
        active: true,
        place: 1,
        created_at: now(),
        preset: None,
    };
    let trigger = tx.insert_trigger(&new).await.unwrap();
    tx.update_trigger(&trigger).await.unwrap();
    tx.remove_trigger(trigger.id, now()).await.unwrap();
    tx.set_trigger_progress(session.id, &Progress::default()).await.unwrap();
    let firing = NewFiring {
        trigger_id: trigger.id,
        session_id: session.id,
        message_id: Some(MessageId(1)),
        phrases: vec![],
        at: now(),
        since_version: 1,
        suggested: None,
    };
    tx.insert_trigger_firing(&firing).await.unwrap();
    let firing = tx.trigger_firings_of(&[session.id.0]).await.unwrap().remove(0);
    tx.judge_trigger_firing(firing.id, Judgement::Accepted, agent_id).await.unwrap();
    tx.raise_project_version(project_id).await.unwrap();
}
