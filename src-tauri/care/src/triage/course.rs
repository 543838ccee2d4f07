//! A course of check-ins, weighed against the plan's rules.
//!
//! Everything about one check-in is first turned into bit sets (which symptoms are so high, so far
//! above their band, so far up), so that each condition is a few set operations and months of
//! check-ins are judged in microseconds. Facts are gathered only for what fired.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use enumset::EnumSet;

use super::{Assessment, Fact, Finding, Gap, Judgement, OpenFinding, TriageLevel};
use crate::check_in::{CheckIn, CheckInId, Severities, Severity, Sign, Symptom};
use crate::plan::{Condition, Plan, Rule, Timing};
use crate::session::{Area, DepthClass, Risk, Session, SessionId};

/// Severities go up to 4, and so do steps.
const STEPS: usize = 5;

/// How many different days of a run above the band are remembered; no rule asks for more.
pub(crate) const LONGEST_RUN: usize = 7;

/// How long a treated area is thought of as freshly treated: as long as it may not be needled again
/// after a session of medium depth (clinical.md, `no_needling`).
const FRESH_DAYS: i64 = 28;

/// The check-ins up to an instant, in order.
pub(super) struct Course<'a> {
    plan: &'a Plan,
    sessions: Vec<Treated<'a>>,
    /// What screening found, before whichever session.
    risks: EnumSet<Risk>,
    triggers: Vec<Trigger<'a>>,
    /// By instant; of equal ones in the order in which they were given.
    entries: Vec<Entry<'a>>,
    corrections: bool,
}

/// A session and what its check-ins are held against.
struct Treated<'a> {
    session: &'a Session,
    areas: EnumSet<Area>,
    class: DepthClass,
    /// The bands of its areas by elapsed day; the last day holds from then on.
    bands: Vec<[Severity; Symptom::ALL.len()]>,
}

/// A check-in and the place of its session.
#[derive(Clone, Copy)]
struct Entry<'a> {
    check_in: &'a CheckIn,
    session: usize,
    /// Whether a later one corrects it.
    replaced: bool,
}

/// A condition and what must be there at all before it is worth a look.
struct Trigger<'a> {
    rule: usize,
    condition: &'a Condition,
    needs: Needs,
}

/// What a check-in shows at all, or what a condition needs, as bits.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Needs(u16);

impl Needs {
    const SIGN: u16 = 1;
    const ABOVE_BAND: u16 = 1 << 1;
    const RISING: u16 = 1 << 2;
    const RETURNED: u16 = 1 << 3;
    /// A severity of at least 1, 2, 3 or 4: this bit shifted by the severity.
    const SEVERITY: u16 = 1 << 4;

    fn of(condition: &Condition) -> Self {
        let mut needs = 0;
        if !condition.signs.is_empty() || condition.at_least.is_some() || condition.untaken_signs {
            needs |= Self::SIGN;
        }
        if condition.above_band.is_some() || condition.lasting.is_some() {
            needs |= Self::ABOVE_BAND;
        }
        if condition.rising.is_some() {
            needs |= Self::RISING;
        }
        if condition.returned.is_some() {
            needs |= Self::RETURNED;
        }
        if let Some(severity) = condition.severity {
            needs |= Self::SEVERITY << severity.from.grade();
        }
        Self(needs)
    }

    fn met_by(self, shown: Self) -> bool {
        self.0 & shown.0 == self.0
    }
}

/// The rules that fired, by their places in the plan. The reader allows no more.
#[derive(Clone, Copy, Default)]
struct Fired(u128);

impl Fired {
    fn insert(&mut self, rule: usize) {
        self.0 |= 1 << rule;
    }

    fn contains(self, rule: usize) -> bool {
        self.0 & (1 << rule) != 0
    }

    fn any(self, rules: &[usize]) -> bool {
        rules.iter().any(|rule| self.contains(*rule))
    }
}

