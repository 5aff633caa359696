//! Values that earlier answers showed, handed to the generator.

use serde_json::Value;
use std::collections::BTreeMap;

/// What earlier answers taught about one operation's parameters.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    /// Path parameters that name something that exists, together: `project_id` 1 with its `asset_id` 7.
    pub path: BTreeMap<String, Value>,
    /// Values seen under a name, for query parameters and body properties of that name. Most telling first.
    pub named: BTreeMap<String, Vec<Value>>,
}
