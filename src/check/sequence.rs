//! Calls that belong together, judged as a transcript: create, read, replace, delete, page by page.
//!
//! The caller sends and says what each step was for; nothing here may guess a step's role from its request.

use crate::case::{Case, Payload};
use crate::check::refusal::refuses_in_body;
use crate::check::rules::{
    created_resource_missing, created_value_lost, deleted_resource_available, deleted_resource_listed,
    etag_not_renewed, filter_ignored, location_broken, not_modified_wrongly, page_limit_exceeded,
    pagination_loops, pagination_repeats_item, pagination_skips_item, pagination_total_wrong,
    patch_changes_unsent, put_keeps_omitted, put_not_idempotent, refused_creation_kept,
    refused_write_has_effect, sort_ignored, stale_write_accepted, update_lost,
};
use crate::check::{CheckOptions, SequenceJudgement};
use crate::exchange::{Exchange, Response};
use crate::finding::{Finding, Place, Rule, Site};
use crate::schema::Pointer;
use crate::spec::{Api, Operation, OperationKey};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a step is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Creates a resource.
    Create,
    /// Reads the created resource by its id.
    ReadAfterCreate,
    /// Follows the `Location` of the creation, on the same origin.
    FollowLocation,
    /// Replaces the resource (PUT).
    Replace,
    /// Reads what was replaced. Given twice, fields that change between the two are left out of account.
    ReadAfterReplace,
    /// Sends the very same replacement again.
    ReplaceAgain,
    /// Reads after the second replacement.
    ReadAfterReplaceAgain,
    /// Changes a part of the resource (PATCH).
    Patch,
    /// Reads what was patched.
    ReadAfterPatch,
    /// Replaces the resource (PUT) by a body that leaves something out.
    ReplacePart,
    /// Reads what was replaced so.
    ReadAfterReplacePart,
    /// Writes to the resource (PUT, PATCH) what the document forbids.
    Refused,
    /// Reads after the refusal.
    ReadAfterRefused,
    /// Deletes the resource in a way that is refused.
    RefusedDelete,
    /// Reads after that.
    ReadAfterRefusedDelete,
    /// Reads another resource of the kind, which nobody has deleted.
    ReadTwin,
    /// Reads the list before a creation that will be refused.
    ListBeforeRefusal,
    /// Creates what the document forbids.
    RefusedCreate,
    /// Reads the list after the refused creation.
    ListAfterRefusal,
    /// Reads with `If-None-Match` and an entity tag that nobody gave out.
    ReadUnless,
    /// Reads with `If-None-Match` and the entity tag from before the change.
    ReadUnlessOld,
    /// Writes with `If-Match` and the entity tag from before the change.
    StaleWrite,
    /// Reads after that.
    ReadAfterStaleWrite,
    /// Reads the list while the resource exists.
    ListBeforeDelete,
    /// Deletes the resource.
    Delete,
    /// Reads what was deleted.
    ReadAfterDelete,
    /// Reads the list after the deletion.
    ListAfterDelete,
    /// The first of two consecutive pages of a list.
    Page1,
    /// The second of two consecutive pages of a list.
    Page2,
    /// As much of the same list as one page may hold.
    WholeList,
    /// What lies behind the last item of it.
    ListEnd,
    /// A page of a list, the first or one that the page before named.
    NextPage,
    /// The first of them once more.
    FirstPageAgain,
    /// A list in one of the orders that its document offers.
    Sorted,
    /// A list without the filter that the next steps use.
    Unfiltered,
    /// The list by one value of one filter.
    Filtered,
}

/// One call of a sequence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// What it is for.
    pub role: Role,
    /// The operation that was called.
    pub operation: OperationKey,
    /// What was sent.
    pub case: Case,
    /// What came back.
    pub exchange: Exchange,
}

impl Step {
    pub(crate) fn response(&self) -> Option<&Response> {
        self.exchange.response()
    }

    pub(crate) fn status(&self) -> Option<u16> {
        self.exchange.status()
    }

