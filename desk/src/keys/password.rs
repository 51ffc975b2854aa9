//! Passwords: hashed with Argon2id, checked without telling which accounts exist.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread::available_parallelism;

use argon2::password_hash;
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinError, spawn_blocking};

use super::random::random_bytes;

/// Memory of one hashing, in KiB. This and the next two are the first choice of the OWASP
/// Password Storage Cheat Sheet.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over the memory.
const PASSES: u32 = 2;
/// Lanes that could be filled in parallel.
const LANES: u32 = 1;
/// The length of a salt in bytes, as RFC 9106 recommends.
const SALT_BYTES: usize = 16;

/// The shortest password that can be set, in bytes of UTF-8.
pub const SHORTEST_PASSWORD_BYTES: usize = 8;
/// The longest password that can be set or tried, in bytes of UTF-8.
pub const LONGEST_PASSWORD_BYTES: usize = 1024;

/// The most hashings at once, so that they take no more than 38 MiB and leave cores for other work.
const MOST_AT_ONCE: usize = 2;
/// How many callers may wait for their turn. At 20 ms for a hashing, the last of them waits for a third of a second.
const MOST_WAITING: usize = 32;

/// A hash that costs as much as a real one and that no password is known for.
const DUMMY_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA\
                          $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Crockford's base32 in lower case: no `i`, `l`, `o` or `u`, so nothing to mistake when read
/// from a terminal.
const UNAMBIGUOUS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Hashes and checks passwords.
///
/// One hashing takes about 20 ms of a core and 19 MiB. It runs on the blocking threads of the
/// runtime, only so many at once as there are permits, and only so many wait as there are places,
/// so that a burst of sign-ins fills neither the memory nor the blocking threads, and nobody waits
/// behind more of them than can be worked off soon. Clones share the permits and the places.
#[derive(Debug, Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

/// The turn of one caller to hash: nobody else gets it until it is dropped and its work has ended.
#[derive(Debug)]
pub struct Turn(Arc<[OwnedSemaphorePermit; 2]>);

/// The outcome of checking a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum PasswordCheck {
    /// The password is wrong.
    Wrong,
    /// The password is right.
    Right,
    /// The password is right, but hashed with other parameters than today's: hash it again.
    RightNeedsRehash,
}

impl PasswordCheck {
    /// Whether the password is right.
    pub fn is_right(self) -> bool {
        self != Self::Wrong
    }
}

impl Passwords {
    /// Allows so many hashings at once, and so many callers to wait for their turn.
    pub fn new(at_once: NonZeroUsize, waiting: usize) -> Self {
        let permits = at_once.get().min(Semaphore::MAX_PERMITS / 2);
        let places = permits + waiting.min(Semaphore::MAX_PERMITS / 2);
        Self { permits: Arc::new(Semaphore::new(permits)), places: Arc::new(Semaphore::new(places)) }
    }

    /// Waits for the caller's turn.
    ///
    /// # Errors
    /// [`PasswordError::Busy`], at once, when too many wait already.
    pub async fn turn(&self) -> Result<Turn, PasswordError> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| PasswordError::Busy)?;
        let permit = Arc::clone(&self.permits).acquire_owned().await.expect("the semaphore is never closed");
        Ok(Turn(Arc::new([permit, place])))
    }

    /// Hashes a new password into a PHC string to store.
    ///
    /// # Errors
    /// [`PasswordError::Rule`] when the password may not be set; the other kinds when this
    /// server cannot hash at the moment.
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        check_password_rules(password)?;
        self.turn().await?.hash(password).await
    }
}

impl Default for Passwords {
    /// Allows two hashings at once, or one if there is but one core.
    fn default() -> Self {
        let cores = available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let most = NonZeroUsize::new(MOST_AT_ONCE).expect("two is not nothing");
        Self::new(cores.min(most), MOST_WAITING)
    }
}

