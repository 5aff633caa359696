//! Values that the user gives for parameters, properties and bodies.
//!
//! Whether they fit the document is not asked here: this room does not know it.

use crate::config::secrets::{filled, selectors};
use crate::config::{ConfigError, OperationFile, Surroundings, ValueSettings};
use crate::plan::{Candidates, Given, GivenValues, NamePattern};
use crate::secret::Secret;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Reads patterns and files, and fills in what comes from the environment.
pub(super) fn given(
    parameters: BTreeMap<String, Value>,
    values: BTreeMap<String, Vec<Value>>,
    operations: BTreeMap<String, OperationFile>,
    surroundings: &Surroundings<'_>,
) -> Result<ValueSettings, ConfigError> {
    let mut reader = Reader { surroundings, hidden: Vec::new() };
    let everywhere = Given {
        fixed: reader.fixed("parameters", parameters)?,
        candidates: reader.candidates("values", values)?,
        bodies: Vec::new(),
    };
    let mut by_operation = Vec::new();
    for (pattern, own) in operations {
        let key = format!("operations.{pattern}");
        let given = Given {
            fixed: reader.fixed(&format!("{key}.parameters"), own.parameters)?,
            candidates: reader.candidates(&format!("{key}.values"), own.values)?,
            bodies: reader.bodies(&key, own.body, own.body_file.as_deref())?,
        };
        for selector in selectors(&key, std::slice::from_ref(&pattern))? {
            by_operation.push((selector, given.clone()));
        }
    }
    Ok(ValueSettings { given: GivenValues { everywhere, by_operation }, hidden: reader.hidden })
}

struct Reader<'s> {
    surroundings: &'s Surroundings<'s>,
    hidden: Vec<Secret<String>>,
}

impl Reader<'_> {
    fn fixed(
        &mut self,
        key: &str,
        values: BTreeMap<String, Value>,
    ) -> Result<BTreeMap<String, Value>, ConfigError> {
        let mut fixed = BTreeMap::new();
        for (name, mut value) in values {
            self.fill(&format!("{key}.{name}"), &mut value)?;
            fixed.insert(name, value);
        }
        Ok(fixed)
    }

    /// Plain names before patterns, long patterns before short ones: what says more outranks what says less.
    fn candidates(
        &mut self,
        key: &str,
        values: BTreeMap<String, Vec<Value>>,
    ) -> Result<Vec<Candidates>, ConfigError> {
        let mut all = Vec::new();
        for (pattern, mut values) in values {
            let key = format!("{key}.{pattern}");
            let names = NamePattern::parse(&pattern).map_err(|message| invalid(&key, message))?;
            values.iter_mut().try_for_each(|value| self.fill(&key, value))?;
            all.push(Candidates { names, values });
        }
        let rank = |text: &str| (text.contains(['*', '?']), std::cmp::Reverse(text.len()));
        all.sort_by_key(|candidates| rank(candidates.names.as_str()));
        Ok(all)
    }

    fn bodies(
        &mut self,
        key: &str,
        body: Option<Value>,
        file: Option<&Path>,
    ) -> Result<Vec<Value>, ConfigError> {
        let mut bodies: Vec<Value> = body.into_iter().collect();
        if let Some(path) = file {
            if !bodies.is_empty() {
                return Err(invalid(key, "an operation has either `body` or `body_file`".to_owned()));
            }
            let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
            let text = (self.surroundings.read)(path).map_err(unreadable)?;
            let body = serde_json::from_str(&text).map_err(|error| {
                invalid(&format!("{key}.body_file"), format!("`{}` is not JSON: {error}", path.display()))
            })?;
            bodies.push(body);
        }
        bodies.iter_mut().try_for_each(|body| self.fill(&format!("{key}.body"), body))?;
        Ok(bodies)
    }

    fn fill(&mut self, key: &str, value: &mut Value) -> Result<(), ConfigError> {
        match value {
            Value::String(text) if text.contains("${") => {
                *text = filled(key, text, self.surroundings, &mut self.hidden)?;
                Ok(())
            }
            Value::Array(items) => items.iter_mut().try_for_each(|item| self.fill(key, item)),
            Value::Object(map) => map.values_mut().try_for_each(|value| self.fill(key, value)),
            Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
        }
    }
}

fn invalid(key: &str, message: String) -> ConfigError {
    ConfigError::Invalid { key: key.to_owned(), message, hint: None }
}