    /// Whether the call was done: not merely accepted for later (202), not refused in its body.
    pub(crate) fn is_done(&self) -> bool {
        let refused = self.response().is_some_and(refuses_in_body);
        self.status().is_some_and(|status| (200..300).contains(&status) && status != 202) && !refused
    }

    /// The JSON of a successful answer.
    pub(crate) fn json(&self) -> Option<Value> {
        let told =
            |response: &&Response| response.is_success() && !response.truncated && !refuses_in_body(response);
        self.response().filter(told)?.json()
    }
}

/// The steps of one sequence about one resource, in the order in which they were sent.
#[derive(Clone, Copy)]
pub(crate) struct Transcript<'a> {
    pub(crate) api: &'a Api,
    pub(crate) steps: &'a [Step],
}

impl<'a> Transcript<'a> {
    /// The first step with this role.
    pub(crate) fn first(&self, role: Role) -> Option<&'a Step> {
        self.steps.iter().find(|step| step.role == role)
    }

    /// The same, if it was answered 200: nothing else shows a list.
    pub(crate) fn shown(&self, role: Role) -> Option<&'a Step> {
        self.first(role).filter(|step| step.status() == Some(200))
    }

    /// All steps with this role, if there are any and each was answered 200.
    pub(crate) fn all_shown(&self, role: Role) -> Option<Vec<&'a Step>> {
        let steps: Vec<&Step> = self.steps.iter().filter(|step| step.role == role).collect();
        (!steps.is_empty() && steps.iter().all(|step| step.status() == Some(200))).then_some(steps)
    }

    /// The step `read` after the first step `act`, unless one with a role of `between` stands between them.
    ///
    /// Of several readings in a row the last counts: what is stored may take a while to show.
    pub(crate) fn pair(&self, act: Role, read: Role, between: &[Role]) -> Option<(&'a Step, &'a Step)> {
        let at = self.steps.iter().position(|step| step.role == act)?;
        let rest = &self.steps[at + 1..];
        let end = rest.iter().position(|step| step.role == read)?;
        let disturbed = rest[..end].iter().any(|step| between.contains(&step.role));
        let last = rest[end..].iter().take_while(|step| step.role == read).last()?;
        (!disturbed).then(|| (&self.steps[at], last))
    }

    pub(crate) fn operation(&self, step: &Step) -> Option<&'a Operation> {
        self.api.operation(&step.operation)
    }

    /// The schema documented for the JSON answer of this step.
    pub(crate) fn answer_schema(&self, step: &Step) -> Option<Pointer> {
        let spec = self.operation(step)?.response(step.status()?)?;
        spec.contents.iter().find_map(|content| content.schema.clone())
    }

    /// The creation of what a step is about, if it is another step before it.
    fn origin(&self, subject: &Step) -> Option<&'a Step> {
        let at = self.steps.iter().position(|step| std::ptr::eq(step, subject))?;
        self.steps[..at].iter().rfind(|step| step.role == Role::Create)
    }

    /// A finding about the operation of `evidence[0]`, with all of `evidence`.
    ///
    /// What it happened to was created first, so that the commands that show it again begin with the creation.
    pub(crate) fn finding(&self, rule: &Rule, site: &str, title: String, evidence: &[&Step]) -> Finding {
        self.finding_of(rule, evidence.first().copied(), site, title, evidence)
    }

    /// A finding about the operation of `subject`, with all of `evidence`, the proof last.
    pub(crate) fn finding_of(
        &self,
        rule: &Rule,
        subject: Option<&Step>,
        site: &str,
        title: String,
        evidence: &[&Step],
    ) -> Finding {
        let key = subject.map(|step| &step.operation);
        let mut finding = Finding::new(rule, key, &Site::new(&[site]), title);
        if let Some(operation) = subject.and_then(|step| self.operation(step)) {
            let document = Some(operation.pointer.clone());
            finding = finding.place(Place { document, instance: None, label: String::new() });
        }
        let created = evidence.first().and_then(|first| self.origin(first));
        let evidence: Vec<&Step> = created.into_iter().chain(evidence.iter().copied()).collect();
        finding.detail = evidence.iter().map(|step| step.exchange.told()).collect::<Vec<_>>().join("\n");
        finding.case = subject.map(|step| step.case.clone());
        finding.evidence = evidence.iter().map(|step| step.exchange.clone()).collect();
        finding
    }
}

