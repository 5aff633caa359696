//! Reading what is missing, wave by wave, under limits.

use crate::schema::{Digits, Pointer};
use crate::source::bundle::address::{Address, Home};
use crate::source::bundle::embed::{Whole, embed};
use crate::source::bundle::substitute::Moved;
use crate::source::bundle::tree::{Cause, Tree};
use crate::source::decode::{decode, text_of};
use crate::source::fetch::{Fetched, Follower};
use crate::source::location::Place;
use crate::source::{ReadOptions, SourceError, SourceFile, file};
use crate::spec::Issue;
use futures_util::StreamExt;
use serde_json::Value;
use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;
use tokio::time::timeout;

/// How many files are read at once.
const AT_ONCE: usize = 8;
/// How many times the patience for one URL all of them together may take.
const PATIENCE: u32 = 4;

/// A document made of several files.
pub(in crate::source) struct Bundle {
    pub(in crate::source) value: Value,
    /// The files besides the root, in the order of [`Moved::file`], from 1.
    pub(in crate::source) files: Vec<SourceFile>,
    pub(in crate::source) moved: Vec<Moved>,
    pub(in crate::source) issues: Vec<Issue>,
    /// Numbers of the files besides the root that their values do not hold.
    pub(in crate::source) digits: Digits,
}

/// Embeds every file that `root` refers to, directly or not. `copied` is how many nodes its aliases added.
pub(in crate::source) async fn bundle(
    root: Value,
    copied: usize,
    place: &Place,
    fetched: Option<&Fetched>,
    options: &ReadOptions,
) -> Bundle {
    let home = Home::new(place, options);
    let follower = Follower::new(fetched, home.may_leave(), options);
    let mut work = Gather {
        tree: Tree::new(home.clone(), root),
        options,
        follower,
        files: Vec::new(),
        issues: Vec::new(),
        digits: Digits::default(),
        bytes: 0,
        copied,
        silent: HashMap::new(),
    };
    if home.may_fetch() {
        // Every URL has its own limit; a chain of slow ones must end as well.
        if timeout(options.timeout.saturating_mul(PATIENCE), work.gather()).await.is_err() {
            let reason = "fetching all references takes too long".to_owned();
            let hint = Some("save the files beside the document".to_owned());
            work.tree.give_up_waiting(&Cause { reason, hint });
            work.finish_without_reading();
        }
    } else {
        work.gather().await;
    }
    let Gather { tree, files, mut issues, digits, .. } = work;
    let Whole { value, moved, issues: failures } = embed(tree, options.max_copied);
    issues.extend(failures);
    Bundle { value, files, moved, issues, digits }
}

struct Gather<'o> {
    tree: Tree,
    options: &'o ReadOptions,
    follower: Follower<'o>,
    files: Vec<SourceFile>,
    issues: Vec<Issue>,
    digits: Digits,
    bytes: u64,
    copied: usize,
    /// Origins that did not answer, with the words in which that was told.
    silent: HashMap<String, Cause>,
}

