//! File, environment and flags become typed options, one struct per room.
//!
//! [`File`] is one layer: what a `specwarden.toml` can say, all of it optional. Flags and environment make layers
//! of the same shape, so every flag has a key in the file. Layers lie over each other (flags, environment, file)
//! and [`resolve()`] fills in defaults and reads the keys.
//! This room must never act on an option, and never keep a secret but as `Secret`.

pub mod baseline;
mod environment;
mod error;
mod file;
mod given;
mod layers;
mod position;
mod read;
mod resolve;
mod secrets;
mod settings;
mod values;

pub use environment::{Surroundings, layer_of_environment};
pub use error::ConfigError;
pub use file::{
    AuthFile, BenchFile, File, GateFile, HttpFile, KeyFile, KeyRole, OperationFile, SelectFile,
    SnapshotsFile, StoreFile, TestFile, json_schema,
};
pub use read::{FILE_NAME, Found, find, parse, read};
pub use resolve::resolve;
pub use settings::{
    BaselineSettings, BenchSettings, HeaderValue, HttpSettings, KeySetting, KeySettings, MissingKey,
    ReportSetting, SelectSettings, Settings, SnapshotSettings, StoreSettings, TargetSettings, TestSettings,
    ValueSettings,
};
pub use values::{
    BaselineChoice, FamilyChoice, IntermittentChoice, RemoteRefsChoice, ReportChoice, SafetyChoice,
    SeedChoice, SeverityChoice,
};

#[cfg(test)]
mod tests;
