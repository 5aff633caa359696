//! From a location to a document.

use crate::source::location::{Place, place, shown};
use crate::source::{Loaded, ReadOptions, SourceError, fetch, file, read_text};

/// Reads the document at `location`: a path, an `http(s)://` or `file://` URL, or `-` for standard input.
///
/// A URL is fetched with the headers of the options; redirects are followed on the same origin alone.
pub async fn read(location: &str, options: &ReadOptions) -> Result<Loaded, SourceError> {
    let (bytes, location) = match place(location)? {
        Place::File(path) => (file::read(&path, options).await?, path),
        Place::Stdin => (file::read_stdin(options).await?, "-".to_owned()),
        Place::Web(url) => {
            let (bytes, url) = fetch::fetch(&url, options).await?;
            (bytes, url.to_string())
        }
    };
    let text = String::from_utf8(bytes).map_err(|error| SourceError::NotText {
        location: shown(&location),
        offset: error.utf8_error().valid_up_to(),
    })?;
    read_text(&location, &text)
}
