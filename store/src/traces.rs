//! How far the tables go in which somebody may be mentioned.

/// The newest row of each table that is looked through for what mentions somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks {
    /// The newest update.
    pub update: i64,
    /// The newest message.
    pub message: i64,
    /// The newest call.
    pub call: i64,
}
