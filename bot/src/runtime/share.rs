//! Sharing the bots with other processes.

use tokio::sync::watch;

/// How many bots this process serves, and how many it should.
#[derive(Debug)]
pub(super) struct Share(watch::Sender<Count>);

#[derive(Debug, Default, Clone, Copy)]
struct Count {
    bots: usize,
    processes: usize,
    served: usize,
}

impl Count {
    /// The even share, rounded up: together the shares suffice for every bot, and a bot that is
    /// handed over has a process that takes it, so that none goes to and fro. Where the bots do
    /// not divide evenly, who came last may have fewer.
    fn share(self) -> usize {
        match self.processes {
            0 => 0,
            processes => self.bots.div_ceil(processes),
        }
    }
}

impl Share {
    /// Nothing, until it is known how many bots and processes there are.
    pub(super) fn new() -> Self {
        Self(watch::Sender::default())
    }

    /// So many bots have to be served, by whomever.
    pub(super) fn set_bots(&self, bots: usize) {
        self.set(|count| &mut count.bots, bots);
    }

    /// So many processes serve bots, this one included.
    pub(super) fn set_processes(&self, processes: usize) {
        self.set(|count| &mut count.processes, processes);
    }

    fn set(&self, field: impl FnOnce(&mut Count) -> &mut usize, value: usize) {
        self.0.send_if_modified(|count| std::mem::replace(field(count), value) != value);
    }

    /// Waits until this process may serve one more bot, which then counts as served.
    pub(super) async fn take(&self) -> Seat<'_> {
        self.count_when(|count| count.served < count.share(), |served| served + 1).await;
        Seat { share: self, is_kept: true }
    }

    /// Changes how many bots are served as soon as a condition is met.
    async fn count_when(&self, condition: impl Fn(Count) -> bool, change: impl Fn(usize) -> usize) {
        let mut counts = self.0.subscribe();
        loop {
            let is_met = self.0.send_if_modified(|count| {
                let is_met = condition(*count);
                if is_met {
                    count.served = change(count.served);
                }
                is_met
            });
            if is_met {
                return;
            }
            // It fails only when the share is gone, which is borrowed here.
            let _ = counts.changed().await;
        }
    }
}

/// One bot that counts as served.
#[derive(Debug)]
pub(super) struct Seat<'a> {
    share: &'a Share,
    is_kept: bool,
}

impl Seat<'_> {
    /// Waits until this process serves more than its share and it is this bot that goes. Of all
    /// that wait, no more are told than there are too many.
    pub(super) async fn until_surplus(&mut self) {
        self.share.count_when(|count| count.served > count.share(), |served| served - 1).await;
        self.is_kept = false;
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        if self.is_kept {
            self.share.0.send_modify(|count| count.served -= 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::FutureExt as _;

    use super::*;

    fn share(bots: usize, processes: usize) -> Share {
        let share = Share::new();
        share.set_bots(bots);
        share.set_processes(processes);
        share
    }

    #[test]
    fn shares_suffice_for_all_bots_and_are_as_even_as_can_be() {
        for (bots, processes, expected) in [(0, 1, 0), (1, 1, 1), (4, 2, 2), (3, 2, 2), (1, 2, 1), (7, 3, 3), (5, 0, 0)]
        {
            assert_eq!(Count { bots, processes, served: 0 }.share(), expected, "{bots} bots, {processes} processes");
        }
    }

    #[test]
    fn nothing_is_taken_beyond_the_share() {
        let share = share(3, 2);
        let first = share.take().now_or_never().unwrap();
        let _second = share.take().now_or_never().unwrap();
        assert!(share.take().now_or_never().is_none());
        drop(first);
        assert!(share.take().now_or_never().is_some());
    }

    #[tokio::test]
    async fn of_those_who_wait_as_many_go_as_there_are_too_many() {
        let share = share(4, 1);
        let mut seats = Vec::new();
        for _ in 0..4 {
            seats.push(share.take().await);
        }
        share.set_processes(2);
        let gone = seats.iter_mut().filter_map(|seat| seat.until_surplus().now_or_never()).count();
        assert_eq!(gone, 2);
        drop(seats);
        let _all_of_it = (share.take().await, share.take().await);
        assert!(tokio::time::timeout(Duration::from_millis(10), share.take()).await.is_err());
    }
}
