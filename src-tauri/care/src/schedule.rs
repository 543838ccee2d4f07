//! The occurrences that follow from sessions and their plan.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::Zone;
use crate::plan::{Instruction, InstructionId, InstructionKind, Plan, Timing, Window};
use crate::restriction::{after, bounds, window};
use crate::session::{Session, SessionId};

/// One due reminder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// `session/instruction/what/(+hours or local date@HH:MM)`: the same for ever, whatever plan or zone changes.
    pub key: OccurrenceKey,
    /// The session that it follows from.
    pub session: SessionId,
    /// The instruction that it reminds of.
    pub instruction: InstructionId,
    /// The kind of moment.
    pub what: What,
    /// When it is due, as the plan says it.
    pub due: Due,
    /// When it is due in the zone that the schedule was made for.
    pub due_at: DateTime<Utc>,
    /// From this instant on it is no longer worth showing.
    pub valid_until: DateTime<Utc>,
}

/// See [`Occurrence::key`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OccurrenceKey(pub String);

/// A due time: elapsed ones are instants, daily ones are wall-clock times in the patient's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// So many hours after the session's end.
    Elapsed(DateTime<Utc>),
    /// What the wall clock shows, wherever the patient is.
    Civil(NaiveDateTime),
}

/// The kind of moment that an occurrence marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Something to do may begin now.
    Start,
    /// A daily time of something to do.
    Daily,
    /// A single moment (the first day is over, compare tonight, plan the next session).
    At,
    /// The patient is asked to check in.
    CheckIn,
    /// Something is allowed again.
    AllClear,
}

/// Something to do today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CareToday {
    /// The instruction.
    pub instruction: InstructionId,
    /// Today's times, soonest first, the opening of its window among them; empty when it has no time of day.
    pub times: Vec<DateTime<Utc>>,
}

/// Every occurrence of these sessions, soonest first, whatever their order.
///
/// Nothing is due at a session's end itself or before it, nor after the plan's last day. Where
/// sessions overlap, an all-clear waits for the later end, an earlier session's things to do end
/// with a newer one of the same skin, and what falls on the same minute for the same instruction
/// is one occurrence: the newer session's.
pub fn schedule(plan: &Plan, sessions: &[Session], zone: &Zone) -> Vec<Occurrence> {
    let mut drafts: Vec<_> = sessions
        .iter()
        .flat_map(|session| drafts(plan, sessions, session, zone))
        .collect();
    one_per_minute(&mut drafts);
    let mut occurrences: Vec<_> = drafts
        .iter()
        .enumerate()
        .map(|(index, draft)| {
            let next = drafts
                .get(index + 1)
                .filter(|next| next.instruction.id == draft.instruction.id);
            draft.occurrence(next.map(|next| next.due_at))
        })
        .collect();
    occurrences.sort_by(|a, b| (a.due_at, &a.key).cmp(&(b.due_at, &b.key)));
    occurrences
}

/// What there is to do on now's date for any of the sessions, each instruction once with the times
/// of all, in the order of the day; what has no time of day comes first. Windows that are over or
/// that a newer session of the same skin ended, single moments and prescribed medicines are left out.
pub fn care_today(plan: &Plan, sessions: &[Session], zone: &Zone, now: DateTime<Utc>) -> Vec<CareToday> {
    let mut care: Vec<_> = plan
        .instructions()
        .iter()
        .filter(|instruction| instruction.kind == InstructionKind::Do)
        .filter_map(|instruction| {
            let mut asked = sessions
                .iter()
                .filter(|session| instruction.concerns(session))
                .filter_map(|session| {
                    let context = Context {
                        session,
                        instruction,
                        zone,
                    };
                    times_today(sessions, context, now)
                })
                .peekable();
            asked.peek()?;
            let mut times: Vec<_> = asked.flatten().collect();
            times.sort_unstable();
            times.dedup_by_key(|at| minute(*at));
            Some(CareToday {
                instruction: instruction.id.clone(),
                times,
            })
        })
        .collect();
    care.sort_by_key(|care| care.times.first().copied());
    care
}

/// The times on now's date at which one session asks for something to do; none when it does not ask
/// for it on that date, or no longer does.
fn times_today(sessions: &[Session], context: Context<'_>, now: DateTime<Utc>) -> Option<Vec<DateTime<Utc>>> {
    let Context {
        session,
        instruction,
        zone,
    } = context;
    let today = zone.date(now);
    let times: Vec<_> = context
        .care_times()
        .into_iter()
        .filter(|draft| zone.date(draft.due_at) == today && draft.due_at > session.ended_at)
        .filter(|draft| !is_superseded(sessions, draft))
        .map(|draft| draft.due_at)
        .collect();
    let asked = match bounds(instruction, session) {
        Some((from, until)) => {
            zone.date(from) <= today
                && now < until
                && superseded_at(sessions, session).is_none_or(|newer| now < newer)
        }
        None => !times.is_empty(),
    };
    asked.then_some(times)
}

