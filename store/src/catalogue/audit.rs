//! Queries of the audit log.

use domain::WorkspaceId;
use domain::audit::{Entry, EntryFilter, NewEntry};
use domain::filter::Page;

use crate::error::Result;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// One page of a workspace's audit entries, newest first, in the order of reading from the asked end.
    audit_page = audit::page(workspace: WorkspaceId, filter: &EntryFilter, page: Page<i64>) -> Vec<Entry>;
    /// How many of a workspace's audit entries a filter lets through.
    audit_count = audit::count(workspace: WorkspaceId, filter: &EntryFilter) -> i64;
}

catalogue! { Tx:
    /// Adds an entry to the audit log.
    append_audit = audit::append(entry: &NewEntry) -> ();
}
