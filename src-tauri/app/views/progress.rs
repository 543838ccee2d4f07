//! How recoveries went, as it is shown.

use afterglow_care::check_in::CheckIn;
use afterglow_care::progress::{Logged, Progress, Track, progress};
use afterglow_care::{Session, Zone};
use afterglow_diary::photos::Photo;
use afterglow_diary::progress::{Asked, AskedAnswer, EnteredAbout};
use afterglow_reminders::planner::asks_to_be_done;

use super::{Speaker, photo};
use crate::clock::Moment;
use crate::wire::{
    AskedView, BandStepView, LoggedView, PhotoOfDay, PointView, ProgressSession, RecoveryProgress, TrackView,
};

/// What the diary says of one recovery.
#[derive(Debug, Clone)]
pub struct Recorded<'a> {
    /// Its session.
    pub session: &'a Session,
    /// What was entered about it, corrections beside what they correct.
    pub check_ins: Vec<CheckIn>,
    /// The reminders that were shown.
    pub asked: Vec<Asked>,
    /// Its photos, oldest first.
    pub photos: Vec<Photo>,
}

impl Speaker<'_> {
    /// How one recovery went.
    pub fn progress(
        &self,
        sessions: &[Session],
        recorded: &Recorded<'_>,
        moment: &Moment,
    ) -> RecoveryProgress {
        let Recorded {
            session,
            check_ins,
            asked,
            photos,
        } = recorded;
        let Moment { now, zone } = moment;
        let Progress {
            today,
            tracks,
            logged,
        } = progress(self.plan, sessions, session, check_ins, zone, *now);
        RecoveryProgress {
            session: session.id,
            today,
            tracks: tracks.iter().map(track).collect(),
            logged: logged_view(logged),
            asked: self.asked(asked, moment),
            photos: photos_of_days(session, photos, zone),
        }
    }

    /// How often care was asked for and done. Nothing that today still waits for is counted as not done.
    fn asked(&self, asked: &[Asked], moment: &Moment) -> Vec<AskedView> {
        let today = moment.zone.date(moment.now);
        let counted: Vec<_> = asked
            .iter()
            .filter(|one| one.answer.is_some() || moment.zone.date(one.due_at) < today)
            .filter_map(|one| Some((one.key.about()?, one.answer)))
            .filter(|((instruction, what), _)| asks_to_be_done(self.plan, instruction, *what))
            .collect();
        self.plan
            .instructions()
            .iter()
            .filter_map(|instruction| {
                let of_it = || counted.iter().filter(|((id, _), _)| *id == instruction.id);
                let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
                let asked = count(of_it().count());
                (asked > 0).then(|| AskedView {
                    label: self.label(&instruction.id),
                    done: count(
                        of_it()
                            .filter(|(_, answer)| *answer == Some(AskedAnswer::Done))
                            .count(),
                    ),
                    asked,
                })
            })
            .collect()
    }
}

/// A session's photos by recovery day.
pub fn photos_of_days(session: &Session, photos: &[Photo], zone: &Zone) -> Vec<PhotoOfDay> {
    photos
        .iter()
        .map(|one| PhotoOfDay {
            day: session.recovery_day(zone, one.taken_at),
            photo: photo(one),
        })
        .collect()
}

/// A session to choose.
pub fn progress_session(session: &Session, entered: &[EnteredAbout], zone: &Zone) -> ProgressSession {
    let entered = entered.iter().find(|about| about.session == session.id);
    ProgressSession {
        id: session.id,
        date: zone.date(session.ended_at),
        depth_mm: session.depth.map(afterglow_care::session::NeedleDepth::mm),
        areas: session.areas.clone(),
        check_ins: entered.map_or(0, |about| about.check_ins),
        photos: entered.map_or(0, |about| about.photos),
    }
}

fn track(track: &Track) -> TrackView {
    TrackView {
        symptom: track.symptom,
        band: track
            .band
            .iter()
            .map(|step| BandStepView {
                minute: step.minute,
                highest: step.highest,
            })
            .collect(),
        points: track
            .points
            .iter()
            .map(|point| PointView {
                at: point.at,
                day: point.day,
                minute: point.minute,
                severity: point.severity,
                expected: point.expected,
            })
            .collect(),
    }
}

fn logged_view(logged: Logged) -> LoggedView {
    let Logged {
        done,
        missing,
        besides,
    } = logged;
    LoggedView {
        done,
        missing,
        besides,
    }
}
