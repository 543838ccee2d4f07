//! Reads the conditions of rules, which name other rules.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml::Spanned;

use super::reader::Reader;
use crate::check_in::Severity;
use crate::plan::file::{ConditionEntry, Name};
use crate::plan::{
    AboveBand, Condition, ElapsedDays, Lasting, PlanFault, Returned, Rising, Rule, SeverityRange, SignCount,
};
use crate::triage::TriageLevel;

impl Reader<'_> {
    /// Reads the conditions of rules whose names and levels are known by now.
    pub(super) fn conditions(
        &self,
        rules: &mut [Rule],
        index: &BTreeMap<String, usize>,
        entries: Vec<(usize, Vec<Spanned<ConditionEntry>>)>,
    ) {
        // What a raised rule gave way to before is no longer above it, and nothing may hold it back.
        let levels: Vec<TriageLevel> = rules.iter().map(|rule| rule.level).collect();
        for rule in rules.iter_mut().filter(|rule| rule.level > TriageLevel::Watch) {
            for condition in &mut rule.when {
                condition.unless.retain(|other| levels[*other] > rule.level);
                if let Some(above) = &mut condition.above_band {
                    (above.at_most, above.to) = (None, None);
                }
                if let Some(rising) = &mut condition.rising {
                    rising.at_most = None;
                }
            }
        }
        let order = Order::of(rules, &entries);
        for (at, when) in entries {
            for entry in when {
                let place = entry.span();
                let entry = entry.into_inner();
                self.order(at, &rules[at], &entry, &place, index, &order);
                for name in &entry.unless {
                    let named = index.get(name.get_ref()).map(|named| rules[*named].level);
                    if named.is_some_and(|named| named <= rules[at].level) {
                        let fault = PlanFault::UnlessNotHigher(name.get_ref().clone());
                        self.document.at(&name.span(), fault);
                    }
                }
                let condition = self.condition(entry, &place, index);
                let limited = condition
                    .above_band
                    .is_some_and(|above| above.at_most.is_some() || above.to.is_some())
                    || condition.rising.is_some_and(|rising| rising.at_most.is_some());
                if limited && rules[at].level > TriageLevel::Watch {
                    self.document
                        .at(&place, PlanFault::UpperLimit(rules[at].id.0.clone()));
                }
                rules[at].when.push(condition);
            }
        }
    }

    /// Whatever a condition looks at is judged before it: `fires` leads to rules that look at no
    /// other, and only what is judged last gives way to what is judged last.
    fn order(
        &self,
        at: usize,
        rule: &Rule,
        entry: &ConditionEntry,
        place: &Range<usize>,
        index: &BTreeMap<String, usize>,
        order: &Order,
    ) {
        for name in &entry.fires {
            let Some(named) = index.get(name.get_ref()) else {
                continue;
            };
            if order.hanging.contains(named) {
                let fault = PlanFault::FiresChain(name.get_ref().clone());
                self.document.at(&name.span(), fault);
            } else if order.waiting.contains(named) {
                let fault = PlanFault::FiresTooSoon(name.get_ref().clone());
                self.document.at(&name.span(), fault);
            }
        }
        // The plan beneath may look at the rule already.
        if order.hung_from.contains(&at) {
            if let Some(name) = entry.fires.first() {
                let fault = PlanFault::FiresChain(rule.id.0.clone());
                self.document.at(&name.span(), fault);
            } else if waits(entry) {
                self.document
                    .at(place, PlanFault::FiresTooSoon(rule.id.0.clone()));
            }
        }
        if entry.untaken_signs {
            if order.given_way_to.contains(&at) {
                self.document
                    .at(place, PlanFault::UnlessTooSoon(rule.id.0.clone()));
            }
            return;
        }
        for name in &entry.unless {
            if index
                .get(name.get_ref())
                .is_some_and(|named| order.last.contains(named))
            {
                let fault = PlanFault::UnlessTooSoon(name.get_ref().clone());
                self.document.at(&name.span(), fault);
            }
        }
    }

    fn condition(
        &self,
        entry: ConditionEntry,
        place: &Range<usize>,
        index: &BTreeMap<String, usize>,
    ) -> Condition {
        let named = |names: Vec<Name>| -> Vec<usize> {
            names
                .into_iter()
                .filter_map(|name| {
                    let found = index.get(name.get_ref()).copied();
                    if found.is_none() && !self.document.pruned.entry("rule", name.get_ref()) {
                        let fault = PlanFault::UnknownRule(name.get_ref().clone());
                        self.document.at(&name.span(), fault);
                    }
                    found
                })
                .collect()
        };
        let says = !entry.signs.is_empty()
            || entry.at_least.is_some()
            || entry.severity.is_some()
            || entry.above_band.is_some()
            || entry.rising.is_some()
            || entry.returned.is_some()
            || entry.lasting.is_some()
            || !entry.fires.is_empty()
            || entry.untaken_signs;
        if !says {
            self.document.absent(place, PlanFault::EmptyCondition);
        }
        if let Some(to) = entry.to_day.filter(|to| *to < entry.from_day) {
            let from = entry.from_day;
            self.document.at(place, PlanFault::BadDays { from, to });
        }
        let bounds = |least: u8, most: Option<u8>| {
            if let Some(most) = most.filter(|most| *most < least) {
                self.document.at(place, PlanFault::BadBounds { least, most });
            }
        };
        if let Some(above) = &entry.above_band {
            bounds(above.by, above.at_most);
            bounds(
                above.from.map_or(1, Severity::grade),
                above.to.map(Severity::grade),
            );
        }
        if let Some(rising) = &entry.rising {
            bounds(rising.by, rising.at_most);
        }
        // More than there are would never be present.
        let most = |set: usize| Some(u8::try_from(set).unwrap_or(u8::MAX));
        if let Some(count) = &entry.at_least {
            bounds(count.count, most(count.of.len()));
        }
        if let Some(returned) = &entry.returned {
            bounds(returned.count, most(returned.symptoms.len()));
        }
        Condition {
            signs: entry.signs,
            at_least: entry.at_least.map(|it| SignCount {
                count: it.count,
                of: it.of,
            }),
            severity: entry.severity.map(|it| SeverityRange {
                symptoms: it.symptoms,
                from: it.from,
            }),
            above_band: entry.above_band.map(|it| AboveBand {
                symptoms: it.symptoms,
                by: it.by,
                at_most: it.at_most,
                from: it.from.unwrap_or(Severity::NONE),
                to: it.to,
            }),
            rising: entry.rising.map(|it| Rising {
                symptoms: it.symptoms,
                by: it.by,
                at_most: it.at_most,
                from: it.from.unwrap_or(Severity::NONE),
            }),
            returned: entry.returned.map(|it| Returned {
                symptoms: it.symptoms,
                count: it.count,
            }),
            lasting: entry.lasting.map(|it| Lasting {
                symptoms: it.symptoms,
                days: it.days,
            }),
            days: ElapsedDays {
                from: entry.from_day.into(),
                to: entry.to_day.map(i64::from),
            },
            any_session: entry.any_session,
            classes: entry.classes,
            risks: entry.risks,
            treated: entry.treated,
            place: entry.place,
            fires: named(entry.fires),
            unless: named(entry.unless),
            untaken_signs: entry.untaken_signs,
        }
    }
}

