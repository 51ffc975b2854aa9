//! Why Telegram did not do what it was asked to, by its own words.

/// Why a chat does not take messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// The customer blocked the bot.
    BlockedByUser,
    /// The account no longer exists.
    UserDeactivated,
    /// The bot was removed from the group or channel, or is not a member of it.
    Kicked,
    /// Another reason; see the description.
    Other,
}

/// Why a call was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// The edit would change nothing, so the wanted state is reached already.
    NotModified,
    /// The chat does not exist or the bot has never met it.
    ChatNotFound,
    /// The message to edit, delete, pin, copy or forward is gone.
    MessageNotFound,
    /// The message to reply to is gone.
    ReplyTargetNotFound,
    /// There is no text to show.
    TextEmpty,
    /// The text or caption is longer than Telegram takes.
    TooLong,
    /// The formatting of the text is wrong.
    EntitiesInvalid,
    /// The quotation is not in the message that is answered.
    QuoteInvalid,
    /// A button cannot be shown.
    ButtonInvalid,
    /// The file is larger than Telegram takes.
    FileTooBig,
    /// The file is not what it is sent as, is damaged, or its handle is not one of this bot.
    FileInvalid,
    /// The customer takes no voice messages.
    VoiceForbidden,
    /// The bot may not write in the chat, or not this kind of message.
    WriteForbidden,
    /// The bot may not pin.
    PinForbidden,
    /// The message cannot be deleted: it is too old, or the bot may not.
    DeleteForbidden,
    /// The message cannot be edited: it is too old, or not the bot's.
    EditForbidden,
    /// The topic is closed or gone.
    TopicClosed,
    /// The business account no longer lets the bot in, or the customer has not written there of late.
    BusinessInvalid,
    /// The desk itself could not make the call, for a reason that is in the description.
    Own,
    /// Another reason; see the description.
    Other,
}

impl BlockKind {
    pub(super) fn of(description: &str) -> Self {
        let description = description.to_ascii_lowercase();
        let says = |words: &str| description.contains(words);
        if says("blocked by the user") {
            Self::BlockedByUser
        } else if says("user is deactivated") {
            Self::UserDeactivated
        } else if says("kicked") || says("not a member") || says("chat was deleted") {
            Self::Kicked
        } else {
            Self::Other
        }
    }
}

impl RefusalKind {
    pub(super) fn of(description: &str) -> Self {
        let description = description.to_ascii_lowercase();
        let says = |words: &str| description.contains(words);
        let says_one_of = |words: &[&str]| words.iter().any(|words| says(words));
        if says_one_of(&["message is not modified", "message_not_modified", "chat_not_modified"]) {
            Self::NotModified
        } else if says("chat not found") || says("peer_id_invalid") {
            Self::ChatNotFound
        } else if says_one_of(&["message to be replied not found", "replied message not found"]) {
            Self::ReplyTargetNotFound
        } else if says("quote") {
            Self::QuoteInvalid
        } else if says_one_of(&[
            "topic_closed",
            "topic_deleted",
            "thread not found",
            "topic is closed",
            "topic not found",
        ]) {
            Self::TopicClosed
        } else if says_one_of(&["business_", "business connection"]) {
            Self::BusinessInvalid
        } else if says_one_of(&[
            "voice_messages_forbidden",
            "restricted receiving of voice",
            "restricted receiving of video messages",
        ]) {
            Self::VoiceForbidden
        } else if says_one_of(&["can't be deleted", "message_delete_forbidden", "can't delete message"]) {
            Self::DeleteForbidden
        } else if says_one_of(&["can't be edited", "message_edit_time_expired", "message can't be edit"]) {
            Self::EditForbidden
        } else if says("pin") && says_one_of(&["rights", "chat_admin_required"]) {
            Self::PinForbidden
        } else if says_one_of(&[
            "not enough rights",
            "have no rights",
            "need administrator rights",
            "chat_write_forbidden",
            "chat_restricted",
            "chat_admin_required",
            "_forbidden",
            "user_is_blocked",
        ]) {
            Self::WriteForbidden
        } else if says_one_of(&["file is too big", "request entity too large", "file_too_big", "too big for a"]) {
            Self::FileTooBig
        } else if says_one_of(&[
            "wrong file identifier",
            "wrong remote file",
            "invalid file",
            "file must be non-empty",
            "file is empty",
            "type of file mismatch",
            "photo_",
            "image_process_failed",
            "video_",
            "media_",
            "sticker_",
            "audio_",
            "there is no ",
            "failed to get http url content",
            "wrong type of the web page content",
        ]) {
            Self::FileInvalid
        } else if says_one_of(&["button", "reply markup", "inline keyboard"]) {
            Self::ButtonInvalid
        } else if says("message to") && says("not found") || says("message_id_invalid") {
            Self::MessageNotFound
        } else if says("text is empty") || says("text must be non-empty") {
            Self::TextEmpty
        } else if says("is too long") || says("_too_long") {
            Self::TooLong
        } else if says("entities") || says("entity_") {
            Self::EntitiesInvalid
        } else {
            Self::Other
        }
    }
}
