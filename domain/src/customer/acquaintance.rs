//! How well somebody knows a customer.

use crate::{Audience, Customer, Sight, Time};

/// How much of a customer's profile somebody sees.
///
/// Supervisors and administrators see all of every one. An agent sees the whole profile of a customer while a session of
/// theirs goes on for the agent; once all of them have ended for the agent, what the sessions that they left show of the
/// customer. A closed session that is still theirs keeps the profile open until a newer one ends for them. Of anybody else
/// they know nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acquaintance {
    /// The whole profile as it is.
    Current,
    /// Who it is, and of what befell them only what was before.
    Former {
        /// When the last of the sessions ended for the agent, on the project's clock.
        until: Time,
    },
}

/// What a session of a customer tells of how well somebody knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encounter {
    /// For whom the session goes on.
    pub audience: Audience,
    /// Whether it is over.
    pub is_closed: bool,
    /// When it ended for the one who asks, if it did.
    pub left_at: Option<Time>,
}

impl Acquaintance {
    /// How somebody who sees this far knows the customer of these sessions, which are in the order in which they began.
    /// Nothing if they do not know them.
    pub fn of(sight: &Sight, sessions: &[Encounter]) -> Option<Self> {
        let newest_left = sessions.iter().rposition(|session| session.left_at.is_some());
        let goes_on = |(place, session): (usize, &Encounter)| {
            sight.takes_in(&session.audience) && (!session.is_closed || newest_left.is_none_or(|left| left <= place))
        };
        if *sight == Sight::Everything || sessions.iter().enumerate().any(goes_on) {
            return Some(Self::Current);
        }
        sessions.iter().filter_map(|session| session.left_at).max().map(|until| Self::Former { until })
    }

    /// The customer as they see them.
    pub fn shown(self, customer: Customer) -> Customer {
        let Self::Former { until } = self else { return customer };
        let before = |time: Option<Time>| time.filter(|time| *time <= until);
        let banned_at = before(customer.banned_at);
        Customer {
            unreachable_since: before(customer.unreachable_since),
            ban_reason: customer.ban_reason.filter(|_| banned_at.is_some()),
            banned_at,
            ..customer
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visibility::People;
    use crate::{AgentId, ChatId, CustomerId, CustomerKind, ProjectId, Role, TelegramUserId};

    fn at(seconds: i64) -> Time {
        Time::from_timestamp(seconds, 0).unwrap()
    }

    fn audience(assignee: i64) -> Audience {
        Audience { assignee_id: Some(AgentId(assignee)), team_id: None, people: People::default() }
    }

    #[test]
    fn an_agent_knows_the_customers_of_their_sessions() {
        let mine = Sight::of(Role::Agent, AgentId(5), &[].into());
        let met = |assignee, is_closed, left: Option<i64>| Encounter {
            audience: audience(assignee),
            is_closed,
            left_at: left.map(at),
        };
        let (own, closed) = (|| met(5, false, None), || met(5, true, None));
        let (other, left) = (|| met(6, false, None), |seconds| met(6, false, Some(seconds)));
        let former = |seconds| Some(Acquaintance::Former { until: at(seconds) });
        let table = [
            (vec![], None),
            (vec![other()], None),
            (vec![own()], Some(Acquaintance::Current)),
            (vec![closed()], Some(Acquaintance::Current)),
            (vec![left(3)], former(3)),
            (vec![left(3), other(), left(9)], former(9)),
            (vec![left(3), own()], Some(Acquaintance::Current)),
            (vec![own(), left(3)], Some(Acquaintance::Current)),
            (vec![left(3), closed()], Some(Acquaintance::Current)),
            (vec![closed(), other(), left(3)], former(3)),
        ];
        for (sessions, known) in table {
            assert_eq!(Acquaintance::of(&mine, &sessions), known, "{sessions:?}");
            assert_eq!(Acquaintance::of(&Sight::Everything, &sessions), Some(Acquaintance::Current));
        }
    }

    #[test]
    fn what_befell_the_customer_later_does_not_show() {
        let customer = Customer {
            id: CustomerId(1),
            project_id: ProjectId(1),
            kind: CustomerKind::Person,
            telegram_user_id: TelegramUserId(7),
            chat_id: ChatId(7),
            name: "Kim".to_owned(),
            username: None,
            language_code: None,
            unreachable_since: Some(at(20)),
            reachability_at: None,
            banned_at: Some(at(10)),
            ban_reason: Some("spam".to_owned()),
            erased_at: None,
            created_at: at(0),
        };
        let shown = |until| Acquaintance::Former { until: at(until) }.shown(customer.clone());
        assert_eq!(Acquaintance::Current.shown(customer.clone()), customer);
        assert_eq!(shown(20), customer);
        assert_eq!(shown(10), Customer { unreachable_since: None, ..customer.clone() });
        let before = Customer { unreachable_since: None, banned_at: None, ban_reason: None, ..customer.clone() };
        assert_eq!(shown(9), before);
    }
}