/// An occurrence before its neighbours are known.
struct Draft<'a> {
    session: &'a Session,
    instruction: &'a Instruction,
    what: What,
    due: Due,
    due_at: DateTime<Utc>,
    /// When it is no longer worth showing, whatever comes after it.
    stale_at: DateTime<Utc>,
    /// Whether the next occurrence of the instruction takes its place.
    until_next: bool,
}

impl Draft<'_> {
    fn occurrence(&self, next: Option<DateTime<Utc>>) -> Occurrence {
        let session = self.session.id;
        let instruction = &self.instruction.id;
        let moment = match self.due {
            Due::Elapsed(at) => format!("+{}h", (at - self.session.ended_at).num_hours()),
            Due::Civil(local) => local.format("%Y-%m-%d@%H:%M").to_string(),
        };
        Occurrence {
            key: OccurrenceKey(format!("{session}/{instruction}/{}/{moment}", self.what.name())),
            session,
            instruction: instruction.clone(),
            what: self.what,
            due: self.due,
            due_at: self.due_at,
            valid_until: next
                .filter(|_| self.until_next)
                .map_or(self.stale_at, |next| next.min(self.stale_at)),
        }
    }
}

impl What {
    /// Its part of an occurrence's key.
    fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Daily => "daily",
            Self::At => "at",
            Self::CheckIn => "check_in",
            Self::AllClear => "all_clear",
        }
    }
}

/// One instruction of one session, seen from a zone.
#[derive(Clone, Copy)]
struct Context<'a> {
    session: &'a Session,
    instruction: &'a Instruction,
    zone: &'a Zone,
}

/// One session's occurrences, as far as they do not depend on those of the others.
fn drafts<'a>(plan: &'a Plan, sessions: &[Session], session: &'a Session, zone: &'a Zone) -> Vec<Draft<'a>> {
    let last_day = plan.last_day(session.window_class());
    plan.instructions_for(session)
        .flat_map(|instruction| {
            let context = Context {
                session,
                instruction,
                zone,
            };
            match instruction.kind {
                InstructionKind::Do => context.to_do(),
                InstructionKind::Avoid => all_clear(plan, sessions, context).into_iter().collect(),
                // Its end is announced by the avoid before it.
                InstructionKind::Limit => Vec::new(),
            }
        })
        .filter(|draft| {
            draft.due_at > session.ended_at && session.recovery_day(zone, draft.due_at) <= last_day
        })
        .filter(|draft| !is_superseded(sessions, draft))
        .collect()
}

/// A newer session of the same skin begins its care anew: what an earlier one had to be done must
/// not be asked for while the newer one still says to leave the skin alone. Check-ins go on.
fn is_superseded(sessions: &[Session], draft: &Draft<'_>) -> bool {
    matches!(draft.what, What::Start | What::Daily | What::At)
        && superseded_at(sessions, draft.session).is_some_and(|newer| newer <= draft.due_at)
}

/// When the next session of some of the same skin ended.
fn superseded_at(sessions: &[Session], session: &Session) -> Option<DateTime<Utc>> {
    sessions
        .iter()
        .filter(|newer| newer.ended_at > session.ended_at && !newer.areas.is_disjoint(&session.areas))
        .map(|newer| newer.ended_at)
        .min()
}

/// The end of an avoid and of the limit that may follow it; none while another session's holds.
fn all_clear<'a>(plan: &Plan, sessions: &[Session], context: Context<'a>) -> Option<Draft<'a>> {
    let Context {
        session, instruction, ..
    } = context;
    let hours = all_clear_hours(plan, session, instruction)?;
    let at = after(session, hours);
    let still_held = sessions
        .iter()
        .filter(|other| other.id != session.id)
        .any(|other| {
            plan.instructions_for(other)
                .any(|theirs| theirs.id == instruction.id)
                && bounds(instruction, other).is_some_and(|(from, _)| from <= at)
                && all_clear_hours(plan, other, instruction).is_some_and(|hours| at < after(other, hours))
        });
    (!still_held).then(|| context.elapsed(What::AllClear, hours, at + TimeDelta::days(1)))
}

fn all_clear_hours(plan: &Plan, session: &Session, avoid: &Instruction) -> Option<u32> {
    let last = avoid
        .followed_by
        .as_ref()
        .and_then(|id| plan.instruction(id))
        .unwrap_or(avoid);
    window(last, session).map(|window| window.until)
}

