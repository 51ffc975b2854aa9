//! Automatic persisted queries: documents kept because clients sent them once, with their hash.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{owner::Owner, sha256::Sha256};

/// How much is kept.
#[derive(Debug, Clone)]
pub struct AutomaticQuota {
    /// Documents in all. None are kept if this is zero.
    pub documents: usize,
    /// Bytes of all documents.
    pub bytes: usize,
    /// Documents of one owner, which is an actor, or a network for those who have not signed in.
    pub documents_each: usize,
    /// Bytes of the documents of one owner.
    pub bytes_each: usize,
}

impl Default for AutomaticQuota {
    fn default() -> Self {
        Self { documents: 2_000, bytes: 8 * 1024 * 1024, documents_each: 500, bytes_each: 1024 * 1024 }
    }
}

/// The documents that are kept, within a quota.
///
/// An owner over its own share loses the document that was not used for longest. When all is full, whoever has most
/// loses one, so that nobody can push the documents of others out by sending many. A document that several clients
/// send counts for the first of them, and each use of it counts as use.
#[derive(Debug)]
pub(super) struct AutomaticDocuments {
    quota: AutomaticQuota,
    shelf: Mutex<Shelf>,
}

impl AutomaticDocuments {
    pub(super) fn new(quota: AutomaticQuota) -> Self {
        Self { quota, shelf: Mutex::default() }
    }

    /// The document of this hash, if it is kept.
    pub(super) fn get(&self, hash: Sha256) -> Option<Arc<str>> {
        self.shelf().take_up(hash)
    }

    /// Keeps a document. One that is larger than a share is not kept.
    pub(super) fn keep(&self, owner: Owner, hash: Sha256, text: Arc<str>) {
        let quota = &self.quota;
        if quota.documents.min(quota.documents_each) == 0 || text.len() > quota.bytes.min(quota.bytes_each) {
            return;
        }
        let mut shelf = self.shelf();
        if shelf.take_up(hash).is_some() {
            return;
        }
        shelf.put(owner.clone(), hash, text);
        while shelf.shares.get(&owner).is_some_and(|share| share.is_over(quota.documents_each, quota.bytes_each)) {
            shelf.remove_oldest_of(&owner);
        }
        while shelf.whole.is_over(quota.documents, quota.bytes) {
            let too_many = shelf.whole.documents > quota.documents;
            let Some(owner) = shelf.largest_owner(too_many) else { return };
            shelf.remove_oldest_of(&owner);
        }
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        // Whatever a panic left here is at worst a document too few.
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Default)]
struct Shelf {
    documents: HashMap<Sha256, Document>,
    shares: HashMap<Owner, Share>,
    whole: Share,
    /// Counts the uses, so that each has a place in their order.
    uses: u64,
}

#[derive(Debug)]
struct Document {
    text: Arc<str>,
    owner: Owner,
    last_use: u64,
}

#[derive(Debug, Default)]
struct Share {
    documents: usize,
    bytes: usize,
}

impl Share {
    fn is_over(&self, documents: usize, bytes: usize) -> bool {
        self.documents > documents || self.bytes > bytes
    }

    fn add(&mut self, text: &str) {
        self.documents += 1;
        self.bytes += text.len();
    }

    fn subtract(&mut self, text: &str) {
        self.documents -= 1;
        self.bytes -= text.len();
    }
}

impl Shelf {
    fn take_up(&mut self, hash: Sha256) -> Option<Arc<str>> {
        let document = self.documents.get_mut(&hash)?;
        self.uses += 1;
        document.last_use = self.uses;
        Some(Arc::clone(&document.text))
    }

    fn put(&mut self, owner: Owner, hash: Sha256, text: Arc<str>) {
        self.uses += 1;
        self.whole.add(&text);
        self.shares.entry(owner.clone()).or_default().add(&text);
        self.documents.insert(hash, Document { text, owner, last_use: self.uses });
    }

    /// Removes what an owner did not use for longest. It looks at all that is kept, which is little, and only when
    /// something new comes to a full shelf.
    fn remove_oldest_of(&mut self, owner: &Owner) {
        let of_owner = self.documents.iter().filter(|(_, document)| document.owner == *owner);
        let Some(oldest) = of_owner.min_by_key(|(_, document)| document.last_use).map(|(hash, _)| *hash) else {
            return;
        };
        let Some(Document { text, .. }) = self.documents.remove(&oldest) else { return };
        self.whole.subtract(&text);
        let Some(share) = self.shares.get_mut(owner) else { return };
        share.subtract(&text);
        if share.documents == 0 {
            self.shares.remove(owner);
        }
    }

