//! From a location to a document.

use crate::source::bundle::{bundle, may_leave};
use crate::source::decode::{decode, text_of};
use crate::source::fetch::{Fetched, fetch};
use crate::source::loaded::load;
use crate::source::location::{Place, place};
use crate::source::{Loaded, ReadOptions, SourceError, file};

/// Reads the document at `location`: a path, an `http(s)://` or `file://` URL, or `-` for standard input.
///
/// A URL is fetched with the headers of the options; redirects are followed on the same origin alone. Files that
/// the document refers to are read as well, as far as [`ReadOptions::remote_refs`] allows, and become part of it;
/// one that cannot be had is an issue.
pub async fn read(location: &str, options: &ReadOptions) -> Result<Loaded, SourceError> {
    let place = place(location)?;
    let (bytes, fetched) = match &place {
        Place::File(path) => (file::read(path, options).await?, None),
        Place::Stdin => (file::read_stdin(options).await?, None),
        Place::Web(url) => {
            let mut fetched = fetch(url, options).await?;
            (std::mem::take(&mut fetched.bytes), Some(fetched))
        }
    };
    // After redirects, the document is where they ended.
    let place = match &fetched {
        Some(Fetched { url, .. }) => Place::Web(url.clone()),
        None => place,
    };
    let location = place.to_string();
    let text = text_of(&location, bytes)?;
    let mut decoded = decode(&location, &text, options.max_copied)?;
    if !may_leave(&decoded.value) {
        return load(&location, text, decoded, None);
    }
    let root = decoded.value.take();
    let bundle = bundle(root, decoded.copied, &place, fetched.as_ref(), options).await;
    load(&location, text, decoded, Some(bundle))
}