impl Turn {
    /// Hashes a new password; see [`Passwords::hash`].
    ///
    /// # Errors
    /// The same as there, but for `Busy`.
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        check_password_rules(password)?;
        let password = password.to_owned();
        self.run(move || {
            let hash = argon2id().hash_password_with_salt(password.as_bytes(), &random_bytes::<SALT_BYTES>())?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Checks a password against the stored PHC string.
    ///
    /// # Errors
    /// [`PasswordError::StoredHash`] when the stored string is unusable; the other kinds when
    /// this server cannot hash at the moment.
    pub async fn verify(&self, password: &str, stored: &str) -> Result<PasswordCheck, PasswordError> {
        // Nobody can have set such a password, and a megabyte of it is not worth hashing.
        if password.len() > LONGEST_PASSWORD_BYTES {
            return Ok(PasswordCheck::Wrong);
        }
        let password = password.to_owned();
        let stored = parse_stored(stored).ok_or(PasswordError::StoredHash)?;
        self.run(move || match argon2id().verify_password(password.as_bytes(), &stored) {
            Ok(()) if is_current(&stored) => Ok(PasswordCheck::Right),
            Ok(()) => Ok(PasswordCheck::RightNeedsRehash),
            Err(password_hash::Error::PasswordInvalid) => Ok(PasswordCheck::Wrong),
            Err(password_hash::Error::OutOfMemory) => Err(password_hash::Error::OutOfMemory.into()),
            Err(_) => Err(PasswordError::StoredHash),
        })
        .await
    }

    /// Takes as long as [`Turn::verify`], for an account that does not exist. Without it
    /// the time of an answer would tell which addresses have accounts.
    ///
    /// # Errors
    /// The same as for `verify`.
    pub async fn verify_dummy(&self, password: &str) -> Result<(), PasswordError> {
        self.verify(password, DUMMY_HASH).await.map(|_| ())
    }

    /// Runs the work on a blocking thread. The turn goes with it, because the work goes on when
    /// the caller is cancelled.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let turn = Arc::clone(&self.0);
        spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        })
        .await?
    }
}

/// Checks whether a password may be set.
///
/// # Errors
/// [`PasswordRule`] names the rule that it breaks.
pub fn check_password_rules(password: &str) -> Result<(), PasswordRule> {
    if password.len() < SHORTEST_PASSWORD_BYTES {
        Err(PasswordRule::TooShort)
    } else if password.len() > LONGEST_PASSWORD_BYTES {
        Err(PasswordRule::TooLong)
    } else {
        Ok(())
    }
}

/// Draws a password for the first start: 20 characters in four groups, 100 bits.
pub fn random_password() -> String {
    let characters = random_bytes::<20>()
        // The alphabet has 32 characters, so the low five bits choose evenly.
        .map(|byte| char::from(UNAMBIGUOUS[usize::from(byte & 31)]));
    characters.chunks(5).map(String::from_iter).collect::<Vec<_>>().join("-")
}

/// The rule that a new password breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRule {
    /// It is easy to guess.
    #[error("the password is too short; use at least {SHORTEST_PASSWORD_BYTES} characters")]
    TooShort,
    /// It is longer than anybody types.
    #[error("the password is too long; use at most {LONGEST_PASSWORD_BYTES} bytes")]
    TooLong,
}