impl<'a> Course<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        sessions: &'a [Session],
        check_ins: &'a [CheckIn],
        now: DateTime<Utc>,
    ) -> Self {
        let mut by_id: Vec<(SessionId, usize)> = sessions
            .iter()
            .enumerate()
            .map(|(place, session)| (session.id, place))
            .collect();
        by_id.sort_unstable();
        let replaced: BTreeSet<CheckInId> = check_ins
            .iter()
            .filter(|check_in| check_in.at <= now)
            .filter_map(|check_in| check_in.revises)
            .collect();
        let mut last: Option<(SessionId, usize)> = None;
        let mut entries: Vec<_> = check_ins
            .iter()
            .filter(|check_in| check_in.at <= now)
            .filter_map(|check_in| {
                let known = last.filter(|(id, _)| *id == check_in.session);
                let session = if let Some((_, place)) = known {
                    place
                } else {
                    let found = by_id
                        .binary_search_by_key(&check_in.session, |(id, _)| *id)
                        .ok()?;
                    by_id[found].1
                };
                last = Some((check_in.session, session));
                Some(Entry {
                    check_in,
                    session,
                    replaced: !replaced.is_empty() && replaced.contains(&check_in.id),
                })
            })
            .collect();
        entries.sort_by_key(|entry| entry.check_in.at);
        Self {
            plan,
            sessions: sessions
                .iter()
                .map(|session| Treated::new(plan, session))
                .collect(),
            risks: sessions
                .iter()
                .fold(EnumSet::empty(), |all, session| all | session.risks),
            triggers: triggers(plan.rules()),
            entries,
            corrections: !replaced.is_empty(),
        }
    }

    pub(super) fn judge_each(&self) -> Vec<Judgement> {
        let mut judgements = Vec::with_capacity(self.entries.len());
        self.walk(
            |entry| !entry.replaced,
            |weighed| judgements.push(weighed.judgement()),
        );
        judgements
    }

    pub(super) fn assess(&self) -> Option<Assessment> {
        let newest_at = self.entries.iter().rposition(|entry| !entry.replaced)?;
        let newest_entry = self.entries[newest_at];
        let calls = level_mask(self.plan.rules(), TriageLevel::CallClinic);
        let mut newest = None;
        let mut open = Vec::new();
        // What each check-in fires as things stand now, to know which calls only the first entry raised.
        let mut standing: Vec<(CheckInId, Fired)> = Vec::new();
        self.walk(
            |entry| !entry.replaced,
            |weighed| {
                if self.corrections {
                    standing.push((weighed.entry.check_in.id, weighed.fired));
                }
                if std::ptr::eq(weighed.entry.check_in, newest_entry.check_in) {
                    newest = Some(weighed.judgement());
                } else if weighed.fired.0 & calls != 0 {
                    open.extend(weighed.open(calls, false));
                }
            },
        );
        if self.corrections {
            self.raised_before_correction(&standing, &mut open);
        }
        open.sort_by_key(|open: &OpenFinding| Reverse((open.finding.level, open.at)));
        Some(Assessment {
            newest: newest?,
            open,
            gaps: self.gaps(newest_entry),
        })
    }

    /// What corrections no longer say: whatever a corrected check-in had raised when it was entered,
    /// and the calls of others that rested on it.
    fn raised_before_correction(&self, standing: &[(CheckInId, Fired)], open: &mut Vec<OpenFinding>) {
        let rules = self.plan.rules();
        let calls = level_mask(rules, TriageLevel::CallClinic);
        let watches = level_mask(rules, TriageLevel::Watch);
        self.walk(
            |entry| entry.check_in.revises.is_none() || entry.replaced,
            |weighed| {
                let now_fired = standing
                    .iter()
                    .find(|(id, _)| *id == weighed.entry.check_in.id)
                    .map(|(_, fired)| *fired);
                let mask = match now_fired {
                    None => watches,
                    Some(fired) => calls & !fired.0,
                };
                if weighed.fired.0 & mask != 0 {
                    open.extend(weighed.open(mask, true));
                }
            },
        );
    }

    /// Weighs the chosen check-ins in order, each with the chosen ones of its session before it.
    fn walk<'s>(&'s self, chosen: impl Fn(&Entry<'a>) -> bool, mut each: impl FnMut(&Weighed<'s, 'a, '_>)) {
        let mut trends: Vec<Trend> = vec![Trend::default(); self.sessions.len()];
        let mut past: Vec<Entry<'a>> = Vec::new();
        // Check-ins that name areas are compared with those of the same skin only.
        let by_area = self.entries.iter().any(|entry| !entry.check_in.areas.is_empty());
        for entry in self.entries.iter().filter(|entry| chosen(entry)) {
            let treated = &self.sessions[entry.session];
            let day = treated.session.elapsed_day(entry.check_in.at).max(0);
            let bands = self.bands(treated, entry.check_in, day);
            if by_area {
                let trend = self.trend_of_skin(&past, entry);
                each(&Weighed::new(self, *entry, day, bands, &trend));
                past.push(*entry);
            } else {
                let trend = &mut trends[entry.session];
                each(&Weighed::new(self, *entry, day, bands, trend));
                trend.push(&entry.check_in.severities, &bands, day);
            }
        }
    }

    fn bands(&self, treated: &Treated, check_in: &CheckIn, day: i64) -> [Severity; Symptom::ALL.len()] {
        if check_in.areas.is_empty() {
            treated.band(day)
        } else {
            bands(self.plan, treated.class, check_in.areas, day)
        }
    }

    fn trend_of_skin(&self, past: &[Entry<'a>], entry: &Entry<'a>) -> Trend {
        let treated = &self.sessions[entry.session];
        let skin = |check_in: &CheckIn| {
            if check_in.areas.is_empty() {
                treated.areas
            } else {
                check_in.areas
            }
        };
        let here = skin(entry.check_in);
        let mut trend = Trend::default();
        for earlier in past
            .iter()
            .filter(|earlier| earlier.session == entry.session)
            .filter(|earlier| !skin(earlier.check_in).is_disjoint(here))
        {
            let day = treated.session.elapsed_day(earlier.check_in.at).max(0);
            let bands = self.bands(treated, earlier.check_in, day);
            trend.push(&earlier.check_in.severities, &bands, day);
        }
        trend
    }

    /// The days between the newest check-in and the one before it on which the plan asks for one.
    fn gaps(&self, newest: Entry) -> Vec<Gap> {
        let session = self.sessions[newest.session].session;
        let day = session.elapsed_day(newest.check_in.at).max(0);
        let before = self
            .entries
            .iter()
            .filter(|entry| !entry.replaced && entry.session == newest.session)
            .map(|entry| session.elapsed_day(entry.check_in.at).max(0))
            .filter(|earlier| *earlier < day)
            .max();
        let asked = self.plan.instructions().iter().find_map(|one| match &one.timing {
            Timing::CheckIns { days, .. } => Some(days.get(session.window_class())),
            _ => None,
        });
        let missed = asked
            .into_iter()
            .flatten()
            .map(|asked| i64::from(*asked))
            .filter(|asked| before.is_none_or(|before| before < *asked) && *asked < day);
        let mut gaps: Vec<Gap> = Vec::new();
        for missed in missed {
            match gaps.last_mut() {
                Some(gap) if gap.to_day + 1 == missed => gap.to_day = missed,
                _ => gaps.push(Gap {
                    from_day: missed,
                    to_day: missed,
                }),
            }
        }
        gaps
    }
}

