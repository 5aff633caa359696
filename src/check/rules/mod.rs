//! One rule, one file.
//!
//! A file's module doc is the rule's page. A rule must never send, print, or depend on another rule's result.

pub(crate) mod auth_ignored;
pub(crate) mod challenge_missing;
pub(crate) mod created_resource_missing;
pub(crate) mod created_value_lost;
pub(crate) mod deleted_resource_available;
pub(crate) mod error_leak;
pub(crate) mod inverted_range_accepted;
pub(crate) mod key_scope;
pub(crate) mod location_broken;
pub(crate) mod negative_data_accepted;
pub(crate) mod pagination_repeats_item;
pub(crate) mod positive_data_rejected;
pub(crate) mod put_not_idempotent;
pub(crate) mod response_header_mismatch;
pub(crate) mod response_schema_mismatch;
pub(crate) mod revoked_key_accepted;
pub(crate) mod server_error;
pub(crate) mod slow_response;
pub(crate) mod undocumented_content_type;
pub(crate) mod undocumented_status;
pub(crate) mod update_lost;
