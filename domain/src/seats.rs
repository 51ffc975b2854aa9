//! How many agents a workspace may have.

/// How many of the seats of a workspace are taken. Active agents take one each, and so does everybody who is invited: who
/// accepts finds their seat free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seats {
    /// How many are taken.
    pub used: i64,
    /// How many there are; nothing for any number.
    pub limit: Option<i64>,
}

impl Seats {
    /// Whether one more can be taken.
    pub fn has_room(self) -> bool {
        self.limit.is_none_or(|limit| self.used < limit)
    }

    /// Whether more are taken than there are, since there were more of them before.
    pub fn is_overbooked(self) -> bool {
        self.limit.is_some_and(|limit| self.used > limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_seat_can_be_taken_and_no_other() {
        let seats = |used, limit| Seats { used, limit };
        assert!(seats(2, Some(3)).has_room() && !seats(3, Some(3)).has_room() && !seats(4, Some(3)).has_room());
        assert!(!seats(3, Some(3)).is_overbooked() && seats(4, Some(3)).is_overbooked());
        assert!(seats(i64::MAX, None).has_room() && !seats(i64::MAX, None).is_overbooked());
        assert!(!seats(0, Some(0)).has_room());
    }
}