/// The JSON object that a case sends.
pub(crate) fn sent_object(case: &Case) -> Option<&Map<String, Value>> {
    match &case.body.as_ref()?.payload {
        Payload::Json(Value::Object(map)) => Some(map),
        Payload::Json(_) | Payload::Raw(_) => None,
    }
}

/// A rule's word about one operation of a sequence.
pub(crate) type Verdict = (OperationKey, Vec<Finding>);
type Check = fn(&Transcript) -> Vec<Verdict>;

/// Every rule about sequences.
const CHECKS: &[(&Rule, Check)] = &[
    (&created_resource_missing::RULE, created_resource_missing::check),
    (&created_value_lost::RULE, created_value_lost::check),
    (&location_broken::RULE, location_broken::check),
    (&update_lost::RULE, update_lost::check),
    (&put_not_idempotent::RULE, put_not_idempotent::check),
    (&patch_changes_unsent::RULE, patch_changes_unsent::check),
    (&put_keeps_omitted::RULE, put_keeps_omitted::check),
    (&refused_write_has_effect::RULE, refused_write_has_effect::check),
    (&refused_creation_kept::RULE, refused_creation_kept::check),
    (&deleted_resource_available::RULE, deleted_resource_available::check),
    (&deleted_resource_listed::RULE, deleted_resource_listed::check),
    (&pagination_repeats_item::RULE, pagination_repeats_item::check),
    (&pagination_skips_item::RULE, pagination_skips_item::check),
    (&page_limit_exceeded::RULE, page_limit_exceeded::check),
    (&pagination_total_wrong::RULE, pagination_total_wrong::check),
    (&pagination_loops::RULE, pagination_loops::check),
    (&filter_ignored::RULE, filter_ignored::check),
    (&sort_ignored::RULE, sort_ignored::check),
    (&etag_not_renewed::RULE, etag_not_renewed::check),
    (&not_modified_wrongly::RULE, not_modified_wrongly::check),
    (&stale_write_accepted::RULE, stale_write_accepted::check),
];

/// What every enabled rule says of one sequence: the steps around one resource, or two pages of one list.
pub fn judge_sequence(api: &Api, options: &CheckOptions, steps: &[Step]) -> SequenceJudgement {
    let transcript = Transcript { api, steps };
    let mut judgement = SequenceJudgement::default();
    for (rule, check) in CHECKS {
        if !options.runs(rule) {
            continue;
        }
        for (operation, findings) in check(&transcript) {
            judgement.exercised.push((operation, rule.id));
            judgement.findings.extend(findings);
        }
    }
    judgement
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, json_answer, positive, step};
    use crate::exchange::Method;
    use serde_json::json;

    #[test]
    fn a_blameless_life_exercises_its_rules_and_breaks_none() {
        let world = World::new(Method::Post, "/pets")
            .and(Method::Get, "/pets/{id}")
            .and(Method::Delete, "/pets/{id}");
        let read = |role, exchange| step(role, Method::Get, "/pets/{id}", positive(), exchange);
        let steps = [
            step(Role::Create, Method::Post, "/pets", positive(), answer(201, "", "")),
            read(Role::ReadAfterCreate, json_answer(200, &json!({"id": 1}))),
            step(Role::Delete, Method::Delete, "/pets/{id}", positive(), answer(204, "", "")),
            read(Role::ReadAfterDelete, answer(404, "", "")),
        ];
        let judgement = judge_sequence(&world.api, &world.options, &steps);
        assert_eq!(judgement.findings, []);
        let rules: Vec<String> =
            judgement.exercised.iter().map(|(operation, rule)| format!("{rule} {operation}")).collect();
        assert_eq!(
            rules,
            ["created-resource-missing POST /pets", "deleted-resource-available DELETE /pets/{id}"]
        );
        let options = world.options.clone().without("deleted-resource-available");
        assert_eq!(judge_sequence(&world.api, &options, &steps).exercised.len(), 1);
    }
}
