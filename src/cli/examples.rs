//! The examples at the foot of each help text. Every one of them is parsed by a test.

pub(super) const TOP: &str = "\
EXAMPLES
  specwarden run --demo                                       an embedded instance with faults
  specwarden run swagger.json --base-url https://staging/api  one night against staging
  specwarden diff old.json new.json                           is it breaking, and for whom
  specwarden try swagger.json 'GET /projects/{id}' --param id=1

EXIT CODES
  0    clean
  1    findings
  2    usage, configuration or document
  3    target unreachable, key refused, or a report not writable
  4    something that matters was not decided (--strict), or less was tested than the gate asks for
  130  interrupted";

pub(super) const RUN: &str = "\
EXAMPLES
  specwarden run                          everything as specwarden.toml says
  specwarden run swagger.json --base-url http://127.0.0.1:8080/api --report junit=junit.xml
  specwarden run --safety read-only --include 'GET /projects/**'
  specwarden run --api-key-file /run/secrets/key --seed random --max-time 1800
  specwarden run --demo=clean             the embedded instance without faults: must pass";

pub(super) const TEST: &str = "\
EXAMPLES
  specwarden test swagger.json --base-url http://127.0.0.1:8080/api
  specwarden test --disable undocumented-status --random-cases 100
  specwarden test --include tag:assets --parameter project_id=1 --strict
  specwarden test --demo --format json";

pub(super) const SNAPSHOT: &str = "\
EXAMPLES
  specwarden snapshot                    ask every operation, compare with the accepted answers
  specwarden snapshot list               what waits for a decision
  specwarden snapshot review             one by one: accept, reject or skip
  specwarden snapshot accept --all
  specwarden snapshot reject get-teams-200";

pub(super) const BENCH: &str = "\
EXAMPLES
  specwarden bench --bench-requests 500
  specwarden bench --include 'GET /findings' --workers 1
  specwarden bench --demo=clean --format json";

pub(super) const DIFF: &str = "\
EXAMPLES
  specwarden diff old.json new.json
  specwarden diff https://api.example.com/swagger.json swagger.json --format markdown
  git show main:swagger.json | specwarden diff - swagger.json";

pub(super) const INSPECT: &str = "\
EXAMPLES
  specwarden inspect swagger.json
  specwarden inspect openapi.yaml --json
  specwarden inspect openapi.yaml --strict --quiet
  specwarden inspect openapi.yaml --rule example-mismatch --all";

pub(super) const EXPLAIN: &str = "\
EXAMPLES
  specwarden explain
  specwarden explain response-schema-mismatch";

pub(super) const GENERATE: &str = "\
EXAMPLES
  specwarden generate swagger.json --operation 'POST /projects' -n 5
  specwarden generate swagger.json --mode negative --seed 7";

pub(super) const TRY: &str = "\
EXAMPLES
  specwarden try swagger.json getProject --param project_id=1
  specwarden try swagger.json 'POST /projects' --body @project.json
  specwarden try swagger.json 'GET /assets' --param limit=10 --base-url http://127.0.0.1:8080/api";

pub(super) const REPLAY: &str = "\
EXAMPLES
  specwarden replay latest                   every finding of the last run
  specwarden replay 20261123-010203-ab12
  specwarden replay 447101c91269             one finding, by its fingerprint";

pub(super) const REPORT: &str = "\
EXAMPLES
  specwarden report latest --format markdown
  specwarden report 20261123-010203-ab12 --report junit=junit.xml --report json=report.json";

pub(super) const MERGE: &str = "\
EXAMPLES
  specwarden merge shard-1 shard-2 shard-3 --report junit=junit.xml";

pub(super) const BASELINE: &str = "\
EXAMPLES
  specwarden baseline add 447101c91269 --reason 'the gateway answers, not us' --expires 2026-12-31
  specwarden baseline update                 everything that the newest run found
  specwarden baseline list                   what is known, and how it stands
  specwarden baseline prune                  remove what is fixed or has expired

A known finding is told in every report and fails no run. Keep specwarden-baseline.toml in version control.";

pub(super) const BASELINE_ADD: &str = "\
EXAMPLES
  specwarden baseline add latest --reason 'before the first release'
  specwarden baseline add 447101c91269 d9ab17aa8e72 --reason 'fixed by the rewrite' --owner payments --ticket PAY-17
  specwarden baseline add 447101c91269 --reason 'vendor is told' --expires 2026-12-31";

pub(super) const BASELINE_UPDATE: &str = "\
EXAMPLES
  specwarden baseline update
  specwarden baseline update 20261123-010203-ab12 --reason 'as it was handed over' --expires 2026-12-31";

pub(super) const BASELINE_PRUNE: &str = "\
EXAMPLES
  specwarden baseline prune --dry-run        what would go
  specwarden baseline prune 20261123-010203-ab12

An entry is fixed if the run exercised its rule on its operation to the end and found nothing; it must name both.";

pub(super) const BASELINE_LIST: &str = "\
EXAMPLES
  specwarden baseline list
  specwarden baseline list 20261123-010203-ab12";

pub(super) const RUNS: &str = "\
EXAMPLES
  specwarden runs list                       what is stored, how large it is, why it stays
  specwarden runs prune --keep 10 --dry-run  what would go

Each night ends by removing old runs: the newest 30 stay, or as many as `[store] keep` says
(0: all). Runs that show a finding of the baseline, and those with which latency is compared,
stay besides.";

pub(super) const RUNS_LIST: &str = "\
EXAMPLES
  specwarden runs list
  specwarden runs list --keep 10             as it would be then";

pub(super) const RUNS_PRUNE: &str = "\
EXAMPLES
  specwarden runs prune --dry-run            what would go
  specwarden runs prune --keep 10

A run whose folder was renamed to something else stays for ever.";

pub(super) const DEMO: &str = "\
EXAMPLES
  specwarden demo                            all faults; open the printed address in a browser
  specwarden demo --faults none --port 8080
  specwarden demo --faults wrong-type-in-response,slow-response";

pub(super) const INIT: &str = "\
EXAMPLES
  specwarden init
  specwarden init --ci github";
