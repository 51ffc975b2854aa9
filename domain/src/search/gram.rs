//! Grams: the pieces of a text by which an index finds it.

use super::unit::{Form, Units};

/// A piece of a text as a number: a hash that is the same in every process and every release, because indexes keep it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gram(pub u32);

/// How many signs of a word make a piece.
const WORD_PIECE: usize = 3;
/// How many figures of a number make a piece at most. There are but ten of them, so that three say little.
const NUMBER_PIECE: usize = 6;

/// The grams of a text, in ascending order, each once. A text that says nothing has none.
pub fn grams(text: &str) -> Vec<Gram> {
    let units = Units::of(text);
    let mut grams = Vec::with_capacity(text.len());
    for unit in units.all() {
        let signs = units.signs(*unit);
        match unit.form {
            Form::Word => {
                let longest = if is_number(&signs) { NUMBER_PIECE } else { WORD_PIECE };
                grams.extend((WORD_PIECE..=longest).flat_map(|size| signs.windows(size)).map(Gram::within));
                grams.push(Gram::beginning(&signs));
            }
            Form::Stretch => {
                grams.extend(signs.windows(1).chain(signs.windows(2)).map(Gram::stretch));
            }
            Form::Symbol => grams.push(Gram::symbol(&signs)),
        }
    }
    sorted(grams)
}

/// The grams that every text has in which these signs are found, those that say most.
pub(super) fn grams_of_needle(form: Form, signs: &[char]) -> Vec<Gram> {
    match form {
        Form::Word if signs.len() < WORD_PIECE => vec![Gram::beginning(signs)],
        Form::Word => {
            let size = if is_number(signs) { signs.len().min(NUMBER_PIECE) } else { WORD_PIECE };
            signs.windows(size).map(Gram::within).collect()
        }
        // The signs by themselves as well: an index whose grams are short takes some for others.
        Form::Stretch => signs.windows(1).chain(signs.windows(2)).map(Gram::stretch).collect(),
        Form::Symbol => vec![Gram::symbol(signs)],
    }
}

/// Whether a word consists of figures. One in which letters follow is two words.
pub(super) fn is_number(signs: &[char]) -> bool {
    signs.iter().all(|sign| sign.is_numeric())
}

pub(super) fn sorted(mut grams: Vec<Gram>) -> Vec<Gram> {
    grams.sort_unstable();
    grams.dedup();
    grams
}

impl Gram {
    /// A piece anywhere in a word.
    fn within(signs: &[char]) -> Self {
        Self::of(b'w', signs)
    }

    /// The beginning of a word, or a word of one sign.
    fn beginning(signs: &[char]) -> Self {
        match signs {
            [first, second, ..] => Self::of(b'b', &[*first, *second]),
            single => Self::of(b'l', single),
        }
    }

    /// A piece anywhere in a stretch.
    fn stretch(signs: &[char]) -> Self {
        Self::of(b's', signs)
    }

    fn symbol(signs: &[char]) -> Self {
        Self::of(b'e', signs)
    }

    /// The hash FNV-1a with 32 bits (<http://www.isthe.com/chongo/tech/comp/fnv/>).
    fn of(form: u8, signs: &[char]) -> Self {
        const PRIME: u32 = 0x0100_0193;
        let bytes = signs.iter().flat_map(|sign| u32::from(*sign).to_le_bytes());
        let hash = std::iter::once(form)
            .chain(bytes)
            .fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(PRIME));
        Self(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grams_never_change() {
        let numbers: Vec<u32> = grams("ab, 退款 👍 1234").into_iter().map(|gram| gram.0).collect();
        assert_eq!(
            numbers,
            [
                44_743_686,
                457_864_710,
                708_758_866,
                900_750_741,
                1_375_994_758,
                1_597_300_229,
                1_767_189_202,
                1_770_889_304,
                3_372_930_563
            ],
            "indexes keep these numbers"
        );
    }

    #[test]
    fn a_word_has_as_many_grams_as_letters_less_one_and_a_number_more() {
        assert_eq!(grams("refund").len(), 5);
        assert_eq!(grams("ok").len(), 1);
        assert_eq!(grams("4711").len(), 4);
        assert_eq!(grams("1234567").len(), 15);
        assert_eq!(grams("退款了").len(), 5);
        assert!(grams("... !").is_empty());
    }
}