impl Gather<'_> {
    async fn gather(&mut self) {
        loop {
            let wanted = self.tree.follow();
            if wanted.is_empty() {
                return;
            }
            for wave in wanted.chunks(AT_ONCE) {
                let mut asked = Vec::new();
                for address in wave {
                    match self.refusal(address, asked.len()) {
                        Some(cause) => self.tree.give_up(address.clone(), cause),
                        None => asked.push(address.clone()),
                    }
                }
                let (home, follower, options) = (self.tree.home.clone(), self.follower.clone(), self.options);
                let reads = asked.into_iter().map(|address| {
                    let (home, follower) = (home.clone(), follower.clone());
                    async move {
                        let bytes = read(&home, &follower, &address, options).await;
                        (address, bytes)
                    }
                });
                let mut reads = futures_util::stream::iter(reads).buffered(AT_ONCE);
                while let Some((address, bytes)) = reads.next().await {
                    self.take(address, bytes);
                }
            }
        }
    }

    /// Settles what is left when there is no time to read more.
    fn finish_without_reading(&mut self) {
        loop {
            let wanted = self.tree.follow();
            if wanted.is_empty() {
                return;
            }
            let reason = "fetching all references takes too long".to_owned();
            let hint = Some("save the files beside the document".to_owned());
            self.tree.give_up_waiting(&Cause { reason, hint });
        }
    }

    /// Why a file is not even asked for.
    fn refusal(&self, address: &Address, underway: usize) -> Option<Cause> {
        if let Address::Web(url) = address
            && let Some(cause) = self.silent.get(&url.origin().ascii_serialization())
        {
            return Some(cause.clone());
        }
        if self.files.len() + underway >= self.options.max_files {
            let reason = format!("the document refers to more than {} files", self.options.max_files);
            return Some(Cause { reason, hint: Some("bundle the files into fewer".into()) });
        }
        (self.bytes >= self.options.max_bytes).then(|| self.too_much())
    }

    fn too_much(&self) -> Cause {
        let reason = format!("all files together are larger than {} bytes", self.options.max_bytes);
        Cause { reason, hint: Some("an API document is seldom so large; check the references".into()) }
    }

    fn take(&mut self, address: Address, bytes: Result<Vec<u8>, SourceError>) {
        let location = self.tree.home.location(&address);
        let taken = bytes.and_then(|bytes| {
            let text = text_of(&location, bytes)?;
            let decoded = decode(&location, &text, self.options.max_copied.saturating_sub(self.copied))?;
            Ok((text, decoded))
        });
        let (text, mut decoded) = match taken {
            Ok(taken) => taken,
            Err(error) => {
                let cause = cause(&error);
                if let (SourceError::Unreachable { .. }, Address::Web(url)) = (&error, &address) {
                    self.silent.insert(url.origin().ascii_serialization(), cause.clone());
                }
                return self.tree.give_up(address, cause);
            }
        };
        if !matches!(decoded.value, Value::Object(_) | Value::Array(_) | Value::Bool(_)) {
            let reason = format!("`{location}` holds neither an object nor a list");
            let hint = Some("refer to a JSON or YAML file with a definition".to_owned());
            return self.tree.give_up(address, Cause { reason, hint });
        }
        if self.bytes.saturating_add(text.len() as u64) > self.options.max_bytes {
            self.bytes = self.options.max_bytes;
            let cause = self.too_much();
            return self.tree.give_up(address, cause);
        }
        self.bytes += text.len() as u64;
        self.copied += decoded.copied;
        let base = Pointer::to_file(&Home::name(&address));
        self.issues.extend(decoded.oddities(&base));
        self.digits.extend(&base, &decoded.digits);
        let format = decoded.format;
        self.files.push(SourceFile { location, base, text: Arc::new(text), format });
        self.tree.add(address, decoded.value);
    }
}

async fn read(
    home: &Home,
    follower: &Follower<'_>,
    address: &Address,
    options: &ReadOptions,
) -> Result<Vec<u8>, SourceError> {
    match address {
        Address::File(relative) => file::read_plain(&home.path(relative), options).await,
        Address::Web(url) => follower.fetch(url).await,
    }
}

/// The error in the words of an issue.
fn cause(error: &SourceError) -> Cause {
    let mut reason = match error {
        SourceError::HtmlPage { location } => format!("`{location}` is HTML or XML"),
        other => other.to_string(),
    };
    if let Some(source) = error.source().map(ToString::to_string)
        && !reason.contains(&source)
    {
        reason = format!("{reason}: {source}");
    }
    let hint = match error {
        SourceError::NotFound { near: None, .. } => {
            Some("create the file or correct the reference".to_owned())
        }
        SourceError::Directory { near: None, .. } | SourceError::HtmlPage { .. } => {
            Some("refer to a JSON or YAML file".to_owned())
        }
        other => other.hint(),
    };
    Cause { reason, hint }
}
