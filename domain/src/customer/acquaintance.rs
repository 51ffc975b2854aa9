//! How well somebody knows a customer.

use crate::{Audience, Customer, Sight, Time};

/// How much of a customer's profile somebody sees.
///
/// Supervisors and administrators see all of every one. An agent sees the whole profile of a customer while a session of
/// theirs goes on for the agent; once all of them have ended for the agent, what the sessions that they left show of the
/// customer. Of anybody else they know nothing.
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

impl Acquaintance {
    /// How somebody who sees this far knows the customer of these sessions: each with its audience, and with when it
    /// ended for them, if it did. Nothing if they do not know them.
    pub fn of<'a>(
        sight: &Sight,
        sessions: impl IntoIterator<Item = (&'a Audience, Option<Time>)> + Clone,
    ) -> Option<Self> {
        let goes_on = sessions.clone().into_iter().any(|(audience, _)| sight.takes_in(audience));
        if *sight == Sight::Everything || goes_on {
            return Some(Self::Current);
        }
        sessions.into_iter().filter_map(|(_, left_at)| left_at).max().map(|until| Self::Former { until })
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
        let (own, other) = (audience(5), audience(6));
        let former = |seconds| Some(Acquaintance::Former { until: at(seconds) });
        let table = [
            (vec![], None),
            (vec![(&other, None)], None),
            (vec![(&own, None)], Some(Acquaintance::Current)),
            (vec![(&other, Some(at(3)))], former(3)),
            (vec![(&other, Some(at(3))), (&other, None), (&other, Some(at(9)))], former(9)),
            (vec![(&other, Some(at(3))), (&own, None)], Some(Acquaintance::Current)),
        ];
        for (sessions, known) in table {
            assert_eq!(Acquaintance::of(&mine, sessions.clone()), known, "{sessions:?}");
            assert_eq!(Acquaintance::of(&Sight::Everything, sessions), Some(Acquaintance::Current));
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
        let before =
            Customer { unreachable_since: None, banned_at: None, ban_reason: None, ..customer.clone() };
        assert_eq!(shown(9), before);
    }
}
