//! What a customer is promised.

use chrono::TimeDelta;

use super::TicketKind;
use crate::Priority;

/// Within which time a ticket gets its first response: the stricter of the targets of its kind (article “SLA Management
/// Guide”) and of its priority (article “From the first line to the second line”, step 4).
pub fn first_response(kind: TicketKind, priority: Priority) -> TimeDelta {
    let of_kind = match kind {
        TicketKind::Standard => TimeDelta::minutes(5),
        TicketKind::Escalated => TimeDelta::minutes(15),
        TicketKind::Complaint => TimeDelta::zero(),
    };
    let of_priority = match priority {
        Priority::Urgent => TimeDelta::minutes(15),
        Priority::High => TimeDelta::minutes(30),
        Priority::Medium => TimeDelta::hours(2),
        Priority::Low => TimeDelta::hours(4),
    };
    of_kind.min(of_priority)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stricter_target_counts() {
        for priority in Priority::ALL {
            assert_eq!(first_response(TicketKind::Complaint, *priority), TimeDelta::zero());
            assert_eq!(first_response(TicketKind::Escalated, *priority), TimeDelta::minutes(15));
            assert_eq!(first_response(TicketKind::Standard, *priority), TimeDelta::minutes(5));
        }
    }
}
