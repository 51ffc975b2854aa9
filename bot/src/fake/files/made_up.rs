//! Files that nobody keeps: their handle says all about them, and their bytes are made when somebody asks.

use std::io::Write as _;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;

use super::picture;

/// What the handles of made-up files begin with.
const PREFIX: &str = "made-up_";

/// The line that texts consist of.
const LINE: &[u8] = b"This file was made up by the simulated Telegram.\n";

/// A file of a simulated customer. It is the same after a restart, since its handle describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeUpFile {
    /// What tells it from others that are otherwise alike.
    pub number: i64,
    /// The size in bytes. A picture has at least what it takes to be one.
    pub size_bytes: u64,
    /// The width and the height of a picture, in pixels; empty for a text.
    pub picture: Option<(u32, u32)>,
}

impl MadeUpFile {
    /// The handle (`file_id`).
    #[must_use]
    pub fn file_id(&self) -> String {
        let (width, height) = self.picture.unwrap_or_default();
        let words = format!("{} {} {width} {height}", self.number, self.size_bytes);
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(words))
    }

    /// What tells the file from every other one (`file_unique_id`).
    #[must_use]
    pub fn unique_id(&self) -> String {
        format!("unique-{}", self.file_id())
    }

    /// What the handle describes, if it is one of a made-up file.
    #[must_use]
    pub fn of_id(file_id: &str) -> Option<Self> {
        let words = URL_SAFE_NO_PAD.decode(file_id.strip_prefix(PREFIX)?).ok()?;
        let words = String::from_utf8(words).ok()?;
        let mut words = words.split(' ');
        let number = words.next()?.parse().ok()?;
        let size_bytes = words.next()?.parse().ok()?;
        let (width, height) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        let picture = (width > 0 && height > 0).then_some((width, height));
        Some(Self { number, size_bytes, picture })
    }

    /// How large the bytes are.
    #[must_use]
    pub fn length(&self) -> u64 {
        let least = self.picture.map_or(0, |(width, height)| picture::png_length(width, height));
        self.size_bytes.max(least)
    }

    /// The bytes: a PNG, or lines of text. What a picture has too much stands behind its end, where nobody looks.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        let length = usize::try_from(self.length()).unwrap_or(usize::MAX);
        let mut bytes = match self.picture {
            Some((width, height)) => picture::png(width, height),
            None => Vec::with_capacity(length),
        };
        if self.picture.is_some() {
            bytes.resize(length, 0);
        }
        while bytes.len() < length {
            let rest = LINE.len().min(length - bytes.len());
            bytes.write_all(&LINE[..rest]).expect("memory takes what is written to it");
        }
        bytes.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_handle_describes_the_file() {
        for picture in [None, Some((90, 60))] {
            let file = MadeUpFile { number: 7, size_bytes: 5_000, picture };
            assert_eq!(MadeUpFile::of_id(&file.file_id()), Some(file.clone()));
            assert_eq!(file.bytes().len(), 5_000);
        }
        let small = MadeUpFile { number: 7, size_bytes: 1, picture: Some((90, 60)) };
        assert_eq!(small.bytes().len() as u64, small.length());
        assert_eq!(picture::size_of(&small.bytes()), Some((90, 60)));
        for other in ["", "F", "made-up_", "made-up_!!", "made-up_YQ"] {
            assert_eq!(MadeUpFile::of_id(other), None, "{other}");
        }
    }
}