    /// Who has most of what there is too much of.
    fn largest_owner(&self, too_many: bool) -> Option<Owner> {
        let size = |share: &Share| if too_many { share.documents } else { share.bytes };
        self.shares.iter().max_by_key(|(_, share)| size(share)).map(|(owner, _)| owner.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::{authentication::Caller, client_address::ClientAddress};

    /// Those below a hundred have not signed in.
    fn owner(number: u8) -> Owner {
        let anonymous = Caller::new().at(ClientAddress([192, 0, 2, number].into()));
        Owner::of(&if number < 100 { anonymous } else { anonymous.identified_by(number.to_string()) })
    }

    const ADA: u8 = 101;
    const BOB: u8 = 102;
    const EVE: u8 = 103;

    fn shelf(documents: usize, bytes: usize, documents_each: usize, bytes_each: usize) -> AutomaticDocuments {
        AutomaticDocuments::new(AutomaticQuota { documents, bytes, documents_each, bytes_each })
    }

    fn keep(kept: &AutomaticDocuments, number: u8, text: &str) {
        kept.keep(owner(number), Sha256::of(text), text.into());
    }

    fn has(kept: &AutomaticDocuments, text: &str) -> bool {
        kept.shelf().documents.contains_key(&Sha256::of(text))
    }

    #[test]
    fn a_full_share_loses_what_was_not_used_for_longest() {
        let kept = shelf(9, 999, 2, 999);
        keep(&kept, ADA, "{a}");
        keep(&kept, ADA, "{b}");
        assert_eq!(kept.get(Sha256::of("{a}")).as_deref(), Some("{a}"));
        keep(&kept, ADA, "{c}");
        assert!(has(&kept, "{a}") && !has(&kept, "{b}") && has(&kept, "{c}"));
    }

    #[test]
    fn bytes_count_as_well() {
        let kept = shelf(9, 12, 9, 6);
        keep(&kept, ADA, "{a}");
        keep(&kept, ADA, "{b}");
        keep(&kept, ADA, "{cc}");
        assert!(!has(&kept, "{a}") && !has(&kept, "{b}") && has(&kept, "{cc}"));
        keep(&kept, ADA, "{ddddd}");
        assert!(!has(&kept, "{ddddd}") && has(&kept, "{cc}"), "larger than a share");
        keep(&kept, BOB, "{ee}");
        keep(&kept, EVE, "{fff}");
        assert!(has(&kept, "{cc}") && has(&kept, "{ee}") && !has(&kept, "{fff}"), "who has most loses it");
    }

    #[test]
    fn one_who_sends_many_pushes_out_nobody_else() {
        let kept = shelf(4, 999, 4, 999);
        keep(&kept, ADA, "{a}");
        for number in 0..100 {
            keep(&kept, EVE, &format!("{{e{number}}}"));
        }
        assert!(has(&kept, "{a}") && has(&kept, "{e99}"));
        keep(&kept, BOB, "{b}");
        assert!(has(&kept, "{a}") && has(&kept, "{b}"));
        assert_eq!(kept.shelf().documents.len(), 4);
    }

    #[test]
    fn the_accounts_add_up_and_nothing_is_left_of_those_who_lost_all() {
        let kept = shelf(3, 999, 2, 999);
        for number in 0..50 {
            keep(&kept, number % 7, &format!("{{f{number}}}"));
            keep(&kept, ADA, "{shared}");
        }
        let shelf = kept.shelf();
        assert_eq!(shelf.documents.len(), 3);
        assert_eq!(shelf.shares.values().map(|share| share.documents).sum::<usize>(), 3);
        assert_eq!(shelf.whole.bytes, shelf.documents.values().map(|document| document.text.len()).sum::<usize>());
    }

    #[test]
    fn a_quota_of_nothing_keeps_nothing() {
        let kept = shelf(0, 999, 9, 999);
        keep(&kept, ADA, "{a}");
        assert!(!has(&kept, "{a}"));
    }
}
