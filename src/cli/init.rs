//! A configuration and a CI job, ready to commit.

use crate::cli::Exit;
use crate::cli::arguments::InitArguments;
use crate::cli::choices::CiChoice;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::store::write_report;
use std::path::Path;

const CONFIG: &str = include_str!("templates/specwarden.toml");
const GITHUB: &str = include_str!("templates/github.yml");
const GITLAB: &str = include_str!("templates/gitlab.yml");

/// Writes the files below `folder`; all or none, unless the disk fails in between.
#[expect(clippy::disallowed_methods, reason = "files of the user's are not overwritten")]
pub(super) fn init(
    arguments: &InitArguments,
    folder: &Path,
    output: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let mut files = vec![("specwarden.toml", CONFIG)];
    match arguments.ci {
        None => {}
        Some(CiChoice::Github) => files.push((".github/workflows/specwarden.yml", GITHUB)),
        Some(CiChoice::Gitlab) => files.push((".gitlab/specwarden.yml", GITLAB)),
    }
    if !arguments.force
        && let Some((there, _)) = files.iter().find(|(name, _)| folder.join(name).exists())
    {
        let error = Failure::new(Exit::Usage, format!("`{there}` is there already"));
        return Err(error.hint("`--force` overwrites it"));
    }
    for (name, text) in &files {
        write_report(&folder.join(name), text.as_bytes())?;
        output.data(&format!("wrote {name}\n"))?;
    }
    output.talk("next: set `spec` and `base_url` in specwarden.toml, export SPECWARDEN_API_KEY, then `specwarden run`");
    if arguments.ci == Some(CiChoice::Gitlab) {
        output.talk("and include it from .gitlab-ci.yml:  include: [{ local: .gitlab/specwarden.yml }]");
    }
    Ok(Exit::Clean)
}
