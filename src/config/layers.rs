//! Layers over each other: what the upper one says wins, key by key.

use crate::config::{
    AuthFile, BenchFile, File, GateFile, HttpFile, OperationFile, SelectFile, SnapshotsFile, StoreFile,
    TestFile,
};

impl File {
    /// This layer over `below`. Lists replace each other whole; named values add up.
    pub fn over(self, below: Self) -> Self {
        let mut keys = self.keys;
        keys.extend(
            below
                .keys
                .into_iter()
                .filter(|low| keys.iter().all(|high| high.name != low.name))
                .collect::<Vec<_>>(),
        );
        let mut operations = below.operations;
        for (pattern, high) in self.operations {
            let low: &mut OperationFile = operations.entry(pattern).or_default();
            low.parameters.extend(high.parameters);
            low.values.extend(high.values);
            if high.body.is_some() || high.body_file.is_some() {
                (low.body, low.body_file) = (high.body, high.body_file);
            }
        }
        Self {
            spec: self.spec.or(below.spec),
            remote_refs: self.remote_refs.or(below.remote_refs),
            base_url: self.base_url.or(below.base_url),
            against: self.against.or(below.against),
            baseline: self.baseline.or(below.baseline),
            reports: self.reports.or(below.reports),
            auth: self.auth.over(below.auth),
            keys,
            http: self.http.over(below.http),
            test: self.test.over(below.test),
            select: self.select.over(below.select),
            snapshots: self.snapshots.over(below.snapshots),
            bench: self.bench.over(below.bench),
            gate: self.gate.over(below.gate),
            store: self.store.over(below.store),
            parameters: below.parameters.into_iter().chain(self.parameters).collect(),
            values: below.values.into_iter().chain(self.values).collect(),
            operations,
        }
    }
}

impl AuthFile {
    fn over(self, below: Self) -> Self {
        // Where the key lies is one question with two spellings: the upper answer hides both lower ones.
        let here = self.key_env.is_some() || self.key_file.is_some();
        let (key_env, key_file) =
            if here { (self.key_env, self.key_file) } else { (below.key_env, below.key_file) };
        Self { scheme: self.scheme.or(below.scheme), header: self.header.or(below.header), key_env, key_file }
    }
}

impl HttpFile {
    fn over(self, below: Self) -> Self {
        Self {
            workers: self.workers.or(below.workers),
            rate: self.rate.or(below.rate),
            timeout_ms: self.timeout_ms.or(below.timeout_ms),
            max_body_bytes: self.max_body_bytes.or(below.max_body_bytes),
            headers: below.headers.into_iter().chain(self.headers).collect(),
        }
    }
}

impl TestFile {
    fn over(self, below: Self) -> Self {
        Self {
            seed: self.seed.or(below.seed),
            safety: self.safety.or(below.safety),
            enable: self.enable.or(below.enable),
            disable: self.disable.or(below.disable),
            families: self.families.or(below.families),
            max_response_ms: self.max_response_ms.or(below.max_response_ms),
            random_cases: self.random_cases.or(below.random_cases),
            max_cases: self.max_cases.or(below.max_cases),
            max_requests: self.max_requests.or(below.max_requests),
            max_time_s: self.max_time_s.or(below.max_time_s),
            max_operation_time_s: self.max_operation_time_s.or(below.max_operation_time_s),
            patience_s: self.patience_s.or(below.patience_s),
            settle_ms: self.settle_ms.or(below.settle_ms),
        }
    }
}

impl SelectFile {
    fn over(self, below: Self) -> Self {
        Self {
            include: self.include.or(below.include),
            exclude: self.exclude.or(below.exclude),
            safe: self.safe.or(below.safe),
        }
    }
}

impl SnapshotsFile {
    fn over(self, below: Self) -> Self {
        Self { enabled: self.enabled.or(below.enabled), folder: self.folder.or(below.folder) }
    }
}

impl BenchFile {
    fn over(self, below: Self) -> Self {
        Self {
            enabled: self.enabled.or(below.enabled),
            requests: self.requests.or(below.requests),
            warm_up: self.warm_up.or(below.warm_up),
            max_time_s: self.max_time_s.or(below.max_time_s),
        }
    }
}

impl StoreFile {
    fn over(self, below: Self) -> Self {
        Self { keep: self.keep.or(below.keep) }
    }
}

impl GateFile {
    fn over(self, below: Self) -> Self {
        Self {
            strict: self.strict.or(below.strict),
            intermittent: self.intermittent.or(below.intermittent),
            severity: self.severity.or(below.severity),
            operations: self.operations.or(below.operations),
            statuses: self.statuses.or(below.statuses),
            constraints: self.constraints.or(below.constraints),
            checks: self.checks.or(below.checks),
        }
    }
}
