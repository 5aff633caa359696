//! Several calls that belong together: lives of resources, lists and what they promise.
//!
//! A [`Plot`] says what is called; playing it gives steps, which `check` judges. Each plot is as short as its question
//! allows, so that what is reported can be shown again by hand. What a plot touches it has created itself.

mod change;
mod condition;
mod cover;
mod cursor;
mod deletion;
mod filter;
mod life;
mod listing;
mod order;
mod pages;
mod plot;
mod refusal;
mod step;
mod story;

pub(super) use plot::Plot;
