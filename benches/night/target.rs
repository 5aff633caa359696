//! What a night is walked against.

use crate::instant;
use specwarden::demo::{Demo, DemoOptions, FaultSet};

/// A server to measure against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// Thirty operations kept in a map, with next to no work per answer.
    Instant,
    /// The embedded staging instance without faults.
    Demo,
}

impl Target {
    pub(crate) const ALL: [Self; 2] = [Self::Instant, Self::Demo];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Instant => "instant",
            Self::Demo => "demo",
        }
    }

    pub(crate) fn parse(name: &str) -> Self {
        Self::ALL.into_iter().find(|target| target.name() == name).expect("a target's name")
    }
}

/// Serves until it is killed; the first line of output says where: base URL, document, key.
pub(crate) fn serve(target: Target) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        match target {
            Target::Instant => instant::serve().await,
            Target::Demo => {
                let faults = FaultSet::none();
                let demo = Demo::start(DemoOptions { port: 0, faults }).await.expect("the demo starts");
                println!("{} {} {}", demo.base_url(), demo.spec_url(), demo.keys().user);
                demo.wait().await;
            }
        }
    });
}
