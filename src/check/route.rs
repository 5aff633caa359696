//! Which operation a path leads to. Only compares texts; what follows from it is for the rules to say.

use crate::exchange::Method;
use crate::spec::{Api, Operation};

/// Whether the document has an operation of this method at a concrete path below the base URL.
///
/// The path of one template may well be the path of another: `/users/me` is `/users/{id}` too.
pub fn is_documented_at(api: &Api, method: Method, path: &str) -> bool {
    let found = segments(path);
    api.operations.iter().filter(|operation| operation.method == method).any(|operation| {
        let template = template(operation);
        let wanted = segments(&template);
        wanted.len() == found.len() && are_alike(&wanted, &found)
    })
}

/// Whether the end of `path` has the shape of the operation's template.
pub(crate) fn fits(operation: &Operation, path: &str) -> bool {
    let template = template(operation);
    let wanted: Vec<&str> = template.trim_start_matches('/').split('/').collect();
    let found: Vec<&str> = path.split('/').collect();
    found.len() >= wanted.len() && are_alike(&wanted, &found[found.len() - wanted.len()..])
}

/// `path` with its last fixed word turned into one that nobody serves; `None` if the template has none.
///
/// `path` is a concrete path of `operation` below the base URL.
pub fn made_up(operation: &Operation, path: &str) -> Option<String> {
    let template = template(operation);
    let wanted = segments(&template);
    let found = segments(path);
    let at = wanted.iter().rposition(|word| !word.is_empty() && !word.contains("{}"))?;
    if wanted.len() != found.len() {
        return None;
    }
    let words = found
        .iter()
        .enumerate()
        .map(|(index, word)| if index == at { format!("no-such-{word}") } else { (*word).to_owned() });
    Some(format!("/{}", words.collect::<Vec<_>>().join("/")))
}

/// The template without its parameters' names and without a query, which some documents write into it.
fn template(operation: &Operation) -> String {
    let shape = operation.path.shape();
    shape.split(['?', '#']).next().unwrap_or_default().to_owned()
}

fn segments(path: &str) -> Vec<&str> {
    path.trim_matches('/').split('/').collect()
}

fn are_alike(wanted: &[&str], found: &[&str]) -> bool {
    wanted
        .iter()
        .zip(found)
        .all(|(wanted, found)| if wanted.contains("{}") { !found.is_empty() } else { wanted == found })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::World;

    #[test]
    fn a_path_may_be_that_of_another_template() {
        let world = World::new(Method::Get, "/users/{id}")
            .and(Method::Delete, "/users/me")
            .and(Method::Get, "/files/{name}.{format}/")
            .and(Method::Get, "/pets?kind=cat");
        let check = |method, path, expected| {
            assert_eq!(is_documented_at(&world.api, method, path), expected, "{method} {path}");
        };
        check(Method::Get, "/users/me", true);
        check(Method::Get, "/users/me/", true);
        check(Method::Get, "/files/a.txt", true);
        check(Method::Get, "/pets", true);
        check(Method::Get, "/users", false);
        check(Method::Get, "/users/", false);
        check(Method::Get, "/users/1/keys", false);
        check(Method::Delete, "/users/1", false);
    }

    #[test]
    fn a_made_up_path_changes_the_last_fixed_word() {
        let check = |template: &str, path: &str, expected: Option<&str>| {
            let world = World::new(Method::Put, template);
            assert_eq!(made_up(world.operation(), path).as_deref(), expected, "{template}");
        };
        check("/users/search", "/users/search", Some("/users/no-such-search"));
        check("/users/{id}", "/users/7", Some("/no-such-users/7"));
        check("/{id}", "/7", None);
        check("/users/{id}", "/users/7/8", None);
    }
}
