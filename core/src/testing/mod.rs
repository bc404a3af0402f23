//! Scripted transport, manual clock and deterministic executor: how this project tests every rule
//! of time and failure in milliseconds, and how users test their own applications.
//!
//! Nothing moves by itself. [`Harness::settle`] runs what can run now, [`Harness::advance`] lets
//! time pass, [`Harness::run`] jumps from one sleeper to the next until nothing is left to do.

mod clock;
mod executor;
mod form;
mod matching;
mod script;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use serde_json::Value as Json;

pub use self::{clock::ManualClock, executor::Executor, matching::mismatch, script::Script};
use crate::{
    error::{Code, Error, Result},
    media::MediaSource,
    runtime::{Host, Runtime},
};

/// A runtime on which nothing moves by itself.
#[derive(Debug, Clone)]
pub struct Harness {
    clock: Arc<ManualClock>,
    executor: Arc<Executor>,
    script: Arc<Script>,
    host: Arc<dyn Host>,
}

impl Harness {
    /// Reads a scenario: `{"exchanges": […], "random": […], "env": {…}, "scarce": true}`, all
    /// optional; see `tests/conformance/README.md`. `env` replaces the environment of `host`, and
    /// `scarce` what it says about connections.
    ///
    /// # Errors
    /// `config` when the scenario is malformed.
    pub fn new(scenario: &Json, host: Arc<dyn Host>) -> Result<Self> {
        let clock = Arc::new(ManualClock::new(numbers(scenario.get("random"))?));
        let exchanges = scenario.get("exchanges").and_then(Json::as_array);
        let script = Script::new(exchanges.map_or(&[], Vec::as_slice), clock.clone())?;
        let variables = scenario.get("env").and_then(Json::as_object).map(|variables| {
            let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
            variables.iter().map(|(name, value)| (name.clone(), text(value))).collect()
        });
        let scarce = scenario.get("scarce").and_then(Json::as_bool);
        let host = Arc::new(Scripted { variables, scarce, host });
        Ok(Self { clock, executor: Arc::default(), script: Arc::new(script), host })
    }

    /// The ports.
    pub fn runtime(&self) -> Runtime {
        Runtime {
            transport: self.script.clone(),
            sandbox: Some(self.script.clone()),
            clock: self.clock.clone(),
            spawner: self.executor.clone(),
            host: self.host.clone(),
        }
    }

    /// The clock.
    pub fn clock(&self) -> &Arc<ManualClock> {
        &self.clock
    }

    /// The transport.
    pub fn script(&self) -> &Arc<Script> {
        &self.script
    }

    /// The spawner.
    pub fn executor(&self) -> &Arc<Executor> {
        &self.executor
    }

    /// Runs everything that can run without time passing.
    pub fn settle(&self) {
        self.executor.run_until_stalled();
    }

    /// Lets time pass, stopping at every moment at which a sleeper is due.
    pub fn advance(&self, duration: Duration) {
        let end = self.clock.elapsed() + duration;
        self.settle();
        while let Some(due) = self.clock.next_due().filter(|due| *due <= end) {
            self.clock.jump_to(due);
            self.settle();
        }
        self.clock.jump_to(end);
        self.settle();
    }

    /// Jumps from sleeper to sleeper until nothing spawned is left, or nothing left is asleep.
    pub fn run(&self) {
        self.settle();
        while !self.executor.is_empty() {
            let Some(due) = self.clock.next_due() else { return };
            self.clock.jump_to(due);
            self.settle();
        }
    }

    /// Jumps from sleeper to sleeper until `done`; `false` when nothing is left that could do it.
    pub fn run_until(&self, done: impl Fn() -> bool) -> bool {
        self.settle();
        while !done() {
            let Some(due) = self.clock.next_due() else { return false };
            self.clock.jump_to(due);
            self.settle();
        }
        true
    }
}

fn numbers(json: Option<&Json>) -> Result<Vec<f64>> {
    let Some(json) = json else { return Ok(Vec::new()) };
    let all = json.as_array().and_then(|items| items.iter().map(Json::as_f64).collect());
    all.ok_or_else(|| malformed("random is a list of numbers"))
}

fn malformed(problem: &str) -> Error {
    Error::new(Code::Config, format!("malformed scenario: {problem}"))
}

/// A host of which the scenario replaces a part.
#[derive(Debug)]
struct Scripted {
    variables: Option<BTreeMap<String, String>>,
    scarce: Option<bool>,
    host: Arc<dyn Host>,
}

impl Host for Scripted {
    fn environment(&self, name: &str) -> Option<String> {
        match &self.variables {
            Some(variables) => variables.get(name).cloned(),
            None => self.host.environment(name),
        }
    }

    fn open(&self, path: &str) -> Option<Option<Arc<dyn MediaSource>>> {
        self.host.open(path)
    }

    fn base_url(&self) -> Option<String> {
        self.host.base_url()
    }

    fn connections_are_scarce(&self) -> bool {
        self.scarce.unwrap_or_else(|| self.host.connections_are_scarce())
    }
}

/// A host with nothing: no environment, no files, connections in plenty.
#[derive(Debug, Clone, Copy, Default)]
pub struct BareHost;

impl Host for BareHost {
    fn environment(&self, _name: &str) -> Option<String> {
        None
    }

    fn open(&self, _path: &str) -> Option<Option<Arc<dyn MediaSource>>> {
        None
    }

    fn base_url(&self) -> Option<String> {
        None
    }

    fn connections_are_scarce(&self) -> bool {
        false
    }
}
