//! The embedded staging instance: an in-memory vulnerability-management API with planted faults.
//!
//! It exists so that the product can be shown, tested and measured without anybody's staging instance. With no
//! fault planted it conforms exactly to its own document; each fault breaks one promise on one operation.
//!
//! It must never import another room, listen anywhere but on `127.0.0.1`, or keep anything after it stops.
//!
//! ```no_run
//! # async fn example() -> Result<(), specwarden::demo::DemoError> {
//! use specwarden::demo::{Demo, DemoOptions, FaultSet};
//!
//! let demo = Demo::start(DemoOptions { port: 0, faults: FaultSet::parse("slow-operation")? }).await?;
//! assert!(demo.spec_url().ends_with("/nucleus/api/swagger.json"));
//! demo.stop().await;
//! # Ok(())
//! # }
//! ```

mod access;
mod bend;
mod call;
mod catalogue;
mod check;
mod collection;
mod conditions;
mod contract;
mod dispatch;
mod error;
mod fault;
mod form;
mod handlers;
mod keys;
mod manners;
mod misconduct;
mod pages;
mod reply;
mod sabotage;
mod seed;
mod server;
mod state;
#[cfg(test)]
mod tests;
mod walls;

pub use catalogue::FAULTS;
pub use contract::SWAGGER;
pub use error::DemoError;
pub use fault::Fault;
pub use fault::FaultSet;
pub use keys::{DemoKeys, EDITOR_DENIED, VIEWER_DENIED};
pub use server::Demo;
pub use server::DemoOptions;
