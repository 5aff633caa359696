//! One rule, one file.
//!
//! A file's module doc is the rule's page. A rule must never send, print, or depend on another rule's result.

pub(crate) mod allow_missing;
pub(crate) mod auth_ignored;
pub(crate) mod caching_headers_broken;
pub(crate) mod challenge_missing;
pub(crate) mod charset_mismatch;
pub(crate) mod content_coding_broken;
pub(crate) mod created_resource_missing;
pub(crate) mod created_value_lost;
pub(crate) mod deleted_resource_available;
pub(crate) mod deleted_resource_listed;
pub(crate) mod error_leak;
pub(crate) mod etag_not_renewed;
pub(crate) mod existence_revealed;
pub(crate) mod filter_ignored;
pub(crate) mod foreign_object_served;
pub(crate) mod head_mismatch;
pub(crate) mod key_scope;
pub(crate) mod location_broken;
pub(crate) mod misused_status;
pub(crate) mod negative_data_accepted;
pub(crate) mod not_modified_wrongly;
pub(crate) mod page_limit_exceeded;
pub(crate) mod pagination_repeats_item;
pub(crate) mod pagination_skips_item;
pub(crate) mod pagination_total_wrong;
pub(crate) mod patch_changes_unsent;
pub(crate) mod positive_data_rejected;
pub(crate) mod put_keeps_omitted;
pub(crate) mod put_not_idempotent;
pub(crate) mod read_only_value_stored;
pub(crate) mod refused_creation_kept;
pub(crate) mod refused_write_has_effect;
pub(crate) mod response_header_mismatch;
pub(crate) mod response_schema_mismatch;
pub(crate) mod revoked_key_accepted;
pub(crate) mod server_error;
pub(crate) mod slow_response;
pub(crate) mod stale_write_accepted;
pub(crate) mod undocumented_content_type;
pub(crate) mod undocumented_method;
pub(crate) mod undocumented_status;
pub(crate) mod update_lost;
pub(crate) mod valid_key_refused;
pub(crate) mod wrong_parent_accepted;
