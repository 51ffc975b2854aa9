//! Queries of tags, and of links that bring customers with tags.

use domain::filter::Page;
use domain::{DiversionLink, DiversionLinkId, ProjectId, SessionId, Tag, TagId};

use crate::error::Result;
use crate::people::{NewDiversionLink, NewTag};
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// The tags with these identifiers, in no order.
    tags = tags::many(ids: &[i64]) -> Vec<Tag>;
    /// Every tag of a project, by name.
    tags_of_project = tags::of_project(project: ProjectId) -> Vec<Tag>;
    /// The tags of these sessions, by name.
    tags_of_sessions = tags::of_sessions(sessions: &[i64]) -> Vec<(SessionId, Tag)>;
    /// The diversion links with these identifiers, in no order.
    diversion_links = diversion::many(ids: &[i64]) -> Vec<DiversionLink>;
    /// The diversion link with a code in a project.
    diversion_link_by_code = diversion::by_code(project: ProjectId, code: &str) -> Option<DiversionLink>;
    /// One page of a project's diversion links, newest first, in the order of reading from the asked end.
    diversion_link_page = diversion::page(project: ProjectId, page: Page<DiversionLinkId>) -> Vec<DiversionLink>;
    /// How many diversion links a project has.
    diversion_link_count = diversion::count(project: ProjectId) -> i64;
}

catalogue! { Tx:
    /// Adds a tag.
    insert_tag = tags::insert(tag: &NewTag) -> Tag;
    /// Gives a session a tag. Answers whether it did not have it.
    add_session_tag = tags::add(session: SessionId, tag: TagId) -> bool;
    /// Takes a tag from a session. Answers whether it had it.
    remove_session_tag = tags::remove(session: SessionId, tag: TagId) -> bool;
    /// Adds a diversion link.
    insert_diversion_link = diversion::insert(link: &NewDiversionLink) -> DiversionLink;
    /// Writes everything about a diversion link that people can change, under the next version.
    update_diversion_link = diversion::update(link: &DiversionLink) -> DiversionLink;
    /// Counts that somebody came by a diversion link.
    count_diversion = diversion::count_use(id: DiversionLinkId) -> ();
}
