//! Names in bodies: no creation or change bears the name of what is somebody else's, nor one that is taken.
//!
//! Two things can be wrong with a name. What names the thing that a body creates or changes may be anybody's: many
//! services take a `POST` with the id of something that exists for a change of it. And what else may exist only once
//! makes of every second creation a refusal, which tests nothing. Here alone it is said which properties have to be
//! new, how a name is made that nobody has, and what refusals teach of both. Nothing here may depend on the order of
//! answers; but for `refusal`, nothing sends.

mod called;
mod coin;
mod foreign;
mod place;
mod refusal;
mod unique;

pub(super) use coin::{is_of_night, new_names};
pub(super) use foreign::{APART, Naming, is_common, plain};
