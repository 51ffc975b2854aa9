//! The time zones in which nearly everybody lives who speaks a language.

/// Languages that are spoken in one time zone, by their IETF subtags.
const BY_LANGUAGE: [(&str, &str); 53] = [
    ("az", "Asia/Baku"),
    ("be", "Europe/Minsk"),
    ("bg", "Europe/Sofia"),
    ("bn", "Asia/Dhaka"),
    ("cs", "Europe/Prague"),
    ("da", "Europe/Copenhagen"),
    ("de", "Europe/Berlin"),
    ("el", "Europe/Athens"),
    ("et", "Europe/Tallinn"),
    ("fa", "Asia/Tehran"),
    ("fi", "Europe/Helsinki"),
    ("fil", "Asia/Manila"),
    ("he", "Asia/Jerusalem"),
    ("hi", "Asia/Kolkata"),
    ("hr", "Europe/Zagreb"),
    ("hu", "Europe/Budapest"),
    ("hy", "Asia/Yerevan"),
    ("id", "Asia/Jakarta"),
    ("is", "Atlantic/Reykjavik"),
    ("it", "Europe/Rome"),
    ("ja", "Asia/Tokyo"),
    ("ka", "Asia/Tbilisi"),
    ("kk", "Asia/Almaty"),
    ("km", "Asia/Phnom_Penh"),
    ("ko", "Asia/Seoul"),
    ("lt", "Europe/Vilnius"),
    ("lv", "Europe/Riga"),
    ("mk", "Europe/Skopje"),
    ("mn", "Asia/Ulaanbaatar"),
    ("ms", "Asia/Kuala_Lumpur"),
    ("my", "Asia/Yangon"),
    ("nb", "Europe/Oslo"),
    ("ne", "Asia/Kathmandu"),
    ("nl", "Europe/Amsterdam"),
    ("nn", "Europe/Oslo"),
    ("no", "Europe/Oslo"),
    ("pl", "Europe/Warsaw"),
    ("ro", "Europe/Bucharest"),
    ("si", "Asia/Colombo"),
    ("sk", "Europe/Bratislava"),
    ("sl", "Europe/Ljubljana"),
    ("sq", "Europe/Tirane"),
    ("sr", "Europe/Belgrade"),
    ("sv", "Europe/Stockholm"),
    ("ta", "Asia/Kolkata"),
    ("te", "Asia/Kolkata"),
    ("th", "Asia/Bangkok"),
    ("tl", "Asia/Manila"),
    ("tr", "Europe/Istanbul"),
    ("uk", "Europe/Kyiv"),
    ("uz", "Asia/Tashkent"),
    ("vi", "Asia/Ho_Chi_Minh"),
    ("zh", "Asia/Shanghai"),
];

/// Where a language is spoken in many time zones, or in another one than elsewhere, the region or the script tells.
const BY_REGION: [(&str, &str); 21] = [
    ("ar", "America/Argentina/Buenos_Aires"),
    ("at", "Europe/Vienna"),
    ("be", "Europe/Brussels"),
    ("br", "America/Sao_Paulo"),
    ("ch", "Europe/Zurich"),
    ("cl", "America/Santiago"),
    ("cn", "Asia/Shanghai"),
    ("co", "America/Bogota"),
    ("es", "Europe/Madrid"),
    ("fr", "Europe/Paris"),
    ("gb", "Europe/London"),
    ("hans", "Asia/Shanghai"),
    ("hant", "Asia/Taipei"),
    ("hk", "Asia/Hong_Kong"),
    ("ie", "Europe/Dublin"),
    ("in", "Asia/Kolkata"),
    ("nz", "Pacific/Auckland"),
    ("pe", "America/Lima"),
    ("pt", "Europe/Lisbon"),
    ("sg", "Asia/Singapore"),
    ("tw", "Asia/Taipei"),
];

/// The name of the time zone of a language, by its IETF tag; nothing for one that is spoken in many.
pub(super) fn guess(tag: &str) -> Option<&'static str> {
    let tag = tag.to_ascii_lowercase();
    let mut subtags = tag.split(['-', '_']);
    let language = subtags.next()?;
    let find = |table: &[(&str, &'static str)], wanted: &str| {
        let place = table.binary_search_by_key(&wanted, |(subtag, _)| subtag).ok()?;
        Some(table[place].1)
    };
    // What is most particular comes last: zh-hant-hk.
    subtags.filter_map(|subtag| find(&BY_REGION, subtag)).next_back().or_else(|| find(&BY_LANGUAGE, language))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time_zone::TimeZone;

    #[test]
    fn every_guess_is_a_time_zone_and_is_found() {
        for (table, prefix) in [(&BY_LANGUAGE[..], ""), (&BY_REGION[..], "en-")] {
            assert!(table.is_sorted_by(|(one, _), (next, _)| one < next));
            for (subtag, name) in table {
                assert!(TimeZone::parse(name).is_ok(), "{name}");
                assert_eq!(guess(&format!("{prefix}{subtag}")), Some(*name));
            }
        }
    }

    #[test]
    fn the_region_counts_before_the_language_and_the_world_has_no_time_zone() {
        let table = [
            ("pt-br", Some("America/Sao_Paulo")),
            ("de-AT", Some("Europe/Vienna")),
            ("zh-hant-hk", Some("Asia/Hong_Kong")),
            ("zh-hans", Some("Asia/Shanghai")),
            ("en", None),
            ("es", None),
            ("en-us", None),
            ("", None),
            ("-", None),
        ];
        for (tag, zone) in table {
            assert_eq!(guess(tag), zone, "{tag}");
        }
    }
}
