//! What browsers may show of a file, and what they must save instead.

/// The types that browsers show without running anything, each with the ending of its files. No text is among them, and
/// neither is SVG: both can hold programs.
const SHOWN: [(&str, &str); 22] = [
    ("image/jpeg", "jpg"),
    ("image/png", "png"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
    ("image/avif", "avif"),
    ("image/bmp", "bmp"),
    ("image/heic", "heic"),
    ("audio/mpeg", "mp3"),
    ("audio/mp4", "m4a"),
    ("audio/m4a", "m4a"),
    ("audio/x-m4a", "m4a"),
    ("audio/aac", "aac"),
    ("audio/ogg", "ogg"),
    ("audio/opus", "opus"),
    ("audio/flac", "flac"),
    ("audio/x-flac", "flac"),
    ("audio/wav", "wav"),
    ("audio/x-wav", "wav"),
    ("audio/webm", "weba"),
    ("video/mp4", "mp4"),
    ("video/webm", "webm"),
    ("video/quicktime", "mov"),
];

/// How a file is handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MediaType {
    /// The type that the browser is told, and may not guess anew.
    pub(super) content_type: &'static str,
    /// The usual ending of its files.
    pub(super) ending: &'static str,
    /// Whether the browser may show it.
    pub(super) is_shown: bool,
}

impl MediaType {
    /// How a file is handed out whose sender says that it is of this type. What is not known is bytes to be saved.
    pub(super) fn of(claimed: Option<&str>) -> Self {
        let claimed = claimed.and_then(domain::file::clean_mime_type);
        let known = claimed.and_then(|claimed| SHOWN.into_iter().find(|(shown, _)| *shown == claimed));
        match known {
            Some((content_type, ending)) => Self { content_type, ending, is_shown: true },
            None => Self { content_type: domain::file::UNKNOWN_MIME_TYPE, ending: "bin", is_shown: false },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_run_is_saved() {
        for claimed in [
            "text/html",
            "image/svg+xml",
            "application/pdf",
            "text/plain",
            "application/xhtml+xml",
            "",
            "image/jpeg\nx",
        ] {
            let media_type = MediaType::of(Some(claimed));
            assert_eq!(
                (media_type.content_type, media_type.is_shown),
                ("application/octet-stream", false),
                "{claimed}"
            );
        }
        assert_eq!(MediaType::of(Some("Image/JPEG; charset=x")).content_type, "image/jpeg");
        assert!(!MediaType::of(None).is_shown);
    }
}
