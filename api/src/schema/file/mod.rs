//! Files that agents have uploaded.

mod loader;
mod object;

pub(crate) use loader::FileById;
pub(crate) use object::File;
