//! When the desk works: breaks, nights, holidays, and clocks that are changed.

use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Time {
    text.parse().unwrap()
}

fn time(weekday: u8, opens: u16, closes: u16) -> OpeningTime {
    OpeningTime { weekday, opens, closes }
}

fn hours(zone: &str, times: &[OpeningTime], holidays: &[&str]) -> Hours {
    let holidays = holidays.iter().map(|date| date.parse().unwrap());
    Hours::new(TimeZone::parse(zone).unwrap(), times, holidays).unwrap()
}

fn workdays(opens: u16, closes: u16) -> Vec<OpeningTime> {
    (0..5).map(|weekday| time(weekday, opens, closes)).collect()
}

fn whole_week() -> Vec<OpeningTime> {
    (0..7).map(|weekday| time(weekday, 0, 24 * 60)).collect()
}

fn always(zone: &str) -> Hours {
    hours(zone, &whole_week(), &[])
}

#[test]
fn work_goes_on_after_a_break_a_night_a_weekend_and_a_holiday() {
    let mut times = workdays(9 * 60, 12 * 60);
    times.extend(workdays(13 * 60, 17 * 60));
    // A Friday, before a Monday on which nobody works.
    let hours = hours("Europe/Berlin", &times, &["2026-01-12"]);
    let add = |from: &str, minutes| hours.add(at(from), Duration::minutes(minutes)).unwrap();
    assert_eq!(add("2026-01-09T10:30:00Z", 30), at("2026-01-09T11:00:00Z"), "at the break and not behind it");
    assert_eq!(add("2026-01-09T10:30:00Z", 31), at("2026-01-09T12:01:00Z"));
    assert_eq!(add("2026-01-09T15:59:00Z", 2), at("2026-01-13T08:01:00Z"));
    assert_eq!(add("2026-01-10T03:00:00Z", 0), at("2026-01-13T08:00:00Z"), "at once is when work begins");
    assert_eq!(hours.between(at("2026-01-09T00:00:00Z"), at("2026-01-14T00:00:00Z")), Duration::hours(14));
    assert_eq!(hours.between(at("2026-01-09T11:00:00Z"), at("2026-01-09T10:00:00Z")), Duration::zero());
    assert_eq!(hours.next_open(at("2026-01-09T16:00:00Z")), Some(at("2026-01-13T08:00:00Z")));
    assert_eq!(hours.next_open(at("2026-01-09T09:07:00Z")), Some(at("2026-01-09T09:07:00Z")));
}

#[test]
fn an_hour_that_the_clocks_skip_is_no_work_and_one_that_they_show_twice_is_work_twice() {
    let nights: Vec<OpeningTime> = (0..7).map(|weekday| time(weekday, 60, 4 * 60)).collect();
    let hours = hours("Europe/Berlin", &nights, &[]);
    let of = |from: &str, to: &str| hours.between(at(from), at(to)).num_hours();
    assert_eq!(of("2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"), 2);
    assert_eq!(of("2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z"), 4);
    assert_eq!(of("2026-06-24T12:00:00Z", "2026-06-25T12:00:00Z"), 3);
    let three = Duration::hours(3);
    assert_eq!(hours.add(at("2026-03-28T12:00:00Z"), three), Some(at("2026-03-30T00:00:00Z")));
    assert_eq!(hours.add(at("2026-10-24T12:00:00Z"), three), Some(at("2026-10-25T02:00:00Z")));
}

#[test]
fn times_within_the_skipped_hour_vanish() {
    let hours = hours("Europe/Berlin", &[time(6, 2 * 60, 3 * 60), time(0, 0, 60)], &[]);
    // On the Sunday in March there is no time between two and three.
    let sunday = hours.between(at("2026-03-28T23:00:00Z"), at("2026-03-29T22:00:00Z"));
    assert_eq!(sunday, Duration::zero());
}

#[test]
fn zones_may_be_off_by_half_an_hour_and_change_by_half_an_hour() {
    let kolkata = hours("Asia/Kolkata", &workdays(9 * 60, 10 * 60), &[]);
    assert_eq!(kolkata.next_open(at("2026-01-09T00:00:00Z")), Some(at("2026-01-09T03:30:00Z")));
    let nepal = hours("Asia/Kathmandu", &workdays(9 * 60, 10 * 60), &[]);
    assert_eq!(nepal.next_open(at("2026-01-09T00:00:00Z")), Some(at("2026-01-09T03:15:00Z")));
    // Lord Howe Island goes half an hour forward in October and back in April.
    let island = always("Australia/Lord_Howe");
    let day = |from: &str, to: &str| island.between(at(from), at(to)).num_minutes();
    assert_eq!(day("2026-10-03T13:30:00Z", "2026-10-04T13:00:00Z"), 23 * 60 + 30);
    let nights: Vec<OpeningTime> = (0..7).map(|weekday| time(weekday, 0, 4 * 60)).collect();
    let nightly = hours("Australia/Lord_Howe", &nights, &[]);
    let night = |from: &str, to: &str| nightly.between(at(from), at(to)).num_minutes();
    assert_eq!(night("2026-10-03T06:00:00Z", "2026-10-04T06:00:00Z"), 210);
    assert_eq!(night("2026-04-04T06:00:00Z", "2026-04-05T06:00:00Z"), 270);
}