impl<'a> Treated<'a> {
    fn new(plan: &Plan, session: &'a Session) -> Self {
        let areas: EnumSet<Area> = session.areas.iter().copied().collect();
        let class = session.band_class();
        let days = i64::from(plan.settled_day());
        Self {
            session,
            areas,
            class,
            bands: (0..=days).map(|day| bands(plan, class, areas, day)).collect(),
        }
    }

    fn band(&self, day: i64) -> [Severity; Symptom::ALL.len()] {
        let day = usize::try_from(day).unwrap_or(usize::MAX);
        self.bands
            .get(day)
            .or(self.bands.last())
            .copied()
            .unwrap_or([Severity::NONE; Symptom::ALL.len()])
    }
}

fn bands(plan: &Plan, class: DepthClass, areas: EnumSet<Area>, day: i64) -> [Severity; Symptom::ALL.len()] {
    Symptom::ALL.map(|symptom| plan.expected(symptom, class, areas, day))
}

fn triggers(rules: &[Rule]) -> Vec<Trigger<'_>> {
    let conditions = |second: bool| {
        rules.iter().enumerate().flat_map(move |(rule, stated)| {
            stated
                .when
                .iter()
                .filter(move |condition| needs_others(condition) == second)
                .map(move |condition| Trigger {
                    rule,
                    condition,
                    needs: Needs::of(condition),
                })
        })
    };
    // Rules that look at others come after them; those that take what nobody took come last.
    let mut later: Vec<_> = conditions(true).collect();
    later.sort_by_key(|trigger| {
        (
            trigger.condition.untaken_signs,
            Reverse(rules[trigger.rule].level),
            !trigger.condition.unless.is_empty(),
        )
    });
    conditions(false).chain(later).collect()
}

