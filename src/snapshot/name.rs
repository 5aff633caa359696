//! File names for snapshots.

use crate::finding::Fingerprint;
use crate::spec::OperationKey;

/// Longer slugs are cut: some file systems end at 255 bytes, and people long before that.
const LONGEST: usize = 80;

/// The name of the snapshot of `operation` answering `status`: `get-pets-200`, `get-pets-_id-200`.
///
/// It holds only `a-z 0-9 - _ ~`, never a double underscore (which `insta` takes for a module's end), and no two
/// operations share one, not even on file systems that fold letter case: whatever the readable part cannot say
/// is told by a hash, as in `get-pets-_petid~c0ffee12-200`.
///
/// ```
/// use specwarden::exchange::Method;
/// use specwarden::snapshot::name;
/// use specwarden::spec::OperationKey;
/// assert_eq!(name(&OperationKey::new(Method::Get, "/pets/{id}/tags"), 200), "get-pets-_id-tags-200");
/// assert_ne!(name(&OperationKey::new(Method::Get, "/pets/id/tags"), 200), "get-pets-_id-tags-200");
/// ```
pub fn name(operation: &OperationKey, status: u16) -> String {
    let key = operation.as_str();
    let slug = faithful(key).unwrap_or_else(|| {
        let hash = Fingerprint::of(&[key]);
        format!("{}~{}", readable(key), &hash.as_str()[..8])
    });
    format!("{slug}-{status}")
}

/// A slug from which the key could be told again, if there is one: `-` joins segments, `_` opens a parameter.
fn faithful(key: &str) -> Option<String> {
    let (method, path) = key.split_once(' ')?;
    let mut slug = method.to_ascii_lowercase();
    if path != "/" {
        for segment in path.strip_prefix('/')?.split('/') {
            let inner = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            let word = inner.unwrap_or(segment);
            let is_plain = word.split('_').all(|part| {
                !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            });
            if !is_plain {
                return None;
            }
            slug.push_str(if inner.is_some() { "-_" } else { "-" });
            slug.push_str(word);
        }
    }
    (slug.len() <= LONGEST).then_some(slug)
}

/// What can be read of any key.
fn readable(key: &str) -> String {
    let mut slug = String::new();
    for c in key.chars().filter(|c| *c != '}') {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            'A'..='Z' => slug.push(c.to_ascii_lowercase()),
            '{' if !slug.ends_with('_') => slug.push('_'),
            _ if !slug.ends_with(['-', '_']) => slug.push('-'),
            _ => {}
        }
        if slug.len() >= LONGEST {
            break;
        }
    }
    slug.trim_end_matches(['-', '_']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Method;
    use std::collections::BTreeSet;

    fn named(method: Method, path: &str) -> String {
        name(&OperationKey::new(method, path), 200)
    }

    #[test]
    fn simple_keys_read_well() {
        assert_eq!(named(Method::Get, "/"), "get-200");
        assert_eq!(
            named(Method::Post, "/projects/{project_id}/assets"),
            "post-projects-_project_id-assets-200"
        );
        let camel = named(Method::Get, "/pets/{petId}");
        assert!(camel.starts_with("get-pets-_petid~") && camel.ends_with("-200"), "{camel}");
    }

    #[test]
    fn names_are_safe_and_distinct_even_where_letter_case_folds() {
        let long = format!("/{}", "x".repeat(400));
        let longer = format!("/{}", "x".repeat(401));
        let paths = [
            "",
            "/",
            "//",
            "/pets",
            "/pets/",
            "/Pets",
            "/pets/{id}",
            "/pets/id",
            "/pets/_id",
            "/pets/{_id}",
            "/pets-id",
            "/pets_id",
            "/pets__id",
            "/pets/{petId}",
            "/pets/{petid}",
            "/pets/{id}.json",
            "/pets/{a}{b}",
            "/pets/{a}/{b}",
            "/a/../b",
            "/a\\b",
            "/ü",
            "/ö",
            "/日本",
            "/a:b",
            "/a?b=c",
            "/con",
            "/200",
            &long,
            &longer,
        ];
        let mut seen = BTreeSet::new();
        for path in paths {
            for method in [Method::Get, Method::Post] {
                let name = named(method, path);
                assert!(
                    name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_~".contains(&b))
                );
                assert!(!name.contains("__") && name.len() < 120, "{name}");
                assert!(seen.insert(name.clone()), "{name} twice");
            }
        }
        let by_status: BTreeSet<_> =
            [200, 201].map(|status| name(&OperationKey::new(Method::Get, "/pets"), status)).into();
        assert_eq!(by_status.len(), 2);
    }
}
