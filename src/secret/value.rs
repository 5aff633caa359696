//! A value whose `Debug` and `Display` show nothing of it.

use std::fmt;

/// A secret value, such as an API key.
///
/// It prints as `[secret]`; the only way to the value is [`Secret::expose`].
///
/// ```
/// use specwarden::secret::Secret;
/// let key = Secret::new("k-123".to_owned());
/// assert_eq!(format!("{key:?} {key}"), "[secret] [secret]");
/// assert_eq!(key.expose(), "k-123");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Hides `value`.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself, for the one place that needs it.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl<T> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}
