//! The tables as diesel knows them, alike on both engines. The migrations are the truth.

diesel::table! { meta (key) { key -> Text, value -> Text, } }

diesel::table! { workspaces (id) { id -> BigInt, name -> Text, created_at -> BigInt, seats -> Nullable<BigInt>, } }

diesel::table! {
    agents (id) {
        id -> BigInt,
        workspace_id -> BigInt,
        email -> Text,
        name -> Text,
        password_hash -> Text,
        workspace_role -> Text,
        active -> Bool,
        created_at -> BigInt,
    }
}

diesel::table! {
    projects (id) {
        id -> BigInt,
        workspace_id -> BigInt,
        name -> Text,
        sandbox -> Bool,
        bot_id -> Nullable<BigInt>,
        bot_username -> Nullable<Text>,
        bot_token_sealed -> Nullable<Text>,
        clock_offset -> BigInt,
        last_session_number -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        archived_at -> Nullable<BigInt>,
        session_life -> Nullable<Text>,
        night -> Nullable<Text>,
        chat_theme -> Nullable<Text>,
    }
}

diesel::table! { memberships (project_id, agent_id) { project_id -> BigInt, agent_id -> BigInt, role -> Text, } }

diesel::table! {
    token_families (id) {
        id -> BigInt,
        agent_id -> BigInt,
        created_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    api_tokens (id) {
        id -> BigInt,
        hash -> Text,
        agent_id -> BigInt,
        name -> Text,
        scopes -> Text,
        expires_at -> Nullable<BigInt>,
        created_at -> BigInt,
        last_used_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! { refresh_tokens (hash) { hash -> Text, family_id -> BigInt, used_at -> Nullable<BigInt>, } }

diesel::table! {
    customers (id) {
        id -> BigInt,
        project_id -> BigInt,
        telegram_user_id -> BigInt,
        chat_id -> BigInt,
        name -> Text,
        username -> Nullable<Text>,
        language_code -> Nullable<Text>,
        unreachable_since -> Nullable<BigInt>,
        created_at -> BigInt,
        kind -> Text,
        reachability_at -> Nullable<BigInt>,
        banned_at -> Nullable<BigInt>,
        ban_reason -> Nullable<Text>,
        erased_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        project_id -> BigInt,
        number -> BigInt,
        customer_id -> BigInt,
        status -> Text,
        priority -> Text,
        assignee_id -> Nullable<BigInt>,
        last_message_id -> Nullable<BigInt>,
        last_message_at -> BigInt,
        last_direction -> Text,
        inbound_count -> BigInt,
        close_reason -> Nullable<Text>,
        closed_at -> Nullable<BigInt>,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        chat_id -> BigInt,
        thread -> Nullable<Text>,
        team_id -> Nullable<BigInt>,
        link_id -> Nullable<BigInt>,
        pace -> Nullable<Text>,
        people -> Nullable<Text>,
        assigned_at -> Nullable<BigInt>,
        queued_at -> Nullable<BigInt>,
        waiting_since -> Nullable<BigInt>,
        awaited -> Nullable<Text>,
        awaited_until -> Nullable<BigInt>,
        awaited_note -> Nullable<Text>,
        resolved_at -> Nullable<BigInt>,
        resolved_by -> Nullable<BigInt>,
        resolution -> Nullable<Text>,
        reopened_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    session_views (session_id, agent_id) { session_id -> BigInt, agent_id -> BigInt, inbound_seen -> BigInt, }
}

diesel::table! {
    messages (id) {
        id -> BigInt,
        project_id -> BigInt,
        session_id -> BigInt,
        customer_id -> BigInt,
        chat_id -> BigInt,
        direction -> Text,
        kind -> Text,
        text -> Text,
        entities -> Nullable<Text>,
        author_id -> Nullable<BigInt>,
        reply_to_id -> Nullable<BigInt>,
        telegram_message_id -> Nullable<BigInt>,
        delivery_state -> Nullable<Text>,
        delivery_error -> Nullable<Text>,
        created_at -> BigInt,
        edited_at -> Nullable<BigInt>,
        content -> Nullable<Text>,
        album_id -> Nullable<Text>,
        connection -> Text,
        pinned_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
        changes -> Nullable<Text>,
        worded_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    events (seq) {
        seq -> BigInt,
        tx -> BigInt,
        project_id -> BigInt,
        kind -> Text,
        session_id -> BigInt,
        customer_id -> BigInt,
        message_id -> Nullable<BigInt>,
        cause -> Text,
        at -> BigInt,
        recorded_at -> BigInt,
        assignee_id -> Nullable<BigInt>,
        team_id -> Nullable<BigInt>,
        people -> Nullable<Text>,
        audience_before -> Nullable<Text>,
        ticket_id -> Nullable<BigInt>,
        ticket_audience_before -> Nullable<Text>,
        clock_id -> Nullable<BigInt>,
        todo_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    tg_inbox (id) {
        id -> BigInt,
        project_id -> BigInt,
        epoch -> BigInt,
        update_id -> BigInt,
        chat_id -> BigInt,
        kind -> Text,
        raw -> Text,
        state -> Text,
        attempts -> Integer,
        not_before -> BigInt,
        error -> Nullable<Text>,
        received_at -> BigInt,
        user_id -> Nullable<BigInt>,
        shelf -> Nullable<Text>,
    }
}

diesel::table! {
    polls (project_id, poll_id, message_id) { project_id -> BigInt, poll_id -> Text, message_id -> BigInt, }
}

diesel::table! { presses (code, telegram_user_id) { code -> Text, telegram_user_id -> BigInt, } }

diesel::table! {
    chat_migrations (project_id, from_chat_id) { project_id -> BigInt, from_chat_id -> BigInt, to_chat_id -> BigInt, }
}

diesel::table! { tg_intake (project_id) { project_id -> BigInt, epoch -> BigInt, } }

diesel::table! {
    outbox (id) {
        id -> BigInt,
        project_id -> BigInt,
        chat_id -> BigInt,
        lane -> Integer,
        message_id -> Nullable<BigInt>,
        method -> Text,
        payload -> Text,
        state -> Text,
        attempt -> Nullable<Text>,
        attempts -> Integer,
        not_before -> BigInt,
        error -> Nullable<Text>,
        created_at -> BigInt,
        settled_at -> Nullable<BigInt>,
        attachments -> Nullable<Text>,
        cost -> Integer,
    }
}

diesel::table! {
    outbox_queues (project_id, chat_id, lane) {
        project_id -> BigInt,
        chat_id -> BigInt,
        lane -> Integer,
        waiting -> BigInt,
        sending -> BigInt,
        due -> Nullable<BigInt>,
    }
}

diesel::table! {
    bot_status (project_id) {
        project_id -> BigInt,
        mode -> Text,
        webhook_url -> Nullable<Text>,
        pending_updates -> Nullable<BigInt>,
        last_error -> Nullable<Text>,
        last_error_at -> Nullable<BigInt>,
        revoked -> Bool,
        frozen_until -> Nullable<BigInt>,
        checked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    jobs (id) {
        id -> BigInt,
        key -> Text,
        project_id -> Nullable<BigInt>,
        kind -> Text,
        payload -> Text,
        due_at -> BigInt,
        state -> Text,
        attempts -> Integer,
        error -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    buttons (code) {
        code -> Text,
        project_id -> BigInt,
        message_id -> BigInt,
        label -> Text,
        created_at -> BigInt,
        action -> Nullable<Text>,
    }
}

diesel::table! { leases (name) { name -> Text, holder -> Text, expires_at -> BigInt, } }

diesel::table! {
    idempotency_keys (agent_id, key) {
        agent_id -> BigInt,
        key -> Text,
        operation -> Text,
        fingerprint -> Text,
        object_id -> BigInt,
        object_count -> BigInt,
        details -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    sandbox_updates (id) { id -> BigInt, project_id -> BigInt, raw -> Text, telegram_user_id -> Nullable<BigInt>, }
}

diesel::table! { sandbox_counters (project_id) { project_id -> BigInt, last_message_id -> BigInt, } }

diesel::table! {
    sandbox_blocks (project_id, telegram_user_id) { project_id -> BigInt, telegram_user_id -> BigInt, }
}

diesel::table! {
    sandbox_faults (id) {
        id -> BigInt,
        project_id -> BigInt,
        method -> Nullable<Text>,
        chat_id -> Nullable<BigInt>,
        fault -> Text,
        strikes_left -> Nullable<BigInt>,
    }
}

diesel::table! {
    files (id) {
        id -> BigInt,
        project_id -> BigInt,
        agent_id -> BigInt,
        name -> Text,
        mime_type -> Text,
        size_bytes -> BigInt,
        chunk_bytes -> Integer,
        telegram_file_id -> Nullable<Text>,
        telegram_kind -> Nullable<Text>,
        created_at -> BigInt,
        completed_at -> Nullable<BigInt>,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! { file_chunks (file_id, number) { file_id -> BigInt, number -> Integer, data -> Binary, } }

diesel::joinable!(refresh_tokens -> token_families (family_id));
diesel::joinable!(memberships -> projects (project_id));

diesel::allow_tables_to_appear_in_same_query!(refresh_tokens, token_families);
diesel::allow_tables_to_appear_in_same_query!(memberships, projects, agents);
diesel::allow_tables_to_appear_in_same_query!(api_tokens, agents);
diesel::allow_tables_to_appear_in_same_query!(projects, bot_status);

diesel::table! {
    teams (id) {
        id -> BigInt,
        project_id -> BigInt,
        name -> Text,
        line -> Integer,
        version -> BigInt,
        created_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    team_groups (project_id, chat_id) {
        project_id -> BigInt,
        chat_id -> BigInt,
        team_id -> BigInt,
        title -> Text,
        linked_at -> BigInt,
    }
}

diesel::table! {
    staff_links (project_id, agent_id) {
        project_id -> BigInt,
        agent_id -> BigInt,
        chat_id -> BigInt,
        telegram_name -> Text,
        linked_at -> BigInt,
        hinted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    link_codes (hash) {
        hash -> Text,
        project_id -> BigInt,
        agent_id -> BigInt,
        team_id -> Nullable<BigInt>,
        expires_at -> BigInt,
    }
}

diesel::table! {
    notices (session_id, kind, chat_id) { session_id -> BigInt, kind -> Text, chat_id -> BigInt, told_at -> BigInt, }
}

diesel::table! {
    tags (id) {
        id -> BigInt,
        project_id -> BigInt,
        name -> Text,
        color -> Text,
        created_at -> BigInt,
        preset -> Nullable<Text>,
        archived_at -> Nullable<BigInt>,
        merged_into -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! { session_tags (session_id, tag_id) { session_id -> BigInt, tag_id -> BigInt, } }

diesel::table! {
    diversion_links (id) {
        id -> BigInt,
        project_id -> BigInt,
        code -> Text,
        name -> Text,
        source -> Text,
        tag_ids -> Nullable<Text>,
        team_id -> Nullable<BigInt>,
        agent_id -> Nullable<BigInt>,
        active -> Bool,
        uses -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    bot_texts (project_id) {
        project_id -> BigInt,
        greeting -> Nullable<Text>,
        commands -> Nullable<Text>,
        registered_commands -> Nullable<Text>,
    }
}

diesel::table! { file_uses (customer_id, file_id) { customer_id -> BigInt, file_id -> BigInt, } }

diesel::joinable!(session_tags -> tags (tag_id));
diesel::allow_tables_to_appear_in_same_query!(session_tags, tags);

diesel::table! { team_members (team_id, agent_id) { team_id -> BigInt, agent_id -> BigInt, } }

diesel::allow_tables_to_appear_in_same_query!(team_members, teams);

diesel::table! {
    session_participants (session_id, agent_id) { session_id -> BigInt, agent_id -> BigInt, joined_at -> BigInt, }
}

diesel::allow_tables_to_appear_in_same_query!(session_participants, sessions);

diesel::table! {
    session_departures (session_id, agent_id) {
        session_id -> BigInt,
        agent_id -> BigInt,
        left_at -> BigInt,
        last_message_id -> Nullable<BigInt>,
        last_message_at -> BigInt,
        last_direction -> Text,
        inbound_count -> BigInt,
        status -> Text,
        priority -> Text,
        assignee_id -> Nullable<BigInt>,
        team_id -> Nullable<BigInt>,
        close_reason -> Nullable<Text>,
        closed_at -> Nullable<BigInt>,
        version -> BigInt,
        people -> Nullable<Text>,
        link_id -> Nullable<BigInt>,
        through_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    audit_log (id) {
        id -> BigInt,
        workspace_id -> BigInt,
        project_id -> Nullable<BigInt>,
        agent_id -> Nullable<BigInt>,
        action -> Text,
        object_kind -> Text,
        object_id -> BigInt,
        details -> Nullable<Text>,
        at -> BigInt,
    }
}
