//! One document out of many: references rewritten, files embedded.

use crate::schema::{FILES, OWN, Pointer};
use crate::source::bundle::address::Home;
use crate::source::bundle::role::Role;
use crate::source::bundle::sites::{Kind, Site};
use crate::source::bundle::substitute::{Moved, inside, is_within, substitute};
use crate::source::bundle::tree::{Failure, Target, Tree};
use crate::source::location::shown;
use crate::spec::{Issue, IssueKind};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// What became of a tree of files.
pub(super) struct Whole {
    pub(super) value: Value,
    /// Parts that were put in the place of a reference.
    pub(super) moved: Vec<Moved>,
    pub(super) issues: Vec<Issue>,
}

/// Makes one document of the tree; its references are all followed. `max_copied` is how many nodes may be
/// put in the place of references.
pub(super) fn embed(mut tree: Tree, max_copied: usize) -> Whole {
    let sites = std::mem::take(&mut tree.walked.sites);
    let named = names_in_root(&tree, &sites);
    let copied = copied_to_root(&tree, &sites);
    for (site, target) in sites.iter().zip(&tree.targets) {
        let Some(to) = new_text(&tree, site, target, &named, &copied) else { continue };
        let holder = tree.files[site.file].value.pointer_mut(site.at.as_str());
        if let Some(Value::Object(holder)) = holder {
            holder.insert(site.key.clone(), Value::String(to));
        }
    }
    forget_names(&mut tree);
    let moved = substitute(&mut tree, &sites, max_copied);
    let issues = tree.failures.iter().map(|failure| issue(&tree, &sites, failure)).collect();
    Whole { value: join(tree), moved, issues }
}

/// What a reference says in the whole document; `None` if it stays as it is.
fn new_text(
    tree: &Tree,
    site: &Site,
    target: &Target,
    named: &Named,
    copied: &[(usize, Pointer, Pointer)],
) -> Option<String> {
    let to = match target {
        Target::Open | Target::Untouched => return None,
        // What people wrote correctly stays as they wrote it.
        Target::Node(0, to) if site.file == 0 && site.written.starts_with('#') && leads_to(site, to) => {
            return None;
        }
        Target::Nothing(0, _) if site.file == 0 && site.written.starts_with('#') => return None,
        Target::Node(file, to) => {
            let alias = named.get(&(*file, to.clone())).filter(|_| site.role == Role::Schema);
            let own = if site.file == 0 { Some(&site.at) } else { named.get(&(site.file, site.at.clone())) };
            match alias {
                // The definition of the name itself must lead to the file.
                Some(alias) if own != Some(alias) => alias.clone(),
                _ => {
                    let of = |(of, from, _): &&(usize, Pointer, Pointer)| of == file && is_within(to, from);
                    match copied.iter().find(of) {
                        Some((_, from, home)) => home.join(&inside(to, from)),
                        None => tree.in_whole(*file, to),
                    }
                }
            }
        }
        Target::Nothing(file, to) => tree.in_whole(*file, to),
        Target::Unread(name, inner) => Pointer::to_unread(name).join(inner),
    };
    Some(to.to_fragment())
}

fn leads_to(site: &Site, to: &Pointer) -> bool {
    Pointer::from_fragment(&site.written).as_ref() == Some(to)
}

/// What a file holds on behalf of a section of the root is known by its place there: file, place in it, place in
/// the root.
fn copied_to_root(tree: &Tree, sites: &[Site]) -> Vec<(usize, Pointer, Pointer)> {
    let pairs = sites.iter().zip(&tree.targets);
    let sections = pairs.filter(|(site, _)| site.file == 0 && matches!(site.kind, Kind::Substituted));
    let copied = sections.filter_map(|(site, target)| match target {
        Target::Node(file, from) if *file > 0 => Some((*file, from.clone(), site.at.clone())),
        _ => None,
    });
    copied.collect()
}

type Named = HashMap<(usize, Pointer), Pointer>;

/// Schemas in files that the root gives a name: it stays their name, which discriminators and reports rely on.
fn names_in_root(tree: &Tree, sites: &[Site]) -> Named {
    let mut named = HashMap::new();
    let homes = [Pointer::root().push("components").push("schemas"), Pointer::root().push("definitions")];
    let pairs = || sites.iter().zip(&tree.targets);
    // A whole list of names may stand in a file.
    let mut lists: Vec<(usize, Pointer, &Pointer)> =
        homes.iter().map(|home| (0, home.clone(), home)).collect();
    for (site, target) in pairs() {
        if let (Target::Node(file, to), Some(home)) = (target, homes.iter().find(|home| **home == site.at))
            && site.file == 0
        {
            lists.push((*file, to.clone(), home));
            let list = tree.files[*file].value.pointer(to.as_str()).and_then(Value::as_object);
            for name in list.into_iter().flat_map(Map::keys) {
                named.entry((*file, to.push(name))).or_insert_with(|| home.push(name));
            }
        }
    }
    for (site, target) in pairs().filter(|(site, _)| site.kind == Kind::Bare && site.role == Role::Schema) {
        let Target::Node(file, to) = target else { continue };
        let list = lists
            .iter()
            .find(|(file, list, _)| *file == site.file && site.at.parent().as_ref() == Some(list));
        if let (Some((.., home)), Some(name)) = (list, site.at.last())
            && *file > 0
        {
            named.entry((*file, to.clone())).or_insert_with(|| home.push(name));
        }
    }
    named
}

/// Takes `$id` and `$anchor` out of embedded schemas: every reference is a pointer into the whole now, which a
/// base of its own would lead astray.
fn forget_names(tree: &mut Tree) {
    for index in 1..tree.files.len() {
        let bearers: Vec<Pointer> = tree.files[index].names.bearers().cloned().collect();
        for at in bearers.iter().filter(|at| tree.walked.is_schema(index, at)) {
            let node = tree.files[index].value.pointer_mut(at.as_str());
            if let Some(Value::Object(members)) = node {
                for key in ["$id", "$anchor"] {
                    members.shift_remove(key);
                }
            }
        }
    }
}

fn issue(tree: &Tree, sites: &[Site], failure: &Failure) -> Issue {
    let site = &sites[failure.site];
    let more = match failure.more {
        0 => String::new(),
        1 => "; 1 more reference fails alike".to_owned(),
        more => format!("; {more} more references fail alike"),
    };
    Issue {
        rule: "unresolvable-reference".into(),
        kind: IssueKind::PartSkipped,
        pointer: tree.in_whole(site.file, &site.at),
        message: format!("reference `{}` cannot be followed: {}{more}", shown(&site.written), failure.reason),
        hint: failure.hint.clone(),
        file: None,
        file_pointer: None,
        line: None,
        column: None,
    }
}

fn join(tree: Tree) -> Value {
    let Tree { files, .. } = tree;
    let names: Vec<String> = files.iter().map(|leaf| Home::name(&leaf.address)).collect();
    let mut files = files.into_iter().map(|leaf| leaf.value);
    let mut root = files.next().unwrap_or_default();
    let members: Map<String, Value> = names.into_iter().skip(1).zip(files).collect();
    if members.is_empty() {
        return root;
    }
    if let Some(root) = root.as_object_mut() {
        let own = root.entry(OWN).or_insert_with(|| json!({}));
        if !own.is_object() {
            *own = json!({});
        }
        own[FILES] = Value::Object(members);
    }
    root
}