fn needs_others(condition: &Condition) -> bool {
    !condition.fires.is_empty() || !condition.unless.is_empty() || condition.untaken_signs
}

fn level_mask(rules: &[Rule], from: TriageLevel) -> u128 {
    rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| rule.level >= from)
        .fold(0, |mask, (place, _)| mask | (1 << place))
}

/// What earlier check-ins of the session said, as far as rules look back.
#[derive(Clone, Copy, Default)]
struct Trend {
    symptoms: [Past; Symptom::ALL.len()],
}

#[derive(Clone, Copy, Default)]
struct Past {
    /// The latest value and its elapsed day.
    latest: Option<(Severity, i64)>,
    /// The lowest value since elapsed day 1, and the latest day on which it was that low.
    lowest: Option<(Severity, i64)>,
    /// Whether it was ever gone.
    was_gone: bool,
    /// The days of the present run above the band with the last value of each, newest last.
    run: [(i64, u8); LONGEST_RUN],
    run_length: u8,
}

impl Trend {
    fn of(&self, symptom: Symptom) -> &Past {
        &self.symptoms[symptom as usize]
    }

    fn push(&mut self, severities: &Severities, bands: &[Severity; Symptom::ALL.len()], day: i64) {
        for (symptom, severity) in severities.iter() {
            let past = &mut self.symptoms[symptom as usize];
            past.latest = Some((severity, day));
            if day >= 1 && past.lowest.is_none_or(|(lowest, _)| severity <= lowest) {
                past.lowest = Some((severity, day));
            }
            past.was_gone |= severity == Severity::NONE;
            if severity > bands[symptom as usize] {
                past.lengthen_run(day, severity.grade());
            } else {
                past.run_length = 0;
            }
        }
    }
}

impl Past {
    /// What a new value is compared with, and of which day that is: the lower of the two.
    fn reference(&self) -> Option<(Severity, i64)> {
        match (self.latest, self.lowest) {
            (Some(latest), Some(lowest)) => Some(if lowest.0 < latest.0 { lowest } else { latest }),
            (latest, lowest) => latest.or(lowest),
        }
    }

    fn run(&self) -> &[(i64, u8)] {
        &self.run[..usize::from(self.run_length)]
    }

    fn lengthen_run(&mut self, day: i64, grade: u8) {
        let length = usize::from(self.run_length);
        if length > 0 && self.run[length - 1].0 == day {
            self.run[length - 1].1 = grade;
            return;
        }
        if length == LONGEST_RUN {
            self.run.rotate_left(1);
            self.run[LONGEST_RUN - 1] = (day, grade);
        } else {
            self.run[length] = (day, grade);
            self.run_length += 1;
        }
    }
}

/// One check-in, turned into what conditions ask for.
struct Weighed<'s, 'a, 't> {
    course: &'s Course<'a>,
    entry: Entry<'a>,
    day: i64,
    signs: EnumSet<Sign>,
    bands: [Severity; Symptom::ALL.len()],
    trend: &'t Trend,
    /// Which symptoms have at least that severity.
    at_least: [EnumSet<Symptom>; STEPS],
    /// Which symptoms are at least so many steps above their band.
    above: [EnumSet<Symptom>; STEPS],
    /// Which symptoms are at least so many steps up.
    up: [EnumSet<Symptom>; STEPS],
    /// Which symptoms are back after they were gone.
    returned: EnumSet<Symptom>,
    fired: Fired,
}

