//! One rule, one file: page, constant, judgement, proof. The catalogue lists them.

pub(crate) mod operation_removed;
pub(crate) mod parameter_style_changed;
pub(crate) mod request_additional_properties_closed;
pub(crate) mod request_body_became_required;
pub(crate) mod request_constraint_tightened;
pub(crate) mod request_enum_narrowed;
pub(crate) mod request_media_type_removed;
pub(crate) mod request_parameter_added_required;
pub(crate) mod request_parameter_became_required;
pub(crate) mod request_parameter_removed;
pub(crate) mod request_property_became_required;
pub(crate) mod request_property_removed;
pub(crate) mod request_type_narrowed;
pub(crate) mod response_constraint_loosened;
pub(crate) mod response_enum_widened;
pub(crate) mod response_header_removed;
pub(crate) mod response_media_type_removed;
pub(crate) mod response_property_became_nullable;
pub(crate) mod response_property_became_optional;
pub(crate) mod response_property_removed;
pub(crate) mod response_status_removed;
pub(crate) mod response_type_widened;
pub(crate) mod security_tightened;
