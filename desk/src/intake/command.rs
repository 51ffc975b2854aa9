//! Commands for the bot.

/// A command as somebody wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Command<'a> {
    /// The name, without the slash and without the bot it is meant for.
    pub(crate) name: &'a str,
    /// What follows, such as the payload of `/start`; empty if nothing does.
    pub(crate) argument: &'a str,
}

impl<'a> Command<'a> {
    /// The command that a text is, if it is one: `/name`, `/name@bot` or `/name argument`.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (head, argument) = text.strip_prefix('/')?.split_once(char::is_whitespace).unwrap_or((&text[1..], ""));
        let name = head.split_once('@').map_or(head, |(name, _bot)| name);
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let is_command = !name.is_empty() && name.len() <= 32 && name.bytes().all(is_name);
        is_command.then_some(Self { name, argument: argument.trim() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_a_slash_and_a_name() {
        let command = |name, argument| Some(Command { name, argument });
        assert_eq!(Command::parse("/start"), command("start", ""));
        assert_eq!(Command::parse("/start  abc-_9 "), command("start", "abc-_9"));
        assert_eq!(Command::parse("/status@desk_bot #12"), command("status", "#12"));
        assert_eq!(Command::parse("/start\nabc"), command("start", "abc"));
        for text in ["", "/", "start", " /start", "/ start", "//", "/päth", "/home/kim", "/@bot"] {
            assert_eq!(Command::parse(text), None, "{text:?}");
        }
    }
}
