# Everything CI asks for, in the order in which it fails fastest.
check: fmt clippy test docs

fmt:
    cargo fmt --check

clippy:
    cargo clippy --all-targets -- -D warnings
    cargo clippy --lib --no-default-features -- -D warnings

test:
    cargo test

docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items

# Write docs/checks.md, docs/breaking-rules.md and the JSON Schemas again.
regenerate:
    UPDATE_DOCS=1 cargo test --lib fresh

# Licences and advisories (needs cargo-deny).
deny:
    cargo deny check

# Twenty nights of full size in a row on unchanged servers: the same verdicts, the same bytes. And the same cases with
# 1, 4 and 16 requests at once, for twenty seeds.
nights:
    SPECWARDEN_NIGHTS=full cargo test --release --test it -- repeated determinism

# The truth table of full size: each planted fault alone, ten seeds, with 1, 4 and 16 requests at once in turn.
truth:
    SPECWARDEN_TRUTH=seeds cargo test --release --test it truth::each

bench:
    cargo bench
