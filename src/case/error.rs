//! Why a case cannot become a request.

use crate::spec::Location;

/// Why a case cannot become a request. The case is then skipped and counted, never bent into another one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// The base URL is not an absolute `http` or `https` URL without query and fragment.
    #[error("use `{url}` as the base URL: not an absolute http(s) URL without query and fragment")]
    BaseUrl {
        /// The text that was given.
        url: String,
    },
    /// The path template names a parameter that the case does not set.
    #[error("fill the path: the case has no value for path parameter `{name}`")]
    MissingPathParameter {
        /// The parameter.
        name: String,
    },
    /// A path parameter's value leaves a segment that is empty, `.` or `..`: URL libraries and servers rewrite such paths.
    #[error("fill the path: path parameter `{name}` renders as `{text}`, which would change the path")]
    PathRewritten {
        /// The parameter.
        name: String,
        /// What it renders as.
        text: String,
    },
    /// A required parameter whose value leaves no trace on the wire, such as an empty list.
    #[error("write {location} parameter `{name}`: its empty value cannot be told from a missing one")]
    Vanishes {
        /// Where it travels.
        location: Location,
        /// The parameter.
        name: String,
    },
    /// HTTP cannot carry this.
    #[error("send {part}: {reason}")]
    Unsendable {
        /// Which part of the request, e.g. `header parameter x-trace`.
        part: String,
        /// Why not.
        reason: String,
    },
    /// The media type cannot express the value.
    #[error("write the body as `{media_type}`: {reason}")]
    Body {
        /// The body's media type.
        media_type: String,
        /// Why not.
        reason: String,
    },
}
