//! How a method is named in an address.

use teloxide::requests::Payload;

/// The Bot API's own name of the method that the payload calls, such as `sendMessage`.
///
/// teloxide names methods in PascalCase. Telegram ignores the case, but its documentation, the
/// outbox and the logs say camelCase.
#[must_use]
pub fn method_name<P: Payload>() -> String {
    let mut name = P::NAME.to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use teloxide::payloads::{EditMessageText, GetMe, SendMessage};

    #[test]
    fn methods_are_named_as_telegram_documents_them() {
        assert_eq!(method_name::<SendMessage>(), "sendMessage");
        assert_eq!(method_name::<EditMessageText>(), "editMessageText");
        assert_eq!(method_name::<GetMe>(), "getMe");
    }
}
