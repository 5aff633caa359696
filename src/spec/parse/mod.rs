//! From parsed JSON to [`Api`]: structure through typed nodes, schemas left raw.
//!
//! Every parameter, body, response, header, media type and security scheme is cut out as a small skeleton in
//! the shape of OpenAPI 3.0 (each schema replaced by a reference to its own pointer) and read with `openapiv3`,
//! one node at a time; Swagger 2.0 nodes are brought into that shape first. A node that cannot be read becomes
//! an [`Issue`] and only that part is set aside.
//! Nothing here may panic on any input, follow a reference out of the document, or change a schema.
//!
//! [`Api`]: crate::spec::Api
//! [`Issue`]: crate::spec::Issue

mod address;
mod content;
mod document;
mod encoding;
mod example;
mod fit;
mod form;
mod gathered;
mod link;
mod media;
mod method;
mod operation;
mod parameter;
mod path;
#[cfg(test)]
mod real_documents;
mod references;
mod response;
mod sample;
mod scan;
mod security;
mod sequence;
mod server;
mod skeleton;
mod swagger;
#[cfg(test)]
mod tests;
mod trail;
mod type_names;
mod version;
mod walk;

pub use document::parse;
pub(crate) use walk::LEADS_NOWHERE;
