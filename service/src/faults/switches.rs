//! The rules that are in force, and how often each was asked.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
};

use media_factory_core::media::MediaType;
use serde::Serialize;

use super::rule::{Fault, Operation, Rule, Unclear};

/// Rules from request headers that are remembered.
const MOST_HEADERS: usize = 1000;

/// Every rule in force.
#[derive(Debug, Default)]
pub(super) struct Switches {
    given: Vec<Switch>,
    /// By their text, so that one that comes with every request of a client counts them all.
    from_headers: BTreeMap<String, Switch>,
}

/// One rule and its count.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Switch {
    #[serde(flatten)]
    rule: Arc<Rule>,
    /// Requests that it was for.
    seen: u64,
    /// Those of them that it hit.
    hit: u64,
}

impl Switches {
    /// These rules instead of all that there are.
    pub(super) fn replace(&mut self, rules: Vec<Rule>) {
        self.given = rules.into_iter().map(Switch::new).collect();
        self.from_headers.clear();
    }

    /// The rules in their order, those from headers last.
    pub(super) fn list(&self) -> Vec<&Switch> {
        self.given.iter().chain(self.from_headers.values()).collect()
    }

    /// What goes wrong with this request: the rule in its header is asked first, then the given
    /// ones in their order. A rule after the one that hits does not see the request.
    ///
    /// # Errors
    /// When the header cannot be followed.
    pub(super) fn fault_for(
        &mut self,
        operation: Option<Operation>,
        media_type: &MediaType,
        header: Option<&str>,
    ) -> Result<Option<Fault>, Unclear> {
        if let Some(text) = header
            && let Some(fault) = self.brought(text)?.strike(operation, media_type)
        {
            return Ok(Some(fault));
        }
        Ok(self.given.iter_mut().find_map(|switch| switch.strike(operation, media_type)))
    }

    fn brought(&mut self, text: &str) -> Result<&mut Switch, Unclear> {
        let is_full = self.from_headers.len() >= MOST_HEADERS;
        match self.from_headers.entry(text.to_owned()) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(_) if is_full => Err(Unclear::too_many(MOST_HEADERS)),
            Entry::Vacant(place) => Ok(place.insert(Switch::new(Rule::read(text)?))),
        }
    }
}

impl Switch {
    fn new(rule: Rule) -> Self {
        Self { rule: Arc::new(rule), seen: 0, hit: 0 }
    }

    fn strike(&mut self, operation: Option<Operation>, media_type: &MediaType) -> Option<Fault> {
        if !self.rule.wanted.takes(operation, media_type) {
            return None;
        }
        self.seen += 1;
        let due = self.seen > self.rule.after;
        if !due || self.rule.times.is_some_and(|times| self.hit >= times) {
            return None;
        }
        self.hit += 1;
        Some(self.rule.fault.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Vec<Rule> {
        Rule::read_list(text.as_bytes()).unwrap()
    }

    fn hits(switches: &mut Switches, header: Option<&str>, requests: usize) -> Vec<Option<u16>> {
        let status = |fault| match fault {
            Fault::Status { status, .. } => Some(status),
            _ => None,
        };
        let mut ask =
            || switches.fault_for(Some(Operation::Submit), &MediaType::Image, header).unwrap();
        (0..requests).map(|_| ask().and_then(status)).collect()
    }

    #[test]
    fn a_rule_lets_some_pass_and_then_hits_so_often() {
        let mut switches = Switches::default();
        switches.replace(rules(
            r#"[{"after": 1, "times": 2, "fault": {"kind": "status", "status": 503}}]"#,
        ));
        assert_eq!(hits(&mut switches, None, 5), [None, Some(503), Some(503), None, None]);
        let list = serde_json::to_value(switches.list()).unwrap();
        assert_eq!((&list[0]["seen"], &list[0]["hit"]), (&5.into(), &2.into()));
    }

    #[test]
    fn rules_hit_one_after_the_other() {
        let mut switches = Switches::default();
        switches.replace(rules(
            r#"[{"match": {"operation": "read"}, "fault": {"kind": "status", "status": 500}},
                {"fault": {"kind": "status", "status": 502}},
                {"times": null, "fault": {"kind": "status", "status": 504}}]"#,
        ));
        assert_eq!(hits(&mut switches, None, 3), [Some(502), Some(504), Some(504)]);
    }

    #[test]
    fn a_rule_in_a_header_counts_over_the_requests_that_carry_it() {
        let mut switches = Switches::default();
        let once = r#"{"fault": {"kind": "status", "status": 429}}"#;
        assert_eq!(hits(&mut switches, Some(once), 2), [Some(429), None]);
        let other = r#"{"fault": {"kind": "status", "status": 430}}"#;
        assert_eq!(hits(&mut switches, Some(other), 2), [Some(430), None]);
        switches.replace(Vec::new());
        assert_eq!(hits(&mut switches, Some(once), 1), [Some(429)]);
    }

    #[test]
    fn a_header_that_is_no_rule_is_told() {
        let mut switches = Switches::default();
        let told = switches.fault_for(None, &MediaType::Image, Some("slowly"));
        assert!(told.is_err());
        for n in 0..MOST_HEADERS {
            let rule = format!(r#"{{"name": "{n}", "fault": {{"kind": "forget"}}}}"#);
            assert!(switches.fault_for(None, &MediaType::Image, Some(&rule)).is_ok());
        }
        let one_more = r#"{"fault": {"kind": "forget"}}"#;
        let told = switches.fault_for(None, &MediaType::Image, Some(one_more));
        assert!(told.unwrap_err().to_string().contains("1000"));
    }
}
