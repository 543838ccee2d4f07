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
/// after the deepest session (clinical.md, `no_needling`).
const FRESH_DAYS: i64 = 42;

/// The check-ins up to an instant, in order.
pub(super) struct Course<'a> {
    plan: &'a Plan,
    sessions: Vec<Treated<'a>>,
    /// The places of the sessions in the order in which they ended.
    by_end: Vec<usize>,
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

/// A check-in held against one session.
#[derive(Clone, Copy)]
struct View<'a> {
    check_in: &'a CheckIn,
    session: usize,
    /// What of the session's areas it speaks of.
    areas: EnumSet<Area>,
    /// The session's elapsed day.
    day: i64,
    /// What is expected there on that day.
    bands: [Severity; Symptom::ALL.len()],
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
        let mut by_end: Vec<usize> = (0..sessions.len()).collect();
        by_end.sort_by_key(|place| sessions[*place].ended_at);
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
            by_end,
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
        self.walk(|entry| !entry.replaced, |seen| judgements.push(seen.judgement()));
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
            |seen| {
                let fired = seen.fired();
                if self.corrections {
                    standing.push((seen.check_in.id, fired));
                }
                if std::ptr::eq(seen.check_in, newest_entry.check_in) {
                    newest = Some(seen.judgement());
                } else if fired.0 & calls != 0 {
                    open.extend(seen.open(calls, false));
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
            |seen| {
                let now_fired = standing
                    .iter()
                    .find(|(id, _)| *id == seen.check_in.id)
                    .map(|(_, fired)| *fired);
                let mask = match now_fired {
                    None => watches,
                    Some(fired) => calls & !fired.0,
                };
                if seen.fired().0 & mask != 0 {
                    open.extend(seen.open(mask, true));
                }
            },
        );
    }

    /// Weighs the chosen check-ins in order, each with the chosen ones before it: against its own
    /// session and against every other whose skin it may speak of.
    fn walk<'s>(&'s self, chosen: impl Fn(&Entry<'a>) -> bool, mut each: impl FnMut(&Seen<'s, 'a, '_>)) {
        let mut trends: Vec<Trend> = vec![Trend::default(); self.sessions.len()];
        let mut past: Vec<View<'a>> = Vec::new();
        let by_area = self.entries.iter().any(|entry| !entry.check_in.areas.is_empty());
        for entry in self.entries.iter().filter(|entry| chosen(entry)) {
            let own = self.view(entry.check_in, entry.session, EnumSet::all());
            let others = self.other_views(entry);
            let weigh = |view: &View<'a>| {
                let skin = by_area.then(|| Box::new(Trend::of_skin(&past, view)));
                Weighed::new(self, *view, &trends[view.session], skin)
            };
            each(&Seen {
                check_in: entry.check_in,
                own: weigh(&own),
                others: others.iter().map(weigh).collect(),
            });
            for view in std::iter::once(own).chain(others) {
                trends[view.session].push(&view.check_in.severities, &view.bands, view.day);
                if by_area {
                    past.push(view);
                }
            }
        }
    }

    /// A check-in held against a session. `skin` is what of the session's areas no later one treated.
    fn view(&self, check_in: &'a CheckIn, session: usize, skin: EnumSet<Area>) -> View<'a> {
        let treated = &self.sessions[session];
        let day = treated.session.elapsed_day(check_in.at).max(0);
        let mut areas = treated.areas & skin;
        if !check_in.areas.is_disjoint(areas) {
            areas &= check_in.areas;
        }
        View {
            check_in,
            session,
            areas,
            day,
            bands: if areas == treated.areas {
                treated.band(day)
            } else {
                bands(self.plan, treated.class, areas, day)
            },
        }
    }

    /// The other sessions whose skin a check-in may speak of: those that ended before it, whose bands
    /// still move, and of whose areas some were not treated again since and are among those it names
    /// (or it names none). A newer session of the same skin takes the place of the older one.
    fn other_views(&self, entry: &Entry<'a>) -> Vec<View<'a>> {
        let named = entry.check_in.areas;
        let mut views = Vec::new();
        if self.sessions.len() == 1 {
            return views;
        }
        let mut taken = self.sessions[entry.session].areas;
        for place in self.ended_within(entry.check_in.at, i64::from(self.plan.settled_day())) {
            let skin = self.sessions[place].areas - taken;
            let spoken_of = if named.is_empty() { skin } else { skin & named };
            if place != entry.session && !spoken_of.is_empty() {
                views.push(self.view(entry.check_in, place, spoken_of));
            }
            taken |= skin;
        }
        views
    }

    /// The sessions that ended up to an instant and at most so many elapsed days before, latest first.
    fn ended_within(&self, at: DateTime<Utc>, days: i64) -> impl Iterator<Item = usize> {
        let ended = self
            .by_end
            .partition_point(|place| self.sessions[*place].session.ended_at <= at);
        self.by_end[..ended]
            .iter()
            .rev()
            .copied()
            .take_while(move |place| self.sessions[*place].session.elapsed_day(at) <= days)
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
    /// What earlier check-ins said of the same skin.
    fn of_skin(past: &[View], view: &View) -> Self {
        let mut trend = Self::default();
        for earlier in past
            .iter()
            .filter(|earlier| earlier.session == view.session && !earlier.areas.is_disjoint(view.areas))
        {
            trend.push(&earlier.check_in.severities, &earlier.bands, earlier.day);
        }
        trend
    }

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

/// A check-in, weighed against its own session and against the others that it may speak of.
struct Seen<'s, 'a, 't> {
    check_in: &'a CheckIn,
    own: Weighed<'s, 'a, 't>,
    others: Vec<Weighed<'s, 'a, 't>>,
}

impl Seen<'_, '_, '_> {
    fn each(&self) -> impl Iterator<Item = &Weighed<'_, '_, '_>> {
        std::iter::once(&self.own).chain(&self.others)
    }

    fn fired(&self) -> Fired {
        Fired(self.each().fold(0, |all, weighed| all | weighed.fired.0))
    }

    /// The rules of a mask that fired, each once, highest level first, then in the plan's order.
    fn findings(&self, mask: u128) -> Vec<Finding> {
        let mut left = mask;
        let mut findings = Vec::new();
        for weighed in self.each() {
            findings.extend(weighed.findings(left));
            left &= !weighed.fired.0;
        }
        findings.sort_by_key(|(place, finding)| (Reverse(finding.level), *place));
        findings.into_iter().map(|(_, finding)| finding).collect()
    }

    fn judgement(&self) -> Judgement {
        let findings = self.findings(u128::MAX);
        Judgement {
            check_in: self.check_in.id,
            level: findings
                .first()
                .map_or(TriageLevel::Expected, |finding| finding.level),
            complete: self.check_in.is_complete(),
            findings,
        }
    }

    fn open(&self, mask: u128, corrected: bool) -> impl Iterator<Item = OpenFinding> + use<> {
        let check_in = self.check_in.id;
        let at = self.check_in.at;
        self.findings(mask).into_iter().map(move |finding| OpenFinding {
            check_in,
            at,
            corrected,
            finding,
        })
    }
}

