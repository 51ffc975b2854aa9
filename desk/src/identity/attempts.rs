//! How often signing in may fail.
//!
//! The OWASP Authentication Cheat Sheet ("Account Lockout") has failures counted for the account and not for the address
//! they come from, since an attacker has many addresses. But then whoever knows an e-mail address can lock its owner
//! out, against which OWASP's "Slow Down Online Guessing Attacks with Device Cookies" sets a count of its own for
//! devices that the owner has used. Both hold here, with networks in the place of devices:
//!
//! - An account and a network together have few failures. This is what somebody feels who has forgotten a password.
//! - An account has more of them from all networks together, 100 in a row being what NIST SP 800-63B-4 (section 3.2.2)
//!   allows. A network from which its owner has signed in before is not subject to that, so that nobody elsewhere can
//!   lock the owner out of it.
//! - A network has a number of failures for all accounts, against few passwords tried on many accounts.
//!
//! Accounts that do not exist are counted like those that do, so that nothing is told. A wait is never longer than one
//! refill time. What is counted is kept in this process alone and is gone with it.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use domain::Time;
use domain::budget::Budget;

use super::SIGN_IN_LASTS;
use super::ledger::Ledger;

/// The failures of one account from one network.
const ACCOUNT_IN_NETWORK: Budget = Budget { attempts: 5, refill: TimeDelta::minutes(1) };
/// The failures of one account from all networks that it has not signed in from: 100, and 100 more within an hour.
const ACCOUNT: Budget = Budget { attempts: 100, refill: TimeDelta::seconds(36) };
/// The failures of one network with all accounts.
const NETWORK: Budget = Budget { attempts: 30, refill: TimeDelta::seconds(10) };
/// The refresh tokens from one network that are none. They cannot be guessed, so this only keeps the database free.
const RENEWAL: Budget = Budget { attempts: 60, refill: TimeDelta::seconds(1) };

/// All the addresses that one client can take at will, as one: an IPv4 address, or the first of an IPv6 /64.
type Network = IpAddr;

/// An account, as a hash under a key of this process: of one size whatever a client sends, and nobody's address.
type Account = u64;

/// One attempt to sign in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attempt {
    account: Account,
    network: Network,
}

/// What failed lately.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    hasher: RandomState,
    books: Mutex<Books>,
}

#[derive(Debug, Default)]
struct Books {
    accounts_in_networks: Ledger<(Account, Network)>,
    accounts: Ledger<Account>,
    networks: Ledger<Network>,
    renewals: Ledger<Network>,
    /// Until when a network counts as one that the owner of the account uses.
    familiar: Ledger<(Account, Network)>,
}

impl Attempts {
    /// An attempt with an e-mail address in its normal form.
    pub(super) fn attempt(&self, email: &str, network: Network) -> Attempt {
        Attempt { account: self.hasher.hash_one(email), network }
    }

    /// Whether the attempt may be made.
    ///
    /// # Errors
    /// How long to wait.
    pub(super) fn check(&self, attempt: Attempt, now: Time) -> Result<(), Duration> {
        allow(self.books().wait(attempt, now))
    }

    /// Counts the attempt as failed, unless it may not be made. To be done before the password is looked at, so that
    /// attempts side by side do not all pass before the first of them is counted.
    ///
    /// # Errors
    /// How long to wait.
    pub(super) fn begin(&self, attempt: Attempt, now: Time) -> Result<(), Duration> {
        let mut books = self.books();
        allow(books.wait(attempt, now))?;
        books.change(attempt, now, Budget::spend);
        Ok(())
    }

    /// The attempt has come to nothing for a reason that is not the client's: it does not count.
    pub(super) fn undo(&self, attempt: Attempt, now: Time) {
        self.books().change(attempt, now, Budget::give_back);
    }

    /// The password was right: the account has its whole budget again, and its owner is known to use this network. The
    /// network gets no more than its one attempt back, or else an attacker with an account could guess for ever.
    pub(super) fn granted(&self, attempt: Attempt, now: Time) {
        let Attempt { account, network } = attempt;
        let mut books = self.books();
        books.change(attempt, now, Budget::give_back);
        books.accounts_in_networks.remove((account, network));
        books.accounts.remove(account);
        books.familiar.set((account, network), now + SIGN_IN_LASTS, now);
    }

    /// Counts a refresh token as none, unless it may not be tried. To be done before it is looked up, so that attempts
    /// side by side do not all pass before the first of them is counted.
    ///
    /// # Errors
    /// How long to wait.
    pub(super) fn begin_renewal(&self, network: Network, now: Time) -> Result<(), Duration> {
        let mut books = self.books();
        let whole_at = books.renewals.get(network);
        allow(RENEWAL.wait(whole_at, now))?;
        books.renewals.set(network, RENEWAL.spend(whole_at, now), now);
        Ok(())
    }