#[test]
fn one_hour_a_week_is_reached_after_years() {
    let hours = hours("UTC", &[time(2, 9 * 60, 10 * 60)], &[]);
    let from = at("2026-01-07T09:30:00Z");
    assert_eq!(hours.add(from, Duration::minutes(30)), Some(at("2026-01-07T10:00:00Z")));
    assert_eq!(hours.add(from, Duration::minutes(31)), Some(at("2026-01-14T09:01:00Z")));
    let latest = hours.add(from, super::super::LONGEST_TARGET).unwrap();
    assert!(latest > from + Duration::days(41 * 365));
    assert_eq!(hours.between(from, latest), super::super::LONGEST_TARGET);
}

#[test]
fn what_closes_in_an_hour_that_is_shown_twice_closes_when_it_is_shown_first() {
    let hours = hours("Europe/Berlin", &[time(6, 60, 2 * 60 + 30)], &[]);
    let sunday = hours.between(at("2026-10-24T22:00:00Z"), at("2026-10-25T23:00:00Z"));
    assert_eq!(sunday, Duration::minutes(90));
    assert_eq!(hours.add(at("2026-10-24T22:00:00Z"), sunday), Some(at("2026-10-25T00:30:00Z")));
}

#[test]
fn nothing_is_reached_before_an_end_at_which_or_after_which_it_would_be() {
    let hours = hours("UTC", &workdays(9 * 60, 17 * 60), &[]);
    let from = at("2026-01-09T16:00:00Z");
    let before = |minutes, end: &str| hours.add_before(from, Duration::minutes(minutes), Some(at(end)));
    assert_eq!(before(90, "2026-01-12T09:31:00Z"), Some(at("2026-01-12T09:30:00Z")));
    assert_eq!(before(90, "2026-01-12T09:30:00Z"), None);
    assert_eq!(before(90, "2026-01-11T00:00:00Z"), None);
}

#[test]
fn hours_are_read_as_they_are_shown() {
    let written = [
        WrittenTime { weekday: 0, opens: "09:00", closes: "12:30" },
        WrittenTime { weekday: 6, opens: "20:00", closes: "24:00" },
    ];
    let read = Hours::parse("europe/berlin", &written, &["2026-12-25".to_owned()]).unwrap();
    let shown: Vec<_> =
        read.opening_times().into_iter().map(|time| (time.weekday, time.opens_at(), time.closes_at())).collect();
    assert_eq!(shown[0], (0, "09:00".to_owned(), "12:30".to_owned()));
    assert_eq!(shown[1], (6, "20:00".to_owned(), "24:00".to_owned()));
    assert_eq!(read.holidays().map(|date| date.to_string()).collect::<Vec<_>>(), ["2026-12-25"]);
    assert_eq!(read.zone().name(), "Europe/Berlin");
    assert_eq!(Hours::parse("Mars", &written, &[]).err(), Some(HoursRefusal::TimeZone));
    let odd = WrittenTime { weekday: 0, opens: "24:30", closes: "24:00" };
    assert_eq!(Hours::parse("UTC", &[odd], &[]).err(), Some(HoursRefusal::OpeningTime { index: 0 }));
    let refused = Hours::parse("UTC", &written, &["tomorrow".to_owned()]);
    assert_eq!(refused.err(), Some(HoursRefusal::Holiday { index: 0 }));
}

#[test]
fn hours_have_to_make_sense() {
    let new = |times: &[OpeningTime]| Hours::new(TimeZone::parse("UTC").unwrap(), times, []).err();
    assert_eq!(new(&[]), Some(HoursRefusal::TooShort));
    assert_eq!(new(&[time(0, 0, 59)]), Some(HoursRefusal::TooShort));
    assert_eq!(new(&[time(7, 0, 60)]), Some(HoursRefusal::OpeningTime { index: 0 }));
    assert_eq!(new(&[time(0, 0, 60), time(1, 60, 60)]), Some(HoursRefusal::OpeningTime { index: 1 }));
    assert_eq!(new(&[time(0, 0, 24 * 60 + 1)]), Some(HoursRefusal::OpeningTime { index: 0 }));
    assert_eq!(new(&[time(0, 0, 60), time(0, 59, 70)]), Some(HoursRefusal::Overlap { index: 1 }));
    assert_eq!(new(&[time(0, 60, 120), time(0, 0, 60)]), None);
    let many: Vec<OpeningTime> = (0..11).map(|index| time(0, index * 60, index * 60 + 30)).collect();
    assert_eq!(new(&many), Some(HoursRefusal::TooManyOpeningTimes));
    let days = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap().iter_days().take(MOST_HOLIDAYS + 1);
    let refused = Hours::new(TimeZone::parse("UTC").unwrap(), &workdays(0, 60), days);
    assert_eq!(refused.err(), Some(HoursRefusal::TooManyHolidays));
}

