//! Why a document cannot be read as an API at all.

/// The document is not one this tool can use. Bad corners of a usable document are [`Issue`]s instead.
///
/// [`Issue`]: crate::spec::Issue
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpecError {
    /// The root is a list, a text, a number.
    #[error("read the document: its root is {found}, not an object")]
    NotAnObject {
        /// What the root is instead.
        found: &'static str,
    },
    /// An object, but neither `swagger` nor `openapi` names a version.
    #[error("recognise the document: {found}")]
    NotAnApi {
        /// What it seems to be.
        found: String,
        /// How to go on.
        hint: &'static str,
    },
    /// An API document in a version that is not understood.
    #[error("understand the document: version {version} is not supported")]
    UnsupportedVersion {
        /// The version as written.
        version: String,
        /// How to go on.
        hint: &'static str,
    },
}

impl SpecError {
    /// How to fix it, a lower-case fragment.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotAnObject { .. } => "give a Swagger 2.0 or OpenAPI 3.x document",
            Self::NotAnApi { hint, .. } | Self::UnsupportedVersion { hint, .. } => hint,
        }
    }
}
