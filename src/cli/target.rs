//! The embedded instance as a target, and on its own.

use crate::cli::Exit;
use crate::cli::arguments::DemoArguments;
use crate::cli::choices::DemoChoice;
use crate::cli::failure::Failure;
use crate::cli::flags::RunArguments;
use crate::cli::output::Output;
use crate::config::{KeyRole, KeySetting, Settings};
use crate::demo::{Demo, DemoError, DemoOptions, FaultSet};
use crate::plan::Selector;
use crate::secret::Secret;
use tokio_util::sync::CancellationToken;

/// What the viewer's key of the demo must not reach.
const DENIED: &[&str] = &["GET /projects/2", "GET /projects/2/**", "DELETE **"];

/// Starts the embedded instance and turns the settings to it.
pub(super) async fn embedded(
    choice: DemoChoice,
    flags: &RunArguments,
    settings: &mut Settings,
) -> Result<Demo, Failure> {
    let faults = match choice {
        DemoChoice::Faulty => FaultSet::all(),
        DemoChoice::Clean => FaultSet::none(),
    };
    let demo = Demo::start(DemoOptions { port: 0, faults }).await?;
    settings.target.spec = Some(demo.spec_url());
    settings.target.base_url = Some(demo.base_url().to_owned());
    if flags.stages.snapshots.is_none() {
        // What the demo answers is nothing to commit.
        settings.snapshots.folder = settings.root.join(".specwarden").join("demo").join("snapshots");
    }
    let key = |name: &str, secret: &str, role, denied: &[&str]| KeySetting {
        name: name.to_owned(),
        secret: Secret::new(secret.to_owned()),
        role,
        denied: denied.iter().filter_map(|pattern| Selector::parse(pattern).ok()).collect(),
    };
    let keys = demo.keys();
    settings.keys.main = Some(Secret::new(keys.user.clone()));
    settings.keys.missing.clear();
    settings.keys.others = vec![
        key("viewer", &keys.viewer, KeyRole::Limited, DENIED),
        key("revoked", &keys.revoked, KeyRole::Revoked, &[]),
    ];
    Ok(demo)
}

/// `specwarden demo`: serves until interrupted.
pub(super) async fn serve(
    arguments: &DemoArguments,
    output: &mut Output<'_>,
    cancel: &CancellationToken,
) -> Result<Exit, Failure> {
    let faults = FaultSet::parse(&arguments.faults)?;
    let planted = faults.names().count();
    let demo = Demo::start(DemoOptions { port: arguments.port, faults }).await?;
    let keys = demo.keys();
    let text = format!(
        "docs      {}\ndocument  {}\nbase URL  {}\nkey       {}\nviewer    {}\nrevoked   {}\nfaults    {planted}\n",
        demo.docs_url(),
        demo.spec_url(),
        demo.base_url(),
        keys.user,
        keys.viewer,
        keys.revoked,
    );
    output.data(&text)?;
    output.talk("serving until Ctrl-C");
    cancel.cancelled().await;
    demo.stop().await;
    Ok(Exit::Clean)
}

impl From<DemoError> for Failure {
    fn from(error: DemoError) -> Self {
        let exit = match &error {
            DemoError::UnknownFault { .. } => Exit::Usage,
            DemoError::Bind { .. } | DemoError::Document { .. } | DemoError::Schema { .. } => Exit::Target,
        };
        Self::new(exit, error)
    }
}
