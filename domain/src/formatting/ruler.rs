//! A text measured in UTF-16 code units.

/// Tells which byte of a text a UTF-16 code unit is at.
pub(super) struct Ruler {
    /// For each unit, and for the end, the byte where its character begins; nothing within a surrogate pair.
    bytes: Vec<Option<usize>>,
}

impl Ruler {
    pub(super) fn of(text: &str) -> Self {
        let mut bytes = Vec::with_capacity(text.len() + 1);
        for (byte, character) in text.char_indices() {
            bytes.push(Some(byte));
            bytes.extend(std::iter::repeat_n(None, character.len_utf16() - 1));
        }
        bytes.push(Some(text.len()));
        Self { bytes }
    }

    /// The length of the text in units.
    pub(super) fn units(&self) -> usize {
        self.bytes.len() - 1
    }

    /// The byte at a unit; nothing within a surrogate pair and beyond the end.
    pub(super) fn byte(&self, unit: usize) -> Option<usize> {
        self.bytes.get(unit).copied().flatten()
    }
}