impl<'a> Context<'a> {
    /// Every occurrence of something to do.
    fn to_do(self) -> Vec<Draft<'a>> {
        match &self.instruction.timing {
            Timing::CheckIns { first_after, .. } => {
                let at = after(self.session, *first_after);
                let mut drafts = self.care_times();
                drafts.push(self.elapsed(What::CheckIn, *first_after, self.next(NOON, at)));
                drafts
            }
            Timing::Moment { hours } => {
                let hours = *hours.get(self.session.window_class());
                vec![self.elapsed(What::At, hours, after(self.session, hours) + TimeDelta::days(1))]
            }
            _ => self.care_times(),
        }
    }

    /// The openings and wall-clock times of something to do.
    fn care_times(self) -> Vec<Draft<'a>> {
        let class = self.session.window_class();
        match &self.instruction.timing {
            Timing::Window { hours, daily } => self.in_window(*hours.get(class), daily),
            Timing::Evenings { days, time } => self.on_days(What::Daily, days.get(class), *time),
            Timing::Questions { days, time } => self.on_days(What::At, days.get(class), *time),
            Timing::CheckIns { days, time, .. } => self.on_days(What::CheckIn, days.get(class), *time),
            Timing::Moment { .. } | Timing::Prescribed => Vec::new(),
        }
    }

    /// The opening of a window that does not open at once, and each daily time inside it.
    fn in_window(self, hours: Window, daily: &[NaiveTime]) -> Vec<Draft<'a>> {
        let (from, until) = (after(self.session, hours.from), after(self.session, hours.until));
        let mut drafts = Vec::new();
        if hours.from > 0 {
            drafts.push(Draft {
                until_next: true,
                ..self.elapsed(What::Start, hours.from, until)
            });
        }
        let last = self.zone.date(until);
        let dates = self.zone.date(from).iter_days().take_while(|date| *date <= last);
        drafts.extend(
            dates
                .flat_map(|date| daily.iter().map(move |time| date.and_time(*time)))
                .map(|local| Draft {
                    until_next: true,
                    ..self.civil(What::Daily, local, until)
                })
                .filter(|draft| from <= draft.due_at && draft.due_at < until),
        );
        drafts
    }

    fn on_days(self, what: What, days: &BTreeSet<u16>, time: NaiveTime) -> Vec<Draft<'a>> {
        let day_zero = self.zone.date(self.session.ended_at);
        days.iter()
            .map(|day| {
                let local = (day_zero + Days::new(u64::from(*day))).and_time(time);
                let stale = if what == What::CheckIn { NOON } else { NIGHT_OVER };
                let stale_at = self.next(stale, self.zone.instant(local));
                // A check-in that was not done yet is still worth asking for when the next one is due.
                Draft {
                    until_next: what != What::CheckIn,
                    ..self.civil(what, local, stale_at)
                }
            })
            .collect()
    }

    /// When the patient's wall clock first shows a time of day after an instant.
    fn next(self, time: NaiveTime, at: DateTime<Utc>) -> DateTime<Utc> {
        let on = |date: NaiveDate| self.zone.instant(date.and_time(time));
        let today = self.zone.date(at);
        Some(on(today))
            .filter(|next| *next > at)
            .unwrap_or_else(|| on(today + Days::new(1)))
    }

    fn elapsed(self, what: What, hours: u32, stale_at: DateTime<Utc>) -> Draft<'a> {
        let at = after(self.session, hours);
        self.draft(what, Due::Elapsed(at), at, stale_at)
    }

    fn civil(self, what: What, local: NaiveDateTime, stale_at: DateTime<Utc>) -> Draft<'a> {
        self.draft(what, Due::Civil(local), self.zone.instant(local), stale_at)
    }

    fn draft(self, what: What, due: Due, due_at: DateTime<Utc>, stale_at: DateTime<Utc>) -> Draft<'a> {
        let Self {
            session, instruction, ..
        } = self;
        Draft {
            session,
            instruction,
            what,
            due,
            due_at,
            stale_at,
            until_next: false,
        }
    }
}

/// When a check-in of the day before is no longer asked for.
const NOON: NaiveTime = hour(12);

/// When what was to be done or looked at "tonight" is over.
const NIGHT_OVER: NaiveTime = hour(4);

const fn hour(hour: u32) -> NaiveTime {
    match NaiveTime::from_hms_opt(hour, 0, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    }
}

fn minute(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(60)
}

/// Of drafts for one instruction at one minute the newest session's remains; of one session's, the
/// elapsed moment rather than the wall-clock time that it falls on. Leaves them by instruction and time.
fn one_per_minute(drafts: &mut Vec<Draft>) {
    fn slot<'a>(draft: &Draft<'a>) -> (&'a InstructionId, i64) {
        (&draft.instruction.id, minute(draft.due_at))
    }
    drafts.sort_by_key(|draft| {
        let newest_first = Reverse((draft.session.ended_at, draft.session.id));
        let wall_clock = matches!(draft.due, Due::Civil(_));
        (slot(draft), newest_first, wall_clock, draft.due_at)
    });
    drafts.dedup_by(|later, kept| slot(later) == slot(kept));
}
