//! Where files that a document refers to stand inside it, once it was made one.
//!
//! `source` embeds them, everybody else finds them by reference like any other node. What is known here is the
//! layout alone; nothing here reads a file.

use crate::schema::Pointer;

/// The member of the root under which everything stands that the document does not hold itself.
pub(crate) const OWN: &str = "x-specwarden";
/// The member of [`OWN`] that maps the names of files to what they hold.
pub(crate) const FILES: &str = "files";
/// The member of [`OWN`] that is never there: references to files that cannot be had lead into it.
pub(crate) const UNREAD: &str = "unread";

impl Pointer {
    /// Where the file called `name` stands.
    pub(crate) fn to_file(name: &str) -> Self {
        Self::root().push(OWN).push(FILES).push(name)
    }

    /// Where a reference into a file leads that cannot be had.
    pub(crate) fn to_unread(name: &str) -> Self {
        Self::root().push(OWN).push(UNREAD).push(name)
    }

    /// Whether a reference there leads into a file that cannot be had.
    pub(crate) fn is_unread(&self) -> bool {
        self.within(UNREAD).is_some()
    }

    /// The file that it points into, if that is not the root document, and the pointer inside that file.
    ///
    /// ```
    /// use specwarden::schema::Pointer;
    /// let pointer = Pointer::parse("/x-specwarden/files/schemas~1pet.yaml/properties/id").unwrap();
    /// assert_eq!(pointer.in_file(), (Some("schemas/pet.yaml".to_owned()), "/properties/id"));
    /// ```
    pub fn in_file(&self) -> (Option<String>, &str) {
        match self.within(FILES) {
            Some((name, rest)) => (Some(name), rest),
            None => (None, self.as_str()),
        }
    }

    /// The pointer as people know it: `pet.yaml#/properties/id` in an embedded file, `#/paths/~1pets` in the root.
    ///
    /// ```
    /// use specwarden::schema::Pointer;
    /// let pointer = Pointer::parse("/x-specwarden/files/schemas~1pet.yaml/properties/id").unwrap();
    /// assert_eq!(pointer.shown(), "schemas/pet.yaml#/properties/id");
    /// ```
    pub fn shown(&self) -> String {
        match self.within(FILES).or_else(|| self.within(UNREAD)) {
            Some((name, "")) => name,
            Some((name, rest)) => format!("{name}#{rest}"),
            None => format!("#{}", self.as_str()),
        }
    }

    /// The name of the file under `member`, and the pointer inside it.
    fn within(&self, member: &str) -> Option<(String, &str)> {
        let rest = self.as_str().strip_prefix('/')?.strip_prefix(OWN)?;
        let rest = rest.strip_prefix('/')?.strip_prefix(member)?.strip_prefix('/')?;
        let (name, inner) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let name = Self::parse(&format!("/{name}"))?.last()?;
        Some((name, inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_shown_by_file() {
        let check = |pointer: Pointer, expected: &str| assert_eq!(pointer.shown(), expected);
        check(Pointer::root().push("paths"), "#/paths");
        check(Pointer::root(), "#");
        check(Pointer::to_file("../a~b.yaml"), "../a~b.yaml");
        check(Pointer::to_file("a/b.yaml").push("x/y"), "a/b.yaml#/x~1y");
        check(Pointer::to_unread("https://h/x").push("z"), "https://h/x#/z");
        check(Pointer::root().push(OWN).push("forms").push(0), "#/x-specwarden/forms/0");
        assert!(Pointer::to_unread("a").is_unread() && !Pointer::to_file("a").is_unread());
    }
}
