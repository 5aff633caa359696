//! Names compared as people mean them: `assetId`, `asset_id` and `asset-id` are one name.

/// The words of a name, in lower case: `regenerateApiKey` → `regenerate`, `api`, `key`.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut previous_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            previous_lower = false;
            continue;
        }
        if c.is_uppercase() && previous_lower {
            words.push(std::mem::take(&mut word));
        }
        previous_lower = c.is_lowercase() || c.is_numeric();
        word.extend(c.to_lowercase());
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// A name folded for comparison: lower case, separators dropped.
pub(crate) fn fold(name: &str) -> String {
    words(name).concat()
}

/// The singular of an English plural, as far as resource names need it: `categories` → `category`.
pub(crate) fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    for (plural, single) in
        [("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("people", "person")]
    {
        if let Some(stem) = word.strip_suffix(plural) {
            return format!("{stem}{single}");
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if !stem.ends_with('s') && !stem.ends_with('u') && stem.len() > 1 => stem.to_owned(),
        Some(_) | None => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_as_people_mean_them() {
        assert_eq!(words("regenerateApiKey"), ["regenerate", "api", "key"]);
        assert_eq!(fold("asset-ID"), fold("assetId"));
        for (plural, single) in
            [("categories", "category"), ("assets", "asset"), ("status", "status"), ("boxes", "box")]
        {
            assert_eq!(singular(plural), single);
        }
    }
}
