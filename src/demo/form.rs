//! Multipart forms, taken apart into fields. It does not know which fields are wanted.

use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::extract::FromRequest;
use axum::extract::Multipart;
use axum::extract::Request;
use bytes::Bytes;

/// One part of a form.
#[derive(Debug, Clone)]
pub(crate) struct FormField {
    /// Name of the field.
    pub(crate) name: String,
    /// Name of the file, if the part is one.
    pub(crate) file_name: Option<String>,
    /// The content.
    pub(crate) content: Bytes,
}

/// The form is not well-formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BrokenForm;

/// Reads every field of a form.
pub(crate) async fn read_form(content_type: &str, body: Bytes) -> Result<Vec<FormField>, BrokenForm> {
    let mut request = Request::builder()
        .header("content-type", content_type)
        .body(Body::from(body))
        .map_err(|_| BrokenForm)?;
    // The size has been limited before; the extractor's own limit of 2 MB is too low here.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut multipart = Multipart::from_request(request, &()).await.map_err(|_| BrokenForm)?;
    let mut fields = Vec::new();
    while let Some(field) = multipart.next_field().await.map_err(|_| BrokenForm)? {
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let content = field.bytes().await.map_err(|_| BrokenForm)?;
        fields.push(FormField { name, file_name, content });
    }
    Ok(fields)
}
