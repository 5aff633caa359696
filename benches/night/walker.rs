//! The client: walks a night with every check on and tells what it cost.

use crate::target::Target;
use specwarden::check::RULES;
use specwarden::config::{File, Settings, Surroundings, resolve};
use specwarden::plan::{Safety, Seed};
use specwarden::report::Night;
use specwarden::secret::Secret;
use specwarden::session::{Stages, run};
use std::path::Path;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// Names of the columns of [`walk`]'s line.
pub(crate) const HEADER: &str = "target   runtime  random  findings    cases  requests   wall s    CPU s  cases/CPU s  requests/CPU s  peak MB";
/// Clock ticks per second in `/proc`: 100 on every Linux that matters.
const TICKS: f64 = 100.0;

/// Walks one night and prints one line.
pub(crate) fn walk(target: Target, address: &str, random: u32, runtime: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = settings(address, folder.path(), random);
    let mut builder = match runtime {
        "single" => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    let runner = builder.enable_all().build().expect("a runtime");
    let mut night = Night::default();
    let began = Instant::now();
    let finished =
        runner.block_on(run(&settings, Stages::ALL, &[], &CancellationToken::new(), vec![&mut night]));
    finished.expect("the night is walked");
    let wall = began.elapsed().as_secs_f64();
    let (cpu, peak) = (cpu_seconds(), peak_megabytes());
    let counts = night.counts();
    let per_cpu = |count: u64| if cpu > 0.0 { count as f64 / cpu } else { 0.0 };
    println!(
        "{:8} {runtime:8} {random:6} {:9} {:8} {:9} {wall:8.2} {cpu:8.2} {:12.0} {:15.0} {peak:8.1}",
        target.name(),
        night.findings.len(),
        counts.cases,
        counts.requests,
        per_cpu(counts.cases),
        per_cpu(counts.requests),
    );
    for finding in &night.findings {
        eprintln!("unexpected: {} at {:?}: {}", finding.rule, finding.operation, finding.title);
    }
}

fn settings(address: &str, root: &Path, random: u32) -> Settings {
    let surroundings = Surroundings {
        variable: &|_| None,
        read: &|path| Err(std::io::Error::new(std::io::ErrorKind::NotFound, path.display().to_string())),
        rules: &[],
        fresh_seed: Seed(0),
    };
    let mut settings = resolve(File::default(), root, &surroundings).expect("defaults resolve");
    let mut words = address.split(' ').map(str::to_owned);
    settings.target.base_url = words.next();
    settings.target.spec = words.next();
    settings.keys.main = words.next().map(Secret::new);
    settings.test.enable = RULES.iter().map(|rule| rule.id.to_owned()).collect();
    settings.test.safety = Safety::Full;
    // Far above what either server takes: the rule has to look, not to find.
    settings.test.max_response = Some(Duration::from_secs(10));
    settings.test.random_cases = random;
    settings.test.max_cases = 400 + random;
    settings.test.max_requests = 10_000_000;
    settings.bench.requests = 20;
    settings.snapshots.folder = root.join("snapshots");
    settings
}

/// User and system time of this process so far.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The program's name may hold anything; fields are counted from behind it (proc(5)): 14 and 15 of all.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks: f64 =
        fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / TICKS
}

/// The most memory this process ever held.
fn peak_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1024.0
}