impl<'s, 'a, 't> Weighed<'s, 'a, 't> {
    fn new(
        course: &'s Course<'a>,
        entry: Entry<'a>,
        day: i64,
        bands: [Severity; Symptom::ALL.len()],
        trend: &'t Trend,
    ) -> Self {
        let mut weighed = Self {
            course,
            entry,
            day,
            signs: entry.check_in.present_signs(),
            bands,
            trend,
            at_least: [EnumSet::empty(); STEPS],
            above: [EnumSet::empty(); STEPS],
            up: [EnumSet::empty(); STEPS],
            returned: EnumSet::empty(),
            fired: Fired::default(),
        };
        let mut shown = if weighed.signs.is_empty() { 0 } else { Needs::SIGN };
        for (symptom, severity) in entry.check_in.severities.iter() {
            let grade = severity.grade();
            for step in 0..=grade {
                weighed.at_least[usize::from(step)] |= symptom;
                shown |= Needs::SEVERITY << step;
            }
            let band = bands[symptom as usize].grade();
            for step in 1..=grade.saturating_sub(band) {
                weighed.above[usize::from(step)] |= symptom;
                shown |= Needs::ABOVE_BAND;
            }
            let past = trend.of(symptom);
            if let Some((before, _)) = past.reference() {
                for step in 1..=grade.saturating_sub(before.grade()) {
                    weighed.up[usize::from(step)] |= symptom;
                    shown |= Needs::RISING;
                }
            }
            if past.was_gone && grade >= 1 {
                weighed.returned |= symptom;
                shown |= Needs::RETURNED;
            }
        }
        weighed.fire(Needs(shown));
        weighed
    }

    fn fire(&mut self, shown: Needs) {
        let course = self.course;
        for trigger in &course.triggers {
            // A rule that fired already needs no second reason here; facts are gathered from all.
            if trigger.needs.met_by(shown)
                && !self.fired.contains(trigger.rule)
                && self.holds(trigger.condition)
            {
                self.fired.insert(trigger.rule);
            }
        }
    }

    fn holds(&self, condition: &Condition) -> bool {
        (condition.any_session || condition.days.contains(self.day))
            && condition.signs.iter().all(|set| !set.is_disjoint(self.signs))
            && condition
                .at_least
                .is_none_or(|count| (count.of & self.signs).len() >= usize::from(count.count))
            && condition
                .severity
                .is_none_or(|_| !self.severe(condition).is_empty())
            && condition
                .above_band
                .is_none_or(|_| !self.above_band(condition).is_empty())
            && condition
                .rising
                .is_none_or(|_| !self.rising(condition).is_empty())
            && condition
                .returned
                .is_none_or(|back| (back.symptoms & self.returned).len() >= usize::from(back.count))
            && condition
                .lasting
                .is_none_or(|_| !self.lasting(condition).is_empty())
            && (!condition.any_session || self.any_session(condition))
            && (condition.classes.is_empty()
                || condition
                    .classes
                    .contains(&self.course.sessions[self.entry.session].class))
            && (condition.risks.is_empty() || !condition.risks.is_disjoint(self.course.risks))
            && (condition.treated.is_empty() || !self.treated(condition).is_empty())
            && (condition.place.is_empty() || !condition.place.is_disjoint(self.place()))
            && (condition.fires.is_empty() || self.fired.any(&condition.fires))
            && !self.fired.any(&condition.unless)
            && (!condition.untaken_signs || !self.untaken().is_empty())
    }

    fn severe(&self, condition: &Condition) -> EnumSet<Symptom> {
        condition.severity.map_or_else(EnumSet::empty, |severity| {
            severity.symptoms & self.at_least[usize::from(severity.from.grade())]
        })
    }

