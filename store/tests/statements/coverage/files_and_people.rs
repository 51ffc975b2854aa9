//! Files, teams, staff, tags and links, with what is shown beside them.

use domain::bot_text::Texts;
use domain::filter::Page;
use domain::message::MediaKind;
use domain::notice::NoticeKind;
use domain::{
    AgentId, ChatId, DiversionLinkId, FileId, NoteId, Position, ProjectId, Session, StaffLink, TagId, TeamGroup,
    TelegramUserId, Time,
};
use store::files::NewFile;
use store::people::{LinkCode, NewDiversionLink, NewTag, NewTeam};
use store::{Queries, Tx};

use crate::coverage::people_admin::{read_people_admin, write_people_admin};
use crate::now;

pub async fn read_files_and_people(queries: &mut Queries, project: ProjectId, agent: AgentId, session: &Session) {
    let ids = [1, 2, 3];
    queries.bot_token_sealed(project).await.unwrap();
    queries.messages_of_albums(&ids, &["album".to_owned()]).await.unwrap();
    queries.has_event(Position::START).await.unwrap();
    queries.files(&ids).await.unwrap();
    queries.file_chunk(FileId(1), 0).await.unwrap();
    queries.unused_files(agent, project).await.unwrap();
    queries.teams(&ids).await.unwrap();
    queries.teams_of_project(project).await.unwrap();
    queries.team_groups(&ids).await.unwrap();
    queries.team_groups_of_project(project).await.unwrap();
    queries.team_group_in(project, ChatId(1)).await.unwrap();
    queries.staff_links(&ids).await.unwrap();
    queries.staff_link(project, agent).await.unwrap();
    queries.staff_link_in(project, ChatId(1)).await.unwrap();
    queries.tags(&ids).await.unwrap();
    queries.tags_of_project(project).await.unwrap();
    read_people_admin(queries, project, agent).await;
    queries.tags_of_sessions(&ids).await.unwrap();
    queries.tags_of_customers(&ids).await.unwrap();
    queries.open_sessions_with_tag(TagId(1)).await.unwrap();
    queries.diversion_link_tags(project).await.unwrap();
    queries.notes(&ids).await.unwrap();
    queries.note_wordings(&ids).await.unwrap();
    queries.notes_of_sessions(&ids).await.unwrap();
    for version in [None, Some(7)] {
        let page = Page { after: Some(NoteId(1)), before: None, size: 5, from_end: false };
        queries.note_page(session.id, version, page).await.unwrap();
        queries.note_count(session.id, version).await.unwrap();
    }
    queries.canned_replies(&ids).await.unwrap();
    queries.canned_replies_for(project, agent).await.unwrap();
    queries.canned_reply_count(project, None).await.unwrap();
    queries.canned_reply_called(project, Some(agent), "hello").await.unwrap();
    queries.scheduled_messages(&ids).await.unwrap();
    queries.scheduled_messages_of(&ids).await.unwrap();
    queries.newest_scheduled_of(&ids, None, 50).await.unwrap();
    queries.newest_scheduled_of(&ids, Some(agent), 50).await.unwrap();
    queries.pinned_messages(&ids, agent).await.unwrap();
    queries.triggers(&ids).await.unwrap();
    queries.triggers_of_project(project).await.unwrap();
    queries.trigger_statistics(&ids).await.unwrap();
    queries.word_lists(&ids).await.unwrap();
    queries.word_lists_of_project(project).await.unwrap();
    queries.trigger_progress(&ids).await.unwrap();
    queries.trigger_firings(&ids).await.unwrap();
    queries.trigger_firings_of(&ids).await.unwrap();
    queries.newest_firings_of(&ids, None, 50).await.unwrap();
    queries.newest_firings_of(&ids, Some(agent), 50).await.unwrap();
    queries.diversion_links(&ids).await.unwrap();
    queries.diversion_link_by_code(project, "code").await.unwrap();
    let page = Page { after: Some(DiversionLinkId(1)), before: None, size: 5, from_end: false };
    queries.diversion_link_page(project, page).await.unwrap();
    queries.diversion_link_count(project).await.unwrap();
    queries.bot_texts(project).await.unwrap();
    queries.customer_session_ids(session.customer_id).await.unwrap();
    for number in [1, -1] {
        queries.updates_of(project, TelegramUserId(number), ChatId(number), 1, 5).await.unwrap();
    }
}