/// One check-in held against one session, turned into what conditions ask for.
struct Weighed<'s, 'a, 't> {
    course: &'s Course<'a>,
    view: View<'a>,
    signs: EnumSet<Sign>,
    trend: &'t Trend,
    /// What earlier check-ins said of the same skin, where check-ins name areas: trends are looked for
    /// in both, because an area that was left out is no sign that it was well.
    skin: Option<Box<Trend>>,
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
    fn new(course: &'s Course<'a>, view: View<'a>, trend: &'t Trend, skin: Option<Box<Trend>>) -> Self {
        let mut weighed = Self {
            course,
            view,
            signs: view.check_in.present_signs(),
            trend,
            skin,
            at_least: [EnumSet::empty(); STEPS],
            above: [EnumSet::empty(); STEPS],
            up: [EnumSet::empty(); STEPS],
            returned: EnumSet::empty(),
            fired: Fired::default(),
        };
        let mut shown = if weighed.signs.is_empty() { 0 } else { Needs::SIGN };
        for (symptom, severity) in view.check_in.severities.iter() {
            let grade = severity.grade();
            for step in 0..=grade {
                weighed.at_least[usize::from(step)] |= symptom;
                shown |= Needs::SEVERITY << step;
            }
            let band = view.bands[symptom as usize].grade();
            for step in 1..=grade.saturating_sub(band) {
                weighed.above[usize::from(step)] |= symptom;
                shown |= Needs::ABOVE_BAND;
            }
            if let Some((before, _)) = weighed.reference(symptom) {
                for step in 1..=grade.saturating_sub(before.grade()) {
                    weighed.up[usize::from(step)] |= symptom;
                    shown |= Needs::RISING;
                }
            }
            if grade >= 1 && weighed.pasts(symptom).any(|past| past.was_gone) {
                weighed.returned |= symptom;
                shown |= Needs::RETURNED;
            }
        }
        weighed.fire(Needs(shown));
        weighed
    }

    fn pasts(&self, symptom: Symptom) -> impl Iterator<Item = &Past> {
        std::iter::once(self.trend)
            .chain(self.skin.as_deref())
            .map(move |trend| trend.of(symptom))
    }

    /// What a new value is compared with, and of which day that is: the lowest that trends say.
    fn reference(&self, symptom: Symptom) -> Option<(Severity, i64)> {
        self.pasts(symptom)
            .filter_map(Past::reference)
            .min_by_key(|(severity, _)| *severity)
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
        (condition.any_session || condition.days.contains(self.view.day))
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
                    .contains(&self.course.sessions[self.view.session].class))
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
                let Some(severity) = self.view.check_in.severities.get(*symptom) else {
                    return false;
                };
                let others = usize::from(lasting.days).saturating_sub(1);
                let grade = severity.grade();
                self.pasts(*symptom).any(|past| {
                    let run = past.run();
                    let earlier = match run.last() {
                        Some((day, _)) if *day == self.view.day => &run[..run.len() - 1],
                        _ => run,
                    };
                    let first = earlier.len().checked_sub(others).and_then(|at| earlier.get(at));
                    first.is_some_and(|(_, first)| grade >= *first)
                        || first.is_some() && earlier.last().is_some_and(|(_, last)| grade >= *last)
                })
            })
            .collect()
    }

    fn any_session(&self, condition: &Condition) -> bool {
        let here = self.place();
        let at = self.view.check_in.at;
        condition.days.contains(self.view.day)
            || self
                .course
                .sessions
                .iter()
                .filter(|treated| treated.session.ended_at <= at && !treated.areas.is_disjoint(here))
                .any(|treated| condition.days.contains(treated.session.elapsed_day(at)))
    }

    /// The areas that the check-in speaks of, whichever session treated them: those that it names, else
    /// all that were treated freshly.
    fn place(&self) -> EnumSet<Area> {
        if self.view.check_in.areas.is_empty() {
            self.fresh()
        } else {
            self.view.check_in.areas
        }
    }

    /// The areas of this session, and those freshly treated in another.
    fn fresh(&self) -> EnumSet<Area> {
        let course = self.course;
        course
            .ended_within(self.view.check_in.at, FRESH_DAYS)
            .fold(course.sessions[self.view.session].areas, |areas, place| {
                areas | course.sessions[place].areas
            })
    }

    /// Which of a condition's areas were treated, in this session or freshly in another.
    fn treated(&self, condition: &Condition) -> EnumSet<Area> {
        condition.treated & self.fresh()
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

    /// The rules of a mask that fired, with their places in the plan.
    fn findings(&self, mask: u128) -> impl Iterator<Item = (usize, Finding)> {
        let fired = Fired(self.fired.0 & mask);
        let rules = if fired.0 == 0 {
            &[]
        } else {
            self.course.plan.rules()
        };
        rules
            .iter()
            .enumerate()
            .filter(move |(place, _)| fired.contains(*place))
            .map(|(place, rule)| {
                let finding = Finding {
                    rule: rule.id.clone(),
                    level: rule.level,
                    day: self.view.day,
                    facts: self.facts(rule),
                    sources: rule.sources.clone(),
                    extrapolated: rule.extrapolated,
                };
                (place, finding)
            })
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
            match self.view.check_in.temperature {
                Some(measured) if sign == Sign::Fever => facts.push(Fact::Temperature(measured)),
                _ => facts.push(Fact::Sign(sign)),
            }
        }
        let day = self.view.day;
        let severities = &self.view.check_in.severities;
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
                expected: self.view.bands[symptom as usize],
                day,
            }),
        );
        facts.extend(each(self.rising(condition)).filter_map(|(symptom, severity)| {
            let (before, before_day) = self.reference(symptom)?;
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
                    self.pasts(symptom)
                        .any(|past| past.latest.is_some_and(|(_, latest)| latest == before_day))
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