    fn above_band(&self, condition: &Condition) -> EnumSet<Symptom> {
        condition.above_band.map_or_else(EnumSet::empty, |above| {
            let mut symptoms = above.symptoms
                & self.above[usize::from(above.by).min(STEPS - 1)]
                & self.at_least[usize::from(above.from.grade())];
            if let Some(at_most) = above.at_most {
                symptoms -= self
                    .above
                    .get(usize::from(at_most) + 1)
                    .copied()
                    .unwrap_or_default();
            }
            if let Some(to) = above.to {
                symptoms -= self
                    .at_least
                    .get(usize::from(to.grade()) + 1)
                    .copied()
                    .unwrap_or_default();
            }
            symptoms
        })
    }

    fn rising(&self, condition: &Condition) -> EnumSet<Symptom> {
        condition.rising.map_or_else(EnumSet::empty, |rising| {
            let mut symptoms = rising.symptoms
                & self.up[usize::from(rising.by).min(STEPS - 1)]
                & self.at_least[usize::from(rising.from.grade())];
            if let Some(at_most) = rising.at_most {
                symptoms -= self.up.get(usize::from(at_most) + 1).copied().unwrap_or_default();
            }
            symptoms
        })
    }

    /// Above the band on so many different days in a row, this one included, and not lower than
    /// either the last of them or the first.
    fn lasting(&self, condition: &Condition) -> EnumSet<Symptom> {
        let Some(lasting) = condition.lasting else {
            return EnumSet::empty();
        };
        (lasting.symptoms & self.above[1])
            .iter()
            .filter(|symptom| {
                let Some(severity) = self.entry.check_in.severities.get(*symptom) else {
                    return false;
                };
                let run = self.trend.of(*symptom).run();
                let earlier = match run.last() {
                    Some((day, _)) if *day == self.day => &run[..run.len() - 1],
                    _ => run,
                };
                let others = usize::from(lasting.days).saturating_sub(1);
                let Some(first) = earlier.len().checked_sub(others).and_then(|at| earlier.get(at)) else {
                    return false;
                };
                let grade = severity.grade();
                grade >= first.1 || earlier.last().is_some_and(|(_, last)| grade >= *last)
            })
            .collect()
    }

    fn any_session(&self, condition: &Condition) -> bool {
        let here = self.place();
        let at = self.entry.check_in.at;
        condition.days.contains(self.day)
            || self
                .course
                .sessions
                .iter()
                .filter(|treated| treated.session.ended_at <= at && !treated.areas.is_disjoint(here))
                .any(|treated| condition.days.contains(treated.session.elapsed_day(at)))
    }

    /// The areas that the check-in speaks of.
    fn place(&self) -> EnumSet<Area> {
        if self.entry.check_in.areas.is_empty() {
            self.course.sessions[self.entry.session].areas
        } else {
            self.entry.check_in.areas
        }
    }

    /// Which of a condition's areas were treated, in this session or freshly in another.
    fn treated(&self, condition: &Condition) -> EnumSet<Area> {
        let at = self.entry.check_in.at;
        let fresh = self
            .course
            .sessions
            .iter()
            .filter(|treated| (0..=FRESH_DAYS).contains(&treated.session.elapsed_day(at)))
            .fold(EnumSet::empty(), |areas, treated| areas | treated.areas);
        condition.treated & (fresh | self.course.sessions[self.entry.session].areas)
    }

    /// Signs that no rule which fired has named.
    fn untaken(&self) -> EnumSet<Sign> {
        let course = self.course;
        let taken = course
            .triggers
            .iter()
            .filter(|trigger| self.fired.contains(trigger.rule) && !trigger.condition.untaken_signs)
            .filter(|trigger| self.holds(trigger.condition))
            .fold(EnumSet::empty(), |taken, trigger| {
                taken | named(trigger.condition)
            });
        self.signs - taken
    }

    fn judgement(&self) -> Judgement {
        let findings = self.findings(u128::MAX);
        Judgement {
            check_in: self.entry.check_in.id,
            level: findings
                .first()
                .map_or(TriageLevel::Expected, |finding| finding.level),
            complete: self.entry.check_in.is_complete(),
            findings,
        }
    }

    fn open(&self, mask: u128, corrected: bool) -> impl Iterator<Item = OpenFinding> + use<> {
        let check_in = self.entry.check_in.id;
        let at = self.entry.check_in.at;
        self.findings(mask).into_iter().map(move |finding| OpenFinding {
            check_in,
            at,
            corrected,
            finding,
        })
    }