pub async fn write_files(tx: &mut Tx, project_id: ProjectId, agent_id: AgentId, session: &Session) {
    let new = NewFile {
        project_id,
        agent_id,
        name: "plan.pdf".to_owned(),
        mime_type: "application/pdf".to_owned(),
        most_bytes: 5,
        chunk_bytes: 5,
        created_at: now(),
    };
    let file = tx.insert_file(&new).await.unwrap();
    tx.insert_file_chunk(file, 0, b"bytes").await.unwrap();
    tx.complete_file(file, 5, now()).await.unwrap();
    tx.lock_file(file).await.unwrap();
    tx.mark_file_used(file, now()).await.unwrap();
    tx.set_telegram_file_id(file, MediaKind::Photo, "handle").await.unwrap();
    tx.note_file_use(session.customer_id, file).await.unwrap();
    tx.delete_files(&[-1, -2]).await.unwrap();
    tx.purge_unused_files(Time::UNIX_EPOCH).await.unwrap();
}

pub async fn write_people(tx: &mut Tx, project_id: ProjectId, agent_id: AgentId, session: &Session, round: i64) {
    write_people_admin(tx, project_id, agent_id, round).await;
    let new = NewTeam { project_id, name: "First line".to_owned(), line: 1, created_at: now() };
    let team = tx.insert_team(&new).await.unwrap();
    tx.update_team(&team).await.unwrap();
    let chat_id = ChatId(-7);
    let group = TeamGroup { project_id, team_id: team.id, chat_id, title: "Team".to_owned(), linked_at: now() };
    tx.link_team_group(&group).await.unwrap();
    tx.move_team_group(project_id, chat_id, ChatId(-8)).await.unwrap();
    tx.unlink_team_group(project_id, chat_id).await.unwrap();
    let link = StaffLink {
        project_id,
        agent_id,
        chat_id: ChatId(7),
        telegram_name: "Ada".to_owned(),
        linked_at: now(),
        hinted_at: None,
    };
    tx.link_staff(&link).await.unwrap();
    tx.note_staff_hint(&link, now(), now()).await.unwrap();
    tx.unlink_staff(project_id, agent_id).await.unwrap();
    let hash = round.to_string();
    let code = LinkCode { hash: hash.clone(), project_id, agent_id, team_id: None, expires_at: now() };
    tx.insert_link_code(&code, Time::UNIX_EPOCH).await.unwrap();
    tx.lock_link_code(&hash).await.unwrap();
    tx.delete_link_code(&hash).await.unwrap();
    tx.note_notice(session.id, NoticeKind::NewSession, ChatId(7), now(), now()).await.unwrap();
    tx.forget_notices(session.id, ChatId(7)).await.unwrap();
    let new = NewTag { project_id, name: "Billing".to_owned(), color: "#ff0000".to_owned(), created_at: now() };
    let tag = tx.insert_tag(&new).await.unwrap().id;
    tx.add_session_tag(session.id, tag).await.unwrap();
    tx.remove_session_tag(session.id, tag).await.unwrap();
    let new = NewDiversionLink {
        project_id,
        code: format!("code {round}"),
        name: "Campaign".to_owned(),
        source: "campaign".to_owned(),
        tag_ids: vec![TagId(1)],
        team_id: None,
        agent_id: None,
        created_at: now(),
    };
    let link = tx.insert_diversion_link(&new).await.unwrap();
    tx.update_diversion_link(&link).await.unwrap();
    tx.count_diversion(link.id).await.unwrap();
    tx.set_greeting(project_id, &Texts::default()).await.unwrap();
    tx.set_bot_commands(project_id, Vec::new()).await.unwrap();
    tx.set_registered_commands(project_id, Vec::new()).await.unwrap();
}
