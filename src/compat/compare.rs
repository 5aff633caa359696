//! The room's door.

use crate::compat::gather::gather;
use crate::compat::options::CompatOptions;
use crate::compat::walk::walk;
use crate::finding::Finding;
use crate::spec::Api;
use std::sync::Arc;

/// What breaks for clients of `old` when the API becomes `new`: errors first, then by rule and place.
///
/// Equal inputs give equal findings, byte for byte. A cause that several operations share is one finding without
/// an operation, whose places list them.
///
/// ```
/// use serde_json::json;
/// use specwarden::{compat, spec};
/// let version = |limit: serde_json::Value| {
///     let (api, _) = spec::parse(json!({
///         "openapi": "3.0.3",
///         "info": {"title": "pets", "version": "1"},
///         "paths": {"/pets": {"get": {"parameters": [limit], "responses": {"204": {"description": "none"}}}}}
///     })).unwrap();
///     api
/// };
/// let old = version(json!({"name": "limit", "in": "query", "schema": {"type": "integer"}}));
/// let new = version(json!({"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}}));
/// let findings = compat::compare(&old, &new, &compat::CompatOptions::default());
/// assert_eq!(findings[0].title, "query parameter `limit` of GET /pets has a tighter `maximum`: 100, was none");
/// ```
pub fn compare(old: &Api, new: &Api, options: &CompatOptions) -> Vec<Finding> {
    if Arc::ptr_eq(old.document.root(), new.document.root()) {
        return Vec::new();
    }
    gather(walk(old, new, options), old, new, options)
}
