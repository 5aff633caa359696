//! The way of one request through the instance, from raw parts to an answer. The order of refusals is decided here.

use std::sync::Mutex;
use std::sync::PoisonError;

use crate::demo::access::authenticate;
use crate::demo::access::authorise;
use crate::demo::check::Cargo;
use crate::demo::check::check_path;
use crate::demo::check::check_rest;
use crate::demo::conditions;
use crate::demo::conditions::Conditions;
use crate::demo::contract::Contract;
use crate::demo::contract::Destination;
use crate::demo::contract::Operation;
use crate::demo::fault::FaultSet;
use crate::demo::handlers::handler;
use crate::demo::manners;
use crate::demo::misconduct;
use crate::demo::reply::Reply;
use crate::demo::sabotage;
use crate::demo::state::PROJECTS;
use crate::demo::state::State;
use crate::demo::walls;

/// The instance without its network side.
pub(crate) struct Instance {
    /// The document, as it is enforced.
    pub(crate) contract: Contract,
    /// The faults that are on.
    pub(crate) faults: FaultSet,
    /// Everything remembered.
    pub(crate) state: Mutex<State>,
}

/// A request, taken apart.
pub(crate) struct Incoming<'a> {
    /// Method in upper case.
    pub(crate) method: &'a str,
    /// Path below the base path, still percent-encoded.
    pub(crate) path: &'a str,
    /// Every value of the key header.
    pub(crate) keys: Vec<&'a str>,
    /// `If-Match` and `If-None-Match`.
    pub(crate) conditions: Conditions<'a>,
    /// The rest.
    pub(crate) cargo: Cargo<'a>,
}

impl Instance {
    /// Answers a request.
    pub(crate) fn answer(&self, incoming: &Incoming<'_>) -> Reply {
        match self.contract.find(incoming.method, incoming.path) {
            Destination::Nowhere => Reply::not_found("path"),
            Destination::OtherMethods(template, methods) => {
                let refusal = Reply::refusal(405, "method_not_allowed", "this path does not know the method")
                    .with_header("Allow", methods.join(", "));
                manners::of_other_method(&self.faults, incoming.method, template, refusal)
            }
            Destination::Operation(operation, raw) => {
                // A handler that panicked has left nothing half-written that matters to a demo.
                let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
                let reply = self.run(&mut state, operation, &raw, incoming);
                manners::of_answer(&self.faults, operation, reply)
            }
        }
    }

    fn run(
        &self,
        state: &mut State,
        operation: &Operation,
        raw: &[(&str, String)],
        incoming: &Incoming<'_>,
    ) -> Reply {
        let caller = match authenticate(state, operation, &self.faults, &incoming.keys) {
            Ok(caller) => caller,
            Err(refusal) => {
                if let Ok(call) = check_path(operation, raw).as_ref()
                    && incoming.keys.is_empty()
                {
                    misconduct::for_nobody(state, &self.faults, operation, call);
                }
                return sabotage::of_stranger(&self.faults, operation, refusal);
            }
        };
        let cargo = manners::of_cargo(&self.faults, operation, incoming.cargo);
        let checked = check_path(operation, raw).and_then(|mut call| {
            authorise(operation, &self.faults, &caller, &call.path)
                .map_err(|refusal| walls::reveal(state, &self.faults, operation, &call, refusal))?;
            check_rest(operation, &cargo, &mut call)?;
            Ok(call)
        });
        let mut call = match checked {
            Ok(call) => call,
            Err(refusal) => {
                if let Ok(call) = check_path(operation, raw) {
                    misconduct::despite(state, &self.faults, operation, &call, &incoming.cargo, &refusal);
                }
                return sabotage::of_refusal(&self.faults, operation, refusal);
            }
        };
        let out_of_turn = sabotage::before(state, &self.faults, operation, &mut call)
            .or_else(|| misconduct::before(state, &self.faults, operation, &mut call))
            .or_else(|| conditions::refuse(state, &self.faults, operation, &call, incoming.conditions));
        let reply = out_of_turn.unwrap_or_else(|| {
            let project = call.path.get("project_id").and_then(|name| PROJECTS.number(name));
            if project.is_some_and(|number| state.all("", &PROJECTS).get(number).is_none()) {
                return Reply::not_found("project");
            }
            match handler(&operation.key) {
                Some(handle) => handle(state, &caller, &call),
                None => Reply::refusal(501, "not_implemented", "this operation has no handler"),
            }
        });
        let reply = conditions::dress(&self.faults, operation, incoming.conditions, reply);
        let reply = misconduct::after(state, &self.faults, operation, &call, reply);
        sabotage::after(state, &self.faults, operation, &call, reply)
    }
}
