//! The embedded instance as a target, and on its own.

use crate::cli::Exit;
use crate::cli::arguments::DemoArguments;
use crate::cli::choices::DemoChoice;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::config::{KeyRole, KeySetting, Settings};
use crate::demo::{Demo, DemoError, DemoOptions, EDITOR_DENIED, FaultSet, VIEWER_DENIED};
use crate::plan::{Safety, Selector};
use crate::secret::Secret;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The longest that an answer of the demo may take. Its slow operation takes longer, nothing else nearly as long.
const MAX_RESPONSE: Duration = Duration::from_millis(700);
/// What is written to the demo shows at once; what varies with the reading shows itself in a few of them.
const SETTLE: Duration = Duration::from_millis(40);

/// Starts the embedded instance and turns the settings to it.
pub(super) async fn embedded(choice: DemoChoice, settings: &mut Settings) -> Result<Demo, Failure> {
    let faults = match choice {
        DemoChoice::Faulty => FaultSet::all(),
        DemoChoice::Clean => FaultSet::none(),
    };
    let demo = Demo::start(DemoOptions { port: 0, faults }).await?;
    settings.target.spec = Some(demo.spec_url());
    settings.target.base_url = Some(demo.base_url().to_owned());
    let key = |name: &str, secret: &str, role, denied: &[&str]| KeySetting {
        name: name.to_owned(),
        secret: Secret::new(secret.to_owned()),
        role,
        allowed: Vec::new(),
        denied: denied.iter().filter_map(|pattern| Selector::parse(pattern).ok()).collect(),
    };
    let keys = demo.keys();
    settings.keys.main = Some(Secret::new(keys.user.clone()));
    settings.keys.missing.clear();
    // Nobody else uses this instance, so nothing on it needs care; what was asked for by flag stays.
    if settings.test.safety == Safety::default() {
        settings.test.safety = Safety::Full;
    }
    settings.test.max_response.get_or_insert(MAX_RESPONSE);
    settings.test.settle.get_or_insert(SETTLE);
    // The configuration of this folder was not read: it may want to keep every run.
    settings.store.keep = None;
    // Off by default for others' sake; here it is planted.
    settings.test.enable.extend(["existence-revealed", "delete-refused-write-allowed"].map(str::to_owned));
    settings.keys.others = vec![
        key("viewer", &keys.viewer, KeyRole::Limited, VIEWER_DENIED),
        key("partner", &keys.partner, KeyRole::Peer, &[]),
        key("editor", &keys.editor, KeyRole::Limited, EDITOR_DENIED),
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
        "docs      {}\ndocument  {}\nbase URL  {}\nkey       {}\nviewer    {}\npartner   {}\neditor    {}\nrevoked   {}\nfaults    {planted}\n",
        demo.docs_url(),
        demo.spec_url(),
        demo.base_url(),
        keys.user,
        keys.viewer,
        keys.partner,
        keys.editor,
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
        let unknown = matches!(&error, DemoError::UnknownFault { suggestion: None, .. });
        let failure = Self::new(exit, error);
        if unknown { failure.hint(format!("`all`, `none`, or of: {}", names().join(", "))) } else { failure }
    }
}

fn names() -> Vec<&'static str> {
    FaultSet::all().names().collect()
}