    /// The rules of a mask that fired, highest level first, then in the plan's order.
    fn findings(&self, mask: u128) -> Vec<Finding> {
        let fired = Fired(self.fired.0 & mask);
        if fired.0 == 0 {
            return Vec::new();
        }
        let mut findings: Vec<_> = self
            .course
            .plan
            .rules()
            .iter()
            .enumerate()
            .filter(|(place, _)| fired.contains(*place))
            .map(|(_, rule)| Finding {
                rule: rule.id.clone(),
                level: rule.level,
                day: self.day,
                facts: self.facts(rule),
                sources: rule.sources.clone(),
                extrapolated: rule.extrapolated,
            })
            .collect();
        findings.sort_by_key(|finding| Reverse(finding.level));
        findings
    }

    /// What made a rule fire: of every condition that holds, each fact once.
    fn facts(&self, rule: &Rule) -> Vec<Fact> {
        let mut facts = Vec::new();
        for condition in rule.when.iter().filter(|condition| self.holds(condition)) {
            for fact in self.facts_of(condition) {
                if !facts.contains(&fact) {
                    facts.push(fact);
                }
            }
        }
        facts
    }

    fn facts_of(&self, condition: &Condition) -> Vec<Fact> {
        let mut facts = Vec::new();
        let signs = if condition.untaken_signs {
            self.untaken()
        } else {
            named(condition) & self.signs
        };
        for sign in signs {
            match self.entry.check_in.temperature {
                Some(measured) if sign == Sign::Fever => facts.push(Fact::Temperature(measured)),
                _ => facts.push(Fact::Sign(sign)),
            }
        }
        let day = self.day;
        let severities = &self.entry.check_in.severities;
        let each = |symptoms: EnumSet<Symptom>| {
            symptoms
                .iter()
                .filter_map(|symptom| Some((symptom, severities.get(symptom)?)))
        };
        facts.extend(
            each(self.severe(condition)).map(|(symptom, severity)| Fact::High {
                symptom,
                severity,
                day,
            }),
        );
        facts.extend(
            each(self.above_band(condition)).map(|(symptom, severity)| Fact::AboveExpected {
                symptom,
                severity,
                expected: self.bands[symptom as usize],
                day,
            }),
        );
        facts.extend(each(self.rising(condition)).filter_map(|(symptom, severity)| {
            let (before, before_day) = self.trend.of(symptom).reference()?;
            let gap = (before_day + 1 < day).then_some(Gap {
                from_day: before_day + 1,
                to_day: day - 1,
            });
            Some(Fact::Rising {
                symptom,
                severity,
                before,
                before_day,
                gap: gap.filter(|_| {
                    self.trend
                        .of(symptom)
                        .latest
                        .is_some_and(|(_, latest)| latest == before_day)
                }),
            })
        }));
        if let Some(back) = condition.returned {
            facts.extend(
                each(back.symptoms & self.returned)
                    .map(|(symptom, severity)| Fact::Returned { symptom, severity }),
            );
        }
        if let Some(lasting) = condition.lasting {
            facts.extend(
                each(self.lasting(condition)).map(|(symptom, severity)| Fact::Lasting {
                    symptom,
                    severity,
                    days: lasting.days,
                }),
            );
        }
        facts.extend((condition.risks & self.course.risks).iter().map(Fact::Risk));
        if !condition.treated.is_empty() {
            facts.extend(self.treated(condition).iter().map(Fact::Area));
        }
        facts.extend((condition.place & self.place()).iter().map(Fact::Area));
        facts.extend(
            condition
                .fires
                .iter()
                .filter(|rule| self.fired.contains(**rule))
                .map(|rule| Fact::Rule(self.course.plan.rules()[*rule].id.clone())),
        );
        facts
    }
}

/// The signs that a condition names.
fn named(condition: &Condition) -> EnumSet<Sign> {
    let counted = condition.at_least.map_or_else(EnumSet::empty, |count| count.of);
    condition.signs.iter().fold(counted, |all, set| all | *set)
}
