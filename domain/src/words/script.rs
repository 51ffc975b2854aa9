//! Where one word ends and another one begins.

/// Whether the script is written without spaces between words, so that a word may begin at any character.
/// The ranges are the blocks of the Unicode Standard for Thai, Lao, Myanmar, Khmer, Kana and Han.
pub(crate) fn is_unspaced(sign: char) -> bool {
    matches!(sign,
        '\u{0e00}'..='\u{0eff}'
        | '\u{1000}'..='\u{109f}'
        | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{2fdf}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30ff}'
        | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Whether a word may end after the first sign and another one begin with the second. Both are letters or digits.
pub(super) fn is_boundary(before: char, after: char) -> bool {
    is_unspaced(before) || is_unspaced(after) || before.is_numeric() != after.is_numeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_bounded_by_digits_and_within_scripts_without_spaces() {
        for (before, after) in [('要', '退'), ('a', '退'), ('退', 'a'), ('d', '1'), ('1', 'd'), ('ค', 'ง')] {
            assert!(is_boundary(before, after), "{before}{after}");
        }
        for (before, after) in [('a', 'b'), ('б', 'a'), ('1', '2'), ('한', '글')] {
            assert!(!is_boundary(before, after), "{before}{after}");
        }
    }
}
