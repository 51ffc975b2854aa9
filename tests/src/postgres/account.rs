//! The system account that a private cluster runs as.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use super::Unavailable;

/// An account without privileges: PostgreSQL refuses to run as root.
#[derive(Debug, Clone, Copy)]
pub(super) enum Account {
    /// The account of the tests.
    Own,
    /// Another one, taken because the tests run as root.
    Other { user_id: u32, group_id: u32 },
}

impl Account {
    /// The account of the tests, or for root `postgres` (which its packages create), or `nobody`.
    pub(super) fn unprivileged() -> Result<Self, Unavailable> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self::Own);
        }
        let other = |name| Some(Self::Other { user_id: look_up("-u", name)?, group_id: look_up("-g", name)? });
        other("postgres").or_else(|| other("nobody")).ok_or_else(|| {
            Unavailable(
                "PostgreSQL does not run as root, and there is no account `postgres` or `nobody` to run it as; \
                 run the tests as an ordinary user"
                    .to_owned(),
            )
        })
    }

    /// Makes `command` run as this account.
    pub(super) fn apply(self, command: &mut Command) {
        if let Self::Other { user_id, group_id } = self {
            command.uid(user_id).gid(group_id);
        }
    }

    /// Gives this account a file or directory.
    pub(super) fn own(self, path: &Path) -> io::Result<()> {
        match self {
            Self::Own => Ok(()),
            Self::Other { user_id, group_id } => std::os::unix::fs::chown(path, Some(user_id), Some(group_id)),
        }
    }
}

fn look_up(option: &str, name: &str) -> Option<u32> {
    let answer = Command::new("id").args([option, name]).output().ok()?;
    String::from_utf8(answer.stdout).ok()?.trim().parse().ok()
}
