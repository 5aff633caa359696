//! A request that has been held against the document: every value typed. It is made by `check` and read by handlers.

use serde_json::Map;
use serde_json::Value;

/// A valid request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Call {
    /// Path parameters by name.
    pub(crate) path: Map<String, Value>,
    /// Query parameters by name; documented defaults are filled in.
    pub(crate) query: Map<String, Value>,
    /// Form fields by name, without the file.
    pub(crate) form: Map<String, Value>,
    /// Name of the uploaded file.
    pub(crate) file_name: Option<String>,
    /// The JSON body; an empty object if there is none.
    pub(crate) body: Map<String, Value>,
}

impl Call {
    /// A path parameter that is an integer.
    pub(crate) fn number(&self, name: &str) -> u64 {
        self.path.get(name).and_then(Value::as_u64).unwrap_or_default()
    }

    /// A path parameter as it would be written.
    pub(crate) fn name(&self, name: &str) -> String {
        match self.path.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        }
    }

    /// A query parameter that is a string.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.query.get(name).and_then(Value::as_str)
    }

    /// A query parameter that is a boolean.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.query.get(name).and_then(Value::as_bool)
    }

    /// A query parameter that counts something.
    pub(crate) fn count(&self, name: &str) -> Option<usize> {
        let value = self.query.get(name)?;
        // Where a fault takes the type away, a number still counts as one.
        let count = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
        usize::try_from(count).ok()
    }

    /// A query parameter that is a list of strings.
    pub(crate) fn list(&self, name: &str) -> Option<Vec<&str>> {
        self.query
            .get(name)
            .and_then(Value::as_array)
            .map(|items| items.iter().filter_map(Value::as_str).collect())
    }
}