/// Which rules look at others, and which are looked at.
#[derive(Default)]
struct Order {
    /// They have `fires`.
    hanging: BTreeSet<usize>,
    /// They have `unless` or `untaken_signs`.
    waiting: BTreeSet<usize>,
    /// They have `untaken_signs`.
    last: BTreeSet<usize>,
    /// A `fires` of the plan beneath names them.
    hung_from: BTreeSet<usize>,
    /// An `unless` of the plan beneath names them where nothing is judged last.
    given_way_to: BTreeSet<usize>,
}

impl Order {
    /// Of rules as the plan beneath has them, and of what is read on top of it.
    fn of(rules: &[Rule], entries: &[(usize, Vec<Spanned<ConditionEntry>>)]) -> Self {
        let mut order = Self::default();
        for (at, rule) in rules.iter().enumerate() {
            for condition in &rule.when {
                let waits = !condition.unless.is_empty() || condition.untaken_signs;
                order.note(at, !condition.fires.is_empty(), waits, condition.untaken_signs);
                order.hung_from.extend(&condition.fires);
                if !condition.untaken_signs {
                    order.given_way_to.extend(&condition.unless);
                }
            }
        }
        for (at, when) in entries {
            for entry in when.iter().map(Spanned::get_ref) {
                order.note(*at, !entry.fires.is_empty(), waits(entry), entry.untaken_signs);
            }
        }
        order
    }

    fn note(&mut self, rule: usize, hangs: bool, waits: bool, last: bool) {
        for (set, holds) in [
            (&mut self.hanging, hangs),
            (&mut self.waiting, waits),
            (&mut self.last, last),
        ] {
            if holds {
                set.insert(rule);
            }
        }
    }
}

/// Whether a condition can be judged only after other rules were.
fn waits(entry: &ConditionEntry) -> bool {
    !entry.unless.is_empty() || entry.untaken_signs
}
