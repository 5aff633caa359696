//! Where the `xml` keywords of a body stand.

use crate::schema::Document;
use std::fmt;

/// The document whose schemas say by the keyword `xml` how a body is written. Cheap to clone.
#[derive(Clone)]
pub struct Annotated(pub Document);

/// Bodies differ in what they say, not in where it is kept.
impl PartialEq for Annotated {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Annotated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Annotated")
    }
}
