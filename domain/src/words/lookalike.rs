//! Signs that look like letters.

/// The letter by which all its look-alikes are known: the Latin one, where there is one. It expects lower case.
///
/// Words of one alphabet stay apart from each other, because the rule is the same for the texts and for the phrases.
pub(super) fn letter(sign: char) -> char {
    match sign {
        'а' | 'α' | 'ɑ' | 'ᴀ' => 'a',
        'в' | 'β' | 'ʙ' => 'b',
        'с' | 'ϲ' | 'ᴄ' => 'c',
        'ԁ' | 'đ' | 'ᴅ' => 'd',
        'е' | 'ε' | 'ҽ' | 'ᴇ' => 'e',
        'ꜰ' => 'f',
        'ɡ' | 'ɢ' => 'g',
        'н' | 'һ' | 'ʜ' => 'h',
        'і' | 'ι' | 'ı' | 'ɪ' => 'i',
        'ј' | 'ᴊ' => 'j',
        'к' | 'κ' | 'ᴋ' => 'k',
        'ӏ' | 'ł' | 'ʟ' => 'l',
        'м' | 'ᴍ' => 'm',
        'η' | 'ɴ' => 'n',
        'о' | 'ο' | 'ø' | 'օ' | 'ᴏ' => 'o',
        'р' | 'ρ' | 'ᴘ' => 'p',
        'ԛ' => 'q',
        'ʀ' => 'r',
        'ѕ' | 'ꜱ' => 's',
        'т' | 'τ' | 'ᴛ' => 't',
        'ᴜ' => 'u',
        'ν' | 'ᴠ' => 'v',
        'ԝ' | 'ᴡ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' | 'υ' | 'ʏ' => 'y',
        'ᴢ' => 'z',
        other => other,
    }
}

/// Which letter a digit or another sign stands for. Some stand for either of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guess {
    /// The likelier letter.
    First,
    /// The other one, or the same where there is one only.
    Second,
}

/// The letter that a digit or a sign stands for in the middle of a word.
pub(super) fn stands_for(sign: char, guess: Guess) -> Option<char> {
    let (first, second) = match sign {
        '0' => ('o', 'o'),
        '1' | '|' => ('i', 'l'),
        '3' => ('e', 'з'),
        '4' => ('a', 'ч'),
        '5' | '$' => ('s', 's'),
        '6' => ('b', 'б'),
        '7' => ('t', 't'),
        '8' => ('b', 'b'),
        '9' => ('g', 'g'),
        '@' => ('a', 'a'),
        '!' => ('i', 'i'),
        '€' => ('e', 'e'),
        _ => return None,
    };
    Some(if guess == Guess::First { first } else { second })
}
