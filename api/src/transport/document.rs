//! Limits of a document that are checked before it is parsed.
//!
//! The parser descends recursively into every bracket before it looks at any limit of its own, so a few kilobytes of
//! `{a{a{a…` would exhaust the stack and end the process. This scan is a loop, costs one pass over the bytes, and knows
//! just enough of the lexical grammar (GraphQL specification, section 2.1) to count.

use async_graphql::ServerError;

use super::{code::ErrorCode, error::server_error};

/// How large a document may be.
#[derive(Debug, Clone)]
pub struct DocumentLimits {
    /// Unicode characters.
    pub characters: usize,
    /// Lexical tokens: names, numbers, strings and punctuators.
    pub tokens: usize,
    /// Brackets of any kind inside one another.
    pub nesting: usize,
}

impl Default for DocumentLimits {
    fn default() -> Self {
        Self { characters: 15_000, tokens: 1_000, nesting: 64 }
    }
}

impl DocumentLimits {
    /// Refuses a document over any limit with `QUERY_TOO_LARGE`.
    pub(crate) fn check(&self, document: &str) -> Result<(), ServerError> {
        if document.len() > self.characters && document.chars().count() > self.characters {
            return Err(over(self.characters, "characters"));
        }
        let mut rest = document.as_bytes();
        let (mut tokens, mut nesting) = (0_usize, 0_usize);
        while let Some((token, after)) = next_token(rest) {
            rest = after;
            tokens += 1;
            match token {
                Token::Open => nesting += 1,
                Token::Close => nesting = nesting.saturating_sub(1),
                Token::Other => {}
            }
            if tokens > self.tokens {
                return Err(over(self.tokens, "tokens"));
            }
            if nesting > self.nesting {
                return Err(over(self.nesting, "levels of brackets"));
            }
        }
        Ok(())
    }
}

fn over(limit: usize, what: &str) -> ServerError {
    let message =
        format!("The document has more than {limit} {what}. Ask for less, or split it into several requests.");
    server_error(ErrorCode::QueryTooLarge, message)
}

enum Token {
    Open,
    Close,
    Other,
}

/// The first token and what follows it; `None` where only ignored characters are left.
fn next_token(mut bytes: &[u8]) -> Option<(Token, &[u8])> {
    loop {
        let (first, after) = bytes.split_first()?;
        match first {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => bytes = after,
            b'#' => bytes = &after[run_length(after, |byte| !matches!(byte, b'\n' | b'\r'))..],
            b'{' | b'[' | b'(' => return Some((Token::Open, after)),
            b'}' | b']' | b')' => return Some((Token::Close, after)),
            b'"' => return Some((Token::Other, after_string(after))),
            b'.' => return Some((Token::Other, after.strip_prefix(b"..").unwrap_or(after))),
            byte if is_word(*byte) => return Some((Token::Other, &after[run_length(after, is_word)..])),
            _ => return Some((Token::Other, after)),
        }
    }
}

/// What follows a string whose opening quote was just read. A string that does not end is left for the parser to
/// refuse; its content is then scanned like anything else, so that it cannot hide brackets.
fn after_string(bytes: &[u8]) -> &[u8] {
    let (content, delimiter): (&[u8], &[u8]) = match bytes.strip_prefix(b"\"\"") {
        Some(block) => (block, b"\"\"\""),
        None => (bytes, b"\""),
    };
    let mut rest = content;
    while let Some((first, after)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(delimiter) {
            return after;
        }
        rest = match first {
            b'\\' if delimiter.len() == 3 => after.strip_prefix(delimiter).unwrap_or(after),
            b'\\' => after.get(1..).unwrap_or_default(),
            b'\n' | b'\r' if delimiter.len() == 1 => return content,
            _ => after,
        };
    }
    content
}

/// Whether the byte can belong to a name or a number. Bytes outside ASCII do too, which counts a garbled word once.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'.') || !byte.is_ascii()
}

fn run_length(bytes: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|byte| !belongs(*byte)).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::DocumentLimits;

    fn fits(document: &str, characters: usize, tokens: usize, nesting: usize) -> bool {
        DocumentLimits { characters, tokens, nesting }.check(document).is_ok()
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        assert!(fits("# ☎☎", 4, 9, 9));
        assert!(!fits("# ☎☎☎", 4, 9, 9));
    }

    #[test]
    fn tokens_are_counted_without_what_the_grammar_ignores() {
        let document = "query Q($a: Int = -1.5e+3) { # a { comment\n  f(a: $a, s: \"a \\\" {{ b\") ...F,, }";
        let tokens = 24;
        assert!(fits(document, 999, tokens, 9));
        assert!(!fits(document, 999, tokens - 1, 9));
    }

    #[test]
    fn nesting_counts_all_brackets() {
        assert!(fits("{a(b:[{c:1}]){d}}", 99, 99, 4));
        assert!(!fits("{a(b:[{c:1}]){d}}", 99, 99, 3));
    }

    #[test]
    fn strings_hide_their_brackets_only_if_they_end() {
        assert!(fits(r#"{a(b:"{{{{{{",c:"""[[[[ \""" [[[[ " """)}"#, 99, 99, 2));
        assert!(!fits(r#"{a(b:"{{{{{{)}"#, 99, 99, 2));
        assert!(!fits(r#"{a(b:"""{{{{{{)}"#, 99, 99, 2));
        assert!(!fits("{a(b:\"\n{{{{{{\")}", 99, 99, 2));
    }

    #[test]
    fn the_defaults_keep_the_parser_within_its_stack() {
        let limits = DocumentLimits::default();
        for (open, close) in [("{a", "}"), ("{a(b:[", "])}"), ("{...{", "}}"), ("{a(b:{c:", "1})}")] {
            let deepest = (1..=limits.nesting).rev().find(|levels| limits.check(&open.repeat(*levels)).is_ok());
            let levels = deepest.expect("one level fits");
            for document in [open.repeat(levels), format!("{}{}", open.repeat(levels), close.repeat(levels))] {
                let parse = move || async_graphql::parser::parse_query(&document).is_ok();
                std::thread::Builder::new().stack_size(1024 * 1024).spawn(parse).unwrap().join().unwrap();
            }
        }
    }
}
