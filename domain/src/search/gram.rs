//! Grams: the pieces of a text by which an index finds it.

use super::unit::{Form, Units};

/// A piece of a text as a number: a hash that is the same in every process and every release, because indexes keep it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gram(pub u32);

/// How many signs of a word make a piece.
pub(super) const WORD_PIECE: usize = 3;

/// The grams of a text, in ascending order, each once. A text that says nothing has none.
pub fn grams(text: &str) -> Vec<Gram> {
    let units = Units::of(text);
    let mut grams = Vec::with_capacity(text.len());
    for unit in units.all() {
        let signs = units.signs(*unit);
        match unit.form {
            Form::Word => {
                grams.extend(signs.windows(WORD_PIECE).map(Gram::within));
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

pub(super) fn sorted(mut grams: Vec<Gram>) -> Vec<Gram> {
    grams.sort_unstable();
    grams.dedup();
    grams
}

impl Gram {
    /// A piece anywhere in a word.
    pub(super) fn within(signs: &[char]) -> Self {
        Self::of(b'w', signs)
    }

    /// The beginning of a word, or a word of one sign.
    pub(super) fn beginning(signs: &[char]) -> Self {
        match signs {
            [first, second, ..] => Self::of(b'b', &[*first, *second]),
            single => Self::of(b'l', single),
        }
    }

    /// A piece anywhere in a stretch.
    pub(super) fn stretch(signs: &[char]) -> Self {
        Self::of(b's', signs)
    }

    pub(super) fn symbol(signs: &[char]) -> Self {
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
        let numbers: Vec<u32> = grams("ab, 退款 👍").into_iter().map(|gram| gram.0).collect();
        assert_eq!(
            numbers,
            [457_864_710, 900_750_741, 1_597_300_229, 1_767_189_202, 1_770_889_304],
            "indexes keep these numbers"
        );
    }

    #[test]
    fn a_long_word_has_as_many_grams_as_letters_less_one() {
        assert_eq!(grams("refund").len(), 5);
        assert_eq!(grams("ok").len(), 1);
        assert_eq!(grams("退款了").len(), 5);
        assert!(grams("... !").is_empty());
    }
}
