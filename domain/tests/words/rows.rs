//! Complaints in a row, compared with the plainest way to count them.

use domain::trigger::{Action, Condition, Level, Progress, Trigger, Triggers, WordList};
use domain::{TriggerId, WordListId};
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Complaint,
    Request,
    OtherWords,
    NoWords,
    Resolved,
}

fn text(said: Said) -> &'static str {
    match said {
        Said::Complaint => "What a complaint, this is!",
        Said::Request => "MANAGER",
        Said::OtherWords => "It says error 12",
        Said::NoWords | Said::Resolved => "",
    }
}

fn said() -> impl Strategy<Value = Said> {
    prop_oneof![
        4 => Just(Said::Complaint),
        3 => Just(Said::Request),
        1 => Just(Said::OtherWords),
        1 => Just(Said::NoWords),
        1 => Just(Said::Resolved),
    ]
}

proptest! {
    #[test]
    fn a_row_is_of_consecutive_messages_of_the_customer(needed in 1..5_u32, course in vec(said(), 0..40)) {
        let (complaints, requests) = (WordListId(1), WordListId(2));
        let lists = [
            WordList::parse(complaints, ["complaint"]).unwrap(),
            WordList::parse(requests, ["manager"]).unwrap(),
        ];
        let trigger = Trigger {
            id: TriggerId(1),
            condition: Condition::InARow { lists: vec![complaints, requests], messages: needed },
            actions: vec![Action::Escalate(Level::Second)],
        };
        let triggers = Triggers::new(vec![trigger], &lists).unwrap();
        let mut progress = Progress::default();
        let mut row = 0;
        for said in course {
            match said {
                Said::Complaint | Said::Request => row += 1,
                Said::OtherWords | Said::Resolved => row = 0,
                Said::NoWords => {}
            }
            if said == Said::Resolved {
                progress = Progress::default();
            } else {
                let fires = !triggers.on_message(text(said), &mut progress).is_empty();
                prop_assert_eq!(fires, row == needed);
            }
            row %= needed;
        }
    }
}
