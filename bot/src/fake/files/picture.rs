//! Pictures: how large they are, and the simplest that there is.

const PNG_SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

/// The most that one block of uncompressed data holds (RFC 1951, 3.2.4).
const BLOCK_BYTES: usize = 65_535;

/// What a chunk has beside its data: length, type and checksum.
const CHUNK_FRAME_BYTES: u64 = 12;

/// The width and the height of a picture in pixels, for PNG, GIF and JPEG.
pub fn size_of(bytes: &[u8]) -> Option<(u32, u32)> {
    if bytes.starts_with(&PNG_SIGNATURE) {
        let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        return Some((number(16)?, number(20)?));
    }
    if bytes.starts_with(b"GIF8") {
        let number = |at: usize| Some(u32::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
        return Some((number(6)?, number(8)?));
    }
    if bytes.starts_with(&[0xff, 0xd8]) { jpeg_size(&bytes[2..]) } else { None }
}

/// Walks the segments up to the one that begins the frame (ITU-T T.81, B.1.1.3 and B.2.2).
fn jpeg_size(mut bytes: &[u8]) -> Option<(u32, u32)> {
    loop {
        let (&[0xff, marker], rest) = bytes.split_first_chunk::<2>()? else {
            return None;
        };
        let is_frame = matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
        let number = |at: usize| Some(u16::from_be_bytes(rest.get(at..at + 2)?.try_into().ok()?));
        if is_frame {
            return Some((number(5)?.into(), number(3)?.into()));
        }
        bytes = rest.get(usize::from(number(0)?)..)?;
    }
}

/// How long [`png`] is, in bytes.
pub fn png_length(width: u32, height: u32) -> u64 {
    let lines = line_bytes(width) * u64::from(height);
    let blocks = lines.div_ceil(BLOCK_BYTES as u64).max(1);
    let data = 2 + lines + 5 * blocks + 4;
    8 + (CHUNK_FRAME_BYTES + 13) + (CHUNK_FRAME_BYTES + data) + CHUNK_FRAME_BYTES
}

/// A black picture of this size as a PNG: one bit a pixel, not compressed.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut header = Vec::with_capacity(13);
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    // One bit, shades of grey, and the only compression, filter and order that matter here.
    header.extend([1, 0, 0, 0, 0]);
    let lines = vec![0; usize::try_from(line_bytes(width) * u64::from(height)).unwrap_or(usize::MAX)];
    let mut png = PNG_SIGNATURE.to_vec();
    put_chunk(&mut png, *b"IHDR", &header);
    put_chunk(&mut png, *b"IDAT", &uncompressed(&lines));
    put_chunk(&mut png, *b"IEND", &[]);
    png
}

/// A line begins with the number of its filter.
fn line_bytes(width: u32) -> u64 {
    1 + u64::from(width).div_ceil(8)
}

fn put_chunk(png: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    png.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    let checked_from = png.len();
    png.extend(name);
    png.extend(data);
    let checksum = crc32(&png[checked_from..]);
    png.extend(checksum.to_be_bytes());
}

/// The data in the frame of zlib (RFC 1950), as blocks that are not compressed.
fn uncompressed(data: &[u8]) -> Vec<u8> {
    let mut framed = vec![0x78, 0x01];
    let mut blocks = data.chunks(BLOCK_BYTES).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        framed.push(u8::from(blocks.peek().is_none()));
        framed.extend(length.to_le_bytes());
        framed.extend((!length).to_le_bytes());
        framed.extend(block);
    }
    framed.extend(adler32(data).to_be_bytes());
    framed
}

/// The checksum of RFC 1950.
fn adler32(data: &[u8]) -> u32 {
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in data {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    (b << 16) | a
}

/// The checksum of the PNG specification, annex D.
fn crc32(data: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in data {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_their_specifications() {
        assert_eq!(crc32(b"IEND"), 0xae42_6082);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }

    #[test]
    fn a_picture_says_how_large_it_is() {
        for (width, height) in [(1, 1), (9, 3), (1280, 720)] {
            let png = png(width, height);
            assert_eq!(size_of(&png), Some((width, height)));
            assert_eq!(png.len() as u64, png_length(width, height));
        }
        assert_eq!(size_of(b"GIF89a\x02\x00\x03\x00"), Some((2, 3)));
        let jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x03\x00\x02";
        assert_eq!(size_of(jpeg), Some((2, 3)));
        for other in [&b""[..], b"text", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\xff\xff"] {
            assert_eq!(size_of(other), None);
        }
    }
}