/// Zones that have something about them: their clocks are changed, in spring or in autumn and by an hour or half of one,
/// or they are off by half an hour or by a quarter of one.
const ZONES: [&str; 6] =
    ["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata", "Asia/Kathmandu"];

fn any_zone() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(ZONES.to_vec())
}

/// All the time, by the clocks of any of the zones.
pub(in crate::sla) fn around_the_clock() -> impl Strategy<Value = Hours> {
    any_zone().prop_map(always)
}

/// Any hours in any of the zones: some of the week, all of it, or one hour of it.
pub(in crate::sla) fn any_hours() -> impl Strategy<Value = Hours> {
    let some = proptest::collection::btree_set((0..7_u8, 0..8_u16, 1..3_u16), 1..12).prop_map(|times| {
        times
            .into_iter()
            .map(|(weekday, third, thirds)| time(weekday, third * 180, (third + thirds) * 180))
            .collect::<Vec<OpeningTime>>()
    });
    let one_hour = (0..7_u8, 0..=23 * 60_u16).prop_map(|(weekday, opens)| vec![time(weekday, opens, opens + 60)]);
    let times = prop_oneof![3 => some, 1 => Just(whole_week()), 1 => one_hour];
    let holidays = proptest::collection::vec(0..730_u64, 0..8);
    (any_zone(), times, holidays).prop_filter_map("some times overlap, which is refused", |(zone, times, holidays)| {
        let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let holidays = holidays.into_iter().map(|day| first + Days::new(day));
        Hours::new(TimeZone::parse(zone).unwrap(), &times, holidays).ok()
    })
}

proptest! {
    #[test]
    fn what_is_added_is_between(hours in any_hours(), from in 0..700 * 24 * 3600_i64, minutes in 0..6000_i64) {
        let from = at("2026-01-01T00:00:00Z") + Duration::seconds(from);
        let working = Duration::minutes(minutes);
        let to = hours.add(from, working).unwrap();
        prop_assert!(to >= from);
        prop_assert_eq!(hours.between(from, to), working);
        if minutes > 0 {
            // No earlier moment would do.
            prop_assert!(hours.between(from, to - Duration::microseconds(1)) < working);
        }
    }

    #[test]
    fn whole_weeks_are_what_their_days_are(
        hours in any_hours(),
        from in 0..700 * 24 * 3600_i64,
        seconds in 0..400 * 24 * 3600_i64,
    ) {
        let from = at("2026-01-01T00:00:00Z") + Duration::seconds(from);
        let to = from + Duration::seconds(seconds);
        let days = hours.zone.local(from).date_naive().iter_days().take(402);
        let open = days.flat_map(|date| hours.open_on_from(date, from)).take_while(|(opens, _)| *opens < to);
        let sum = open.fold(Duration::zero(), |sum, (opens, closes)| sum + (closes.min(to) - opens));
        prop_assert_eq!(hours.between(from, to), sum);
    }

    #[test]
    fn stretches_tile_the_time_and_the_open_ones_are_the_working_time(
        hours in any_hours(),
        from in 0..700 * 24 * 3600_i64,
        seconds in 1..30 * 24 * 3600_i64,
    ) {
        let from = at("2026-01-01T00:00:00Z") + Duration::seconds(from);
        let to = from + Duration::seconds(seconds);
        let stretches = hours.stretches(from, to, usize::MAX);
        prop_assert_eq!(stretches.first().unwrap().from, from);
        prop_assert_eq!(stretches.last().unwrap().to, to);
        for pair in stretches.windows(2) {
            prop_assert_eq!(pair[0].to, pair[1].from);
            prop_assert!(pair[0].kind != pair[1].kind);
        }
        let open = stretches.iter().filter(|stretch| stretch.kind == StretchKind::Open);
        let sum = open.fold(Duration::zero(), |sum, stretch| sum + (stretch.to - stretch.from));
        prop_assert_eq!(sum, hours.between(from, to));
    }

    #[test]
    fn around_the_clock_is_all_the_time(from in 0..700 * 24 * 3600_i64, seconds in 0..90 * 24 * 3600_i64) {
        let from = at("2026-01-01T00:00:00Z") + Duration::seconds(from);
        let working = Duration::seconds(seconds);
        for zone in ["UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns"] {
            prop_assert_eq!(always(zone).add(from, working), Some(from + working));
            prop_assert_eq!(always(zone).between(from, from + working), working);
        }
    }

    #[test]
    fn they_are_kept_as_they_are(hours in any_hours()) {
        let stored = StoredHours::from(hours.clone());
        prop_assert_eq!(Hours::try_from(stored), Ok(hours));
    }
}
