//! Reads the rules of triage.

use std::collections::BTreeMap;

use toml::Spanned;

use super::reader::Entries;
use super::reader::Reader;
use crate::check_in::Sign;
use crate::plan::file::{ConditionEntry, RuleEntry};
use crate::plan::{Condition, ElapsedDays, MAX_RULES, PlanFault, Rule};
use crate::triage::{RuleId, TriageLevel};

impl Reader<'_> {
    /// The rules of the plan beneath with those of the file.
    pub(in crate::plan) fn rules(&mut self, entries: Vec<RuleEntry>) -> Vec<Rule> {
        let mut rules = self.base.map(|base| base.parts.rules.clone()).unwrap_or_default();
        let mut index: BTreeMap<String, usize> = rules
            .iter()
            .enumerate()
            .map(|(index, rule)| (rule.id.0.clone(), index))
            .collect();
        let mut places = Entries::new();
        let mut conditions = Vec::new();
        for entry in entries {
            if !self.is_new(&mut places, &entry.id) {
                continue;
            }
            let known = index.get(entry.id.get_ref()).copied();
            let (name, place) = (entry.id.get_ref().clone(), entry.id.span());
            let Some((rule, when)) = self.rule(entry, known.map(|known| &rules[known]).cloned()) else {
                self.document.pruned.leave_out("rule", &name);
                continue;
            };
            let at = known.unwrap_or(rules.len());
            if known.is_some() {
                rules[at] = rule;
            } else {
                if rules.len() == MAX_RULES {
                    self.document.at(&place, PlanFault::TooManyRules(MAX_RULES));
                }
                rules.push(rule);
                index.insert(name, at);
            }
            conditions.push((at, when));
        }
        self.conditions(&mut rules, &index, conditions);
        rules
    }

    /// A rule as far as it can be read alone, and its conditions, which name other rules.
    fn rule(&mut self, entry: RuleEntry, base: Option<Rule>) -> Option<(Rule, Vec<Spanned<ConditionEntry>>)> {
        let place = entry.id.span();
        let id = entry.id.into_inner();
        let claim = base
            .as_ref()
            .map(|base| (base.sources.as_slice(), base.extrapolated));
        let (sources, extrapolated) = self.claim(entry.sources, entry.extrapolated, claim, &id, &place);
        let texts = entry
            .texts
            .map(|own| self.per_locale(("rules", &id), own, |t| t.rules.remove(id.as_str())));
        let Some(base) = base else {
            if entry.level.is_none() {
                self.missing(&place, "level", "watch, call_clinic or emergency");
            }
            if texts.is_none() {
                self.missing(&place, "texts", "the patient's words");
            }
            if entry.when.is_empty() {
                self.missing(&place, "when", "it fires when one of these conditions holds");
            }
            let rule = Rule {
                id: RuleId(id),
                level: entry.level?.into_inner(),
                when: Vec::new(),
                sources,
                extrapolated,
                texts: texts?,
            };
            return Some((rule, entry.when));
        };
        let mut rule = Rule {
            sources,
            extrapolated,
            texts: texts.unwrap_or(base.texts),
            ..base
        };
        if let Some(level) = entry.level {
            if *level.get_ref() < rule.level {
                let fault = PlanFault::LowerLevel {
                    id,
                    found: *level.get_ref(),
                    base: rule.level,
                };
                self.document.at(&level.span(), fault);
            } else {
                rule.level = level.into_inner();
            }
        }
        Some((rule, entry.when))
    }

    /// Each red flag calls for the clinic alone, on every day.
    pub(super) fn red_flags(&self, rules: &[Rule]) {
        if self.document.pruned.any_part_of("rule") {
            return;
        }
        for sign in Sign::ALL.iter().copied().filter(|sign| sign.is_red_flag()) {
            let mut days: Vec<ElapsedDays> = rules
                .iter()
                .filter(|rule| rule.level >= TriageLevel::CallClinic)
                .flat_map(|rule| &rule.when)
                .filter(|condition| raises_alone(condition, sign))
                .map(|condition| condition.days)
                .collect();
            days.sort_by_key(|days| days.from);
            // The first day that none of them covers; none when they reach for ever.
            let uncovered = days.into_iter().try_fold(0, |next, days| {
                if days.from > next {
                    return Some(next);
                }
                days.to.map(|to| next.max(to + 1))
            });
            if uncovered.is_some() {
                self.document.whole(PlanFault::RedFlagUncovered(sign));
            }
        }
    }
}

/// Whether a condition holds for a sign alone, whatever else is true of the session, or gives way to
/// a rule of a higher level.
fn raises_alone(condition: &Condition, sign: Sign) -> bool {
    let Condition {
        signs,
        at_least: None,
        severity: None,
        above_band: None,
        rising: None,
        returned: None,
        lasting: None,
        days: _,
        any_session: _,
        classes,
        risks,
        treated,
        place,
        fires,
        // Where it gives way, a rule of a higher level has fired.
        unless: _,
        untaken_signs: false,
    } = condition
    else {
        return false;
    };
    matches!(signs.as_slice(), [group] if group.contains(sign))
        && classes.is_empty()
        && risks.is_empty()
        && treated.is_empty()
        && place.is_empty()
        && fires.is_empty()
}
