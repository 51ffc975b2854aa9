//! Names of persons and chats.

use crate::telegram::fields::Fields;

/// First and last name, as far as they are there.
pub(crate) fn full_name(fields: &Fields<'_>) -> String {
    let first = fields.string("first_name").unwrap_or_default();
    let last = fields.string("last_name").unwrap_or_default();
    format!("{first} {last}").trim().to_owned()
}

/// What to call somebody whose name may be empty, as that of an account which was deleted is.
pub(super) fn name_or_number(name: String, username: Option<&str>, id: i64) -> String {
    match username {
        _ if !name.is_empty() => name,
        Some(username) => username.to_owned(),
        None => id.to_string(),
    }
}