/// Why a password could not be hashed or checked.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The password may not be set.
    #[error(transparent)]
    Rule(#[from] PasswordRule),
    /// Too many callers wait for their turn.
    #[error("too many passwords are being checked at this moment; try again in a second")]
    Busy,
    /// The stored string is not a usable PHC string.
    #[error("the stored password hash is damaged; set a new password for this account")]
    StoredHash,
    /// The hashing failed, most likely because no memory was left.
    #[error("the password could not be hashed ({0}); try again when the server has free memory")]
    Hashing(#[from] password_hash::Error),
    /// The hashing was not run to its end, most likely because the server is stopping.
    #[error("the password was not checked, most likely because the server is stopping; try again")]
    Interrupted(#[from] JoinError),
}

fn argon2id() -> Argon2<'static> {
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are within the bounds of RFC 9106");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Reads a PHC string that has something to compare with.
fn parse_stored(stored: &str) -> Option<PasswordHash> {
    PasswordHash::new(stored).ok().filter(|hash| hash.salt.is_some() && hash.hash.is_some())
}

/// Whether a stored hash was made with today's algorithm and parameters.
fn is_current(stored: &PasswordHash) -> bool {
    let costs = ["m", "t", "p"].map(|name| stored.params.get_decimal(name));
    stored.algorithm == ARGON2ID_IDENT
        && stored.version == Some(Version::V0x13.into())
        && costs == [MEMORY_KIB, PASSES, LANES].map(Some)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Made with weaker parameters: "correct horse" with Argon2id, m=8, t=1.
    fn weak_hash(algorithm: Algorithm) -> String {
        let params = Params::new(8, 1, 1, None).unwrap();
        Argon2::new(algorithm, Version::V0x13, params)
            .hash_password_with_salt(b"correct horse", &[7; SALT_BYTES])
            .unwrap()
            .to_string()
    }

    #[tokio::test]
    async fn the_right_password_is_right_and_a_wrong_one_is_wrong() {
        let passwords = Passwords::default();
        let stored = passwords.hash("correct horse").await.unwrap();
        let turn = passwords.turn().await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let right = turn.verify("correct horse", &stored).await.unwrap();
        assert_eq!(right, PasswordCheck::Right);
        for wrong in ["Correct horse", "correct horse ", "", &"x".repeat(1_000_000)] {
            let check = turn.verify(wrong, &stored).await.unwrap();
            assert!(!check.is_right());
        }
    }

    #[tokio::test]
    async fn the_same_password_gets_another_hash_each_time() {
        let passwords = Passwords::default();
        let first = passwords.hash("correct horse").await.unwrap();
        assert_ne!(first, passwords.hash("correct horse").await.unwrap());
    }

    #[tokio::test]
    async fn a_hash_with_other_parameters_is_right_and_needs_a_new_one() {
        let turn = Passwords::default().turn().await.unwrap();
        for algorithm in [Algorithm::Argon2id, Algorithm::Argon2i] {
            let stored = weak_hash(algorithm);
            let right = turn.verify("correct horse", &stored).await.unwrap();
            assert_eq!(right, PasswordCheck::RightNeedsRehash);
            let wrong = turn.verify("wrong horse", &stored).await.unwrap();
            assert_eq!(wrong, PasswordCheck::Wrong);
        }
    }

    #[tokio::test]
    async fn a_damaged_stored_hash_is_an_error_and_not_a_wrong_password() {
        let turn = Passwords::default().turn().await.unwrap();
        let salt_and_hash = DUMMY_HASH.split_once("p=1").unwrap().1;
        for stored in [
            String::new(),
            "secret".to_owned(),
            "$argon2id$v=19".to_owned(),
            "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
            format!("$argon2id$v=19$m=0,t=2,p=1{salt_and_hash}"),
            format!("$argon2id$v=18$m=19456,t=2,p=1{salt_and_hash}"),
            format!("$bcrypt$v=19{salt_and_hash}"),
        ] {
            let error = turn.verify("correct horse", &stored).await.unwrap_err();
            assert!(matches!(error, PasswordError::StoredHash), "{stored:?}: {error:?}");
        }
    }

    #[test]
    fn the_dummy_costs_as_much_as_a_real_hash() {
        let dummy = PasswordHash::new(DUMMY_HASH).unwrap();
        assert!(is_current(&dummy));
        assert_eq!(dummy.salt.unwrap().len(), SALT_BYTES);
        assert_eq!(dummy.hash.unwrap().len(), Params::DEFAULT_OUTPUT_LEN);
    }

    #[tokio::test]
    async fn the_dummy_can_be_checked_with_anything() {
        let turn = Passwords::default().turn().await.unwrap();
        for password in ["", "correct horse", &"x".repeat(1_000_000)] {
            turn.verify_dummy(password).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_password_that_breaks_a_rule_is_not_hashed() {
        let passwords = Passwords::default();
        for (password, rule) in [
            (String::new(), PasswordRule::TooShort),
            ("x".repeat(7), PasswordRule::TooShort),
            ("x".repeat(1025), PasswordRule::TooLong),
        ] {
            let error = passwords.hash(&password).await.unwrap_err();
            assert!(matches!(error, PasswordError::Rule(broken) if broken == rule), "{error:?}");
        }
        assert_eq!(check_password_rules(&"x".repeat(8)), Ok(()));
        assert_eq!(check_password_rules(&"x".repeat(1024)), Ok(()));
    }

    /// One hashing at once, and one that waits.
    fn narrow() -> Passwords {
        Passwords::new(NonZeroUsize::MIN, 1)
    }

    const A_MOMENT: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn work_waits_for_its_turn_and_a_cancelled_caller_keeps_its_own() {
        let passwords = narrow();
        let (release, released) = std::sync::mpsc::channel::<()>();
        let turn = passwords.turn().await.unwrap();
        let first =
            tokio::spawn(async move { turn.run(move || released.recv().map_err(|_| PasswordError::Busy)).await });
        tokio::task::yield_now().await;
        first.abort();
        assert!(first.await.unwrap_err().is_cancelled());
        let second = tokio::time::timeout(A_MOMENT, passwords.turn());
        assert!(second.await.is_err(), "a turn was given while the first one lasted");
        release.send(()).unwrap();
        passwords.turn().await.unwrap();
    }

    #[tokio::test]
    async fn nobody_waits_behind_a_full_queue() {
        let passwords = narrow();
        let turn = passwords.turn().await.unwrap();
        let waiting = tokio::spawn({
            let passwords = passwords.clone();
            async move { passwords.turn().await }
        });
        tokio::task::yield_now().await;
        assert!(matches!(passwords.turn().await, Err(PasswordError::Busy)));
        assert!(matches!(passwords.hash("correct horse").await, Err(PasswordError::Busy)));
        // A caller who goes away makes room, and so does one whose turn is over.
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled());
        let waiting = tokio::time::timeout(A_MOMENT, passwords.turn());
        assert!(waiting.await.is_err());
        drop(turn);
        passwords.turn().await.unwrap();
    }

    #[test]
    fn a_random_password_is_easy_to_read_and_keeps_the_rules() {
        let password = random_password();
        assert_ne!(password, random_password());
        assert_eq!(check_password_rules(&password), Ok(()));
        let groups: Vec<&str> = password.split('-').collect();
        assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [5; 4]);
        assert!(groups.concat().bytes().all(|byte| UNAMBIGUOUS.contains(&byte)));
    }
}