    /// The refresh token was one, or could not be looked up: it does not count.
    pub(super) fn undo_renewal(&self, network: Network, now: Time) {
        let mut books = self.books();
        let whole_at = RENEWAL.give_back(books.renewals.get(network), now);
        books.renewals.set(network, whole_at, now);
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    fn wait(&self, attempt: Attempt, now: Time) -> TimeDelta {
        let Attempt { account, network } = attempt;
        let in_network = ACCOUNT_IN_NETWORK.wait(self.accounts_in_networks.get((account, network)), now);
        let of_network = NETWORK.wait(self.networks.get(network), now);
        let of_account = match self.is_familiar(attempt, now) {
            true => TimeDelta::zero(),
            false => ACCOUNT.wait(self.accounts.get(account), now),
        };
        in_network.max(of_network).max(of_account)
    }

    /// Changes every budget that the attempt draws on.
    fn change(&mut self, attempt: Attempt, now: Time, change: fn(&Budget, Option<Time>, Time) -> Time) {
        let Attempt { account, network } = attempt;
        let whole_at = change(&ACCOUNT_IN_NETWORK, self.accounts_in_networks.get((account, network)), now);
        self.accounts_in_networks.set((account, network), whole_at, now);
        let whole_at = change(&NETWORK, self.networks.get(network), now);
        self.networks.set(network, whole_at, now);
        if !self.is_familiar(attempt, now) {
            let whole_at = change(&ACCOUNT, self.accounts.get(account), now);
            self.accounts.set(account, whole_at, now);
        }
    }

    fn is_familiar(&self, attempt: Attempt, now: Time) -> bool {
        self.familiar.get((attempt.account, attempt.network)).is_some_and(|until| until > now)
    }
}

fn allow(wait: TimeDelta) -> Result<(), Duration> {
    match wait.to_std() {
        Ok(wait) if !wait.is_zero() => Err(wait),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: &str = "ada@example.com";

    fn at(seconds: i64) -> Time {
        Time::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    fn network(number: u32) -> Network {
        std::net::Ipv4Addr::from_bits(0x0a00_0000 + number).into()
    }

    /// Fails as often as it may at one moment.
    fn fail_until_stopped(attempts: &Attempts, email: &str, network: Network, now: Time) -> (usize, Duration) {
        let attempt = attempts.attempt(email, network);
        for failures in 0.. {
            if let Err(wait) = attempts.begin(attempt, now) {
                assert_eq!(attempts.check(attempt, now), Err(wait));
                return (failures, wait);
            }
        }
        unreachable!("the numbers do not end")
    }

    #[test]
    fn an_account_has_five_failures_from_one_network_and_then_one_a_minute() {
        let attempts = Attempts::default();
        let minute = Duration::from_secs(60);
        assert_eq!(fail_until_stopped(&attempts, OWNER, network(1), at(0)), (5, minute));
        assert_eq!(fail_until_stopped(&attempts, OWNER, network(1), at(59)), (0, Duration::from_secs(1)));
        assert_eq!(fail_until_stopped(&attempts, OWNER, network(1), at(60)), (1, minute));
        assert_eq!(fail_until_stopped(&attempts, OWNER, network(1), at(3600)), (5, minute));
    }

    #[test]
    fn every_other_network_and_account_goes_on() {
        let attempts = Attempts::default();
        fail_until_stopped(&attempts, OWNER, network(1), at(0));
        assert_eq!(attempts.check(attempts.attempt(OWNER, network(2)), at(0)), Ok(()));
        assert_eq!(attempts.check(attempts.attempt("bob@example.com", network(1)), at(0)), Ok(()));
    }

    #[test]
    fn a_right_password_gives_the_account_everything_back_and_the_network_only_its_own() {
        let attempts = Attempts::default();
        for round in 0..26 {
            let attempt = attempts.attempt(OWNER, network(1));
            attempts.begin(attempt, at(0)).unwrap();
            let right = attempts.attempt(OWNER, network(1));
            attempts.begin(right, at(0)).unwrap_or_else(|wait| panic!("round {round}: {wait:?}"));
            attempts.granted(right, at(0));
        }
        let (failures, wait) = fail_until_stopped(&attempts, "bob@example.com", network(1), at(0));
        assert_eq!((failures, wait), (4, Duration::from_secs(10)));
    }

    #[test]
    fn a_network_has_thirty_failures_with_all_accounts_together() {
        let attempts = Attempts::default();
        let failures = (0..100).filter(|number| {
            let email = format!("agent{number}@example.com");
            attempts.begin(attempts.attempt(&email, network(1)), at(0)).is_ok()
        });
        assert_eq!(failures.count(), 30);
    }

    #[test]
    fn an_account_has_a_hundred_failures_from_strange_networks_and_its_owner_gets_in_nevertheless() {
        let attempts = Attempts::default();
        let owner = attempts.attempt(OWNER, network(0));
        attempts.begin(owner, at(0)).unwrap();
        attempts.granted(owner, at(0));

        let failures: usize =
            (1..100).map(|number| fail_until_stopped(&attempts, OWNER, network(number), at(0)).0).sum();
        assert_eq!(failures, 100);
        let stranger = attempts.attempt(OWNER, network(200));
        assert_eq!(attempts.check(stranger, at(0)), Err(Duration::from_secs(36)));
        assert_eq!(attempts.check(owner, at(0)), Ok(()));
        // Where the owner signs in from stays known as long as the sign-in may last, and no longer.
        let later = at(0) + SIGN_IN_LASTS;
        for number in 1..100 {
            fail_until_stopped(&attempts, OWNER, network(number), later);
        }
        assert!(attempts.check(owner, later).is_err());
    }

    #[test]
    fn what_was_not_the_fault_of_the_client_does_not_count() {
        let attempts = Attempts::default();
        let attempt = attempts.attempt(OWNER, network(1));
        for _ in 0..200 {
            attempts.begin(attempt, at(0)).unwrap();
            attempts.undo(attempt, at(0));
        }
    }

    #[test]
    fn refresh_tokens_that_are_none_are_counted_apart() {
        let attempts = Attempts::default();
        for _ in 0..60 {
            attempts.begin_renewal(network(1), at(0)).unwrap();
        }
        assert_eq!(attempts.begin_renewal(network(1), at(0)), Err(Duration::from_secs(1)));
        attempts.undo_renewal(network(1), at(0));
        assert_eq!(attempts.begin_renewal(network(1), at(0)), Ok(()));
        assert_eq!(attempts.begin_renewal(network(2), at(0)), Ok(()));
        assert_eq!(attempts.check(attempts.attempt(OWNER, network(1)), at(0)), Ok(()));
    }
}
