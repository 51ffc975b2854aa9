//! Texts with placeholders, such as `Hello {customer.name|there}`.
//!
//! A placeholder stands in braces: a name, and behind `|` what stands there if there is nothing under the name. `{{` and
//! `}}` are the braces themselves, and so is a brace around something that looks like no name.

use crate::named_enum;

named_enum! {
    /// What a placeholder can stand for, beside attributes of the customer.
    pub enum KnownName {
        /// The name of the customer.
        CustomerName = "customer.name",
        /// The user name of the customer, without `@`.
        CustomerUsername = "customer.username",
        /// The name of the agent who writes.
        AgentName = "agent.name",
        /// The number of the session.
        SessionNumber = "session.number",
        /// The name of the project.
        ProjectName = "project.name",
    }
}

/// What the names of attributes begin with.
const ATTRIBUTE: &str = "attribute.";

/// What a placeholder stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placeholder {
    /// Something that every session has or may have.
    Known(KnownName),
    /// The attribute of the customer with this name.
    Attribute(String),
}

/// A text that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Placeholder { name: String, placeholder: Placeholder, default: Option<String> },
}

/// A name that stands for nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no placeholder {{{0}}}: use one of {{customer.name}}, {{customer.username}}, {{agent.name}}, \
     {{session.number}}, {{project.name}} and {{attribute.…}}, or write {{{{ and }}}} for braces"
)]
pub struct UnknownPlaceholder(pub String);

/// A text with something in place of its placeholders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// The text. Where there was nothing to put and no default, the placeholder stands as it was written.
    pub text: String,
    /// The names under which there was nothing, and that have no default, each once.
    pub missing: Vec<String>,
}

impl Template {
    /// Reads a text.
    pub fn parse(text: &str) -> Result<Self, UnknownPlaceholder> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(place) = rest.find(['{', '}']) {
            literal.push_str(&rest[..place]);
            rest = &rest[place..];
            if rest.starts_with("{{") || rest.starts_with("}}") {
                literal.push_str(&rest[..1]);
                rest = &rest[2..];
            } else if let Some((name, default, behind)) = written(rest) {
                let placeholder = meaning(name).ok_or_else(|| UnknownPlaceholder(name.to_owned()))?;
                if !literal.is_empty() {
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                let default = default.map(str::to_owned);
                pieces.push(Piece::Placeholder { name: name.to_owned(), placeholder, default });
                rest = behind;
            } else {
                literal.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Ok(Self { pieces })
    }

    /// The text with what each placeholder stands for.
    pub fn fill(&self, value: impl Fn(&Placeholder) -> Option<String>) -> Filled {
        let mut filled = Filled::default();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => filled.text.push_str(text),
                Piece::Placeholder { name, placeholder, default } => {
                    let found = value(placeholder).filter(|found| !found.trim().is_empty());
                    match found.or_else(|| default.clone()) {
                        Some(found) => filled.text.push_str(&found),
                        None => {
                            filled.text.push_str(&format!("{{{name}}}"));
                            if !filled.missing.contains(name) {
                                filled.missing.push(name.clone());
                            }
                        }
                    }
                }
            }
        }
        filled
    }
}

/// The name, the default and what follows, if the text begins with a placeholder.
fn written(text: &str) -> Option<(&str, Option<&str>, &str)> {
    let inner = text.strip_prefix('{')?;
    let (inside, behind) = inner.split_once('}')?;
    let (name, default) = match inside.split_once('|') {
        Some((name, default)) => (name, Some(default)),
        None => (inside, None),
    };
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '_' | '-'));
    is_name.then_some((name, default, behind))
}

fn meaning(name: &str) -> Option<Placeholder> {
    match name.strip_prefix(ATTRIBUTE) {
        Some(attribute) if !attribute.is_empty() => Some(Placeholder::Attribute(attribute.to_owned())),
        Some(_) => None,
        None => name.parse().ok().map(Placeholder::Known),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(text: &str) -> Filled {
        let value = |placeholder: &Placeholder| match placeholder {
            Placeholder::Known(KnownName::CustomerName) => Some("Kim {agent.name}".to_owned()),
            Placeholder::Known(KnownName::SessionNumber) => Some("7".to_owned()),
            Placeholder::Attribute(name) if name == "plan" => Some("gold".to_owned()),
            Placeholder::Attribute(name) if name == "blank" => Some(" ".to_owned()),
            _ => None,
        };
        Template::parse(text).unwrap().fill(value)
    }

    #[test]
    fn names_become_what_they_stand_for_and_defaults_stand_in() {
        for (text, expected) in [
            ("Hello {customer.name}, #{session.number}!", "Hello Kim {agent.name}, #7!"),
            ("{attribute.plan|free} {attribute.seats|no} {attribute.blank|-}", "gold no -"),
            ("Dear {customer.username|}.", "Dear ."),
            ("{{customer.name}} {\"a\": 1} { x } } {", "{customer.name} {\"a\": 1} { x } } {"),
            ("你好 {session.number|}", "你好 7"),
            ("", ""),
        ] {
            assert_eq!(fill(text), Filled { text: expected.to_owned(), missing: vec![] }, "{text}");
        }
        let filled = fill("{agent.name} {customer.username} {agent.name}");
        assert_eq!(filled.text, "{agent.name} {customer.username} {agent.name}");
        assert_eq!(filled.missing, ["agent.name", "customer.username"]);
    }

    #[test]
    fn a_name_that_stands_for_nothing_is_refused() {
        for name in ["name", "customer.age", "attribute.", "Customer.name", "customer.name.first"] {
            let text = format!("Hello {{{name}|you}}");
            assert_eq!(Template::parse(&text), Err(UnknownPlaceholder(name.to_owned())), "{text}");
        }
    }
}
