//! What to read out on the telephone: `Day 3, 1.5 mm, face: redness beyond the treated area since yesterday, 38.4 °C`.

use std::collections::BTreeSet;

use afterglow_care::Locale;
use afterglow_care::check_in::{Severity, Sign, Symptom};
use afterglow_care::session::Area;
use chrono::NaiveDate;

use super::{Judged, Speaker};
use crate::wire::CheckInView;

impl Speaker<'_> {
    /// A check-in in one breath, beside those of its session: what is there and since when, hottest and worst first.
    /// `today` is the patient's date.
    pub fn summary(&self, judged: &Judged<'_>, all: &[Judged<'_>], today: NaiveDate) -> String {
        let Judged { session, view, .. } = judged;
        let said = Said {
            locale: self.settings.locale,
        };
        let earlier: Vec<_> = all
            .iter()
            .filter(|one| one.session.id == session.id && one.view.at < view.at)
            .map(|one| &one.view)
            .collect();
        let areas = if view.areas.is_empty() {
            &session.areas
        } else {
            &view.areas
        };
        let depth = session.depth.map(afterglow_care::session::NeedleDepth::mm);
        let about: Vec<_> = [
            said.day(view.day, (today - view.date).num_days()),
            said.depth(depth),
        ]
        .into_iter()
        .chain(areas.iter().map(|area| said.area(*area).to_owned()))
        .collect();
        let signs = self.signs_seen(said, view, &earlier, today);
        let temperature = view.temperature_c.map(|celsius| said.temperature(celsius));
        let symptoms = self.symptoms_graded(said, view, &earlier);
        let seen: Vec<_> = signs.into_iter().chain(temperature).chain(symptoms).collect();
        if seen.is_empty() {
            about.join(", ")
        } else {
            format!("{}: {}", about.join(", "), seen.join(", "))
        }
    }

    fn signs_seen(
        &self,
        said: Said,
        view: &CheckInView,
        earlier: &[&CheckInView],
        today: NaiveDate,
    ) -> Vec<String> {
        view.signs
            .iter()
            .flatten()
            .filter_map(|sign| {
                let words = self.plan.sign(*sign)?;
                let short = &words.texts(said.locale).short;
                Some(
                    match said.since((today - since(*sign, view, earlier)).num_days()) {
                        Some(since) => format!("{short} {since}"),
                        None => short.clone(),
                    },
                )
            })
            .collect()
    }

    /// What was graded above none, the worst first, and how it was the time before where that was milder.
    fn symptoms_graded(&self, said: Said, view: &CheckInView, earlier: &[&CheckInView]) -> Vec<String> {
        let mut graded: Vec<(Symptom, Severity)> = view
            .severities
            .iter()
            .map(|(symptom, severity)| (*symptom, *severity))
            .filter(|(_, severity)| *severity > Severity::NONE)
            .collect();
        // Of equals in the order of the question.
        graded.sort_by_key(|(_, severity)| std::cmp::Reverse(*severity));
        graded
            .into_iter()
            .map(|(symptom, severity)| {
                let before = earlier
                    .iter()
                    .rev()
                    .find_map(|one| one.severities.get(&symptom).copied());
                let milder = before.filter(|before| *before < severity);
                said.graded(&self.plan.symptom(symptom, said.locale).short, severity, milder)
            })
            .collect()
    }
}

/// The date since which a sign was seen in every check-in that was asked for signs.
fn since(sign: Sign, view: &CheckInView, earlier: &[&CheckInView]) -> NaiveDate {
    let saw = |signs: &BTreeSet<Sign>| signs.contains(&sign);
    earlier
        .iter()
        .rev()
        .filter_map(|one| one.signs.as_ref().map(|signs| (one.date, signs)))
        .take_while(|(_, signs)| saw(signs))
        .last()
        .map_or(view.date, |(date, _)| date)
}

/// The words that stand between the plan's, in one language.
#[derive(Debug, Clone, Copy)]
struct Said {
    locale: Locale,
}

impl Said {
    /// The recovery day, and how long ago it was.
    fn day(self, day: i64, ago: i64) -> String {
        match (self.locale, ago) {
            (Locale::En, ..=0) => format!("Day {day}"),
            (Locale::En, 1) => format!("Day {day} (yesterday)"),
            (Locale::En, ago) => format!("Day {day} ({ago} days ago)"),
            (Locale::Es, ..=0) => format!("Día {day}"),
            (Locale::Es, 1) => format!("Día {day} (ayer)"),
            (Locale::Es, ago) => format!("Día {day} (hace {ago} días)"),
        }
    }

    /// Since how many days ago; none since today.
    fn since(self, days: i64) -> Option<String> {
        match (self.locale, days) {
            (_, ..=0) => None,
            (Locale::En, 1) => Some("since yesterday".to_owned()),
            (Locale::En, days) => Some(format!("for {days} days")),
            (Locale::Es, 1) => Some("desde ayer".to_owned()),
            (Locale::Es, days) => Some(format!("desde hace {days} días")),
        }
    }

    fn depth(self, mm: Option<f64>) -> String {
        match (self.locale, mm) {
            (_, Some(mm)) => format!("{} mm", self.number(mm.to_string())),
            (Locale::En, None) => "depth not known".to_owned(),
            (Locale::Es, None) => "profundidad desconocida".to_owned(),
        }
    }

    /// In English with the Fahrenheit beside it, because nobody hears from the language which of the two is meant.
    fn temperature(self, celsius: f64) -> String {
        let in_celsius = self.number(format!("{celsius:.1}"));
        match self.locale {
            Locale::En => format!("{in_celsius} °C ({:.1} °F)", celsius * 1.8 + 32.0),
            Locale::Es => format!("{in_celsius} °C"),
        }
    }

    fn graded(self, symptom: &str, severity: Severity, milder: Option<Severity>) -> String {
        let grade = severity.grade();
        match (self.locale, milder.map(Severity::grade)) {
            (Locale::En, None) => format!("{symptom} {grade} of 4"),
            (Locale::En, Some(before)) => format!("{symptom} {grade} of 4 (before: {before})"),
            (Locale::Es, None) => format!("{symptom} {grade} de 4"),
            (Locale::Es, Some(before)) => format!("{symptom} {grade} de 4 (antes: {before})"),
        }
    }

    fn number(self, written: String) -> String {
        match self.locale {
            Locale::En => written,
            Locale::Es => written.replace('.', ","),
        }
    }

    fn area(self, area: Area) -> &'static str {
        let (en, es) = match area {
            Area::Face => ("face", "cara"),
            Area::EyeArea => ("around the eyes", "contorno de ojos"),
            Area::Scalp => ("scalp", "cuero cabelludo"),
            Area::Neck => ("neck", "cuello"),
            Area::Chest => ("chest", "escote"),
            Area::Hands => ("hands", "manos"),
            Area::Back => ("back", "espalda"),
            Area::Abdomen => ("abdomen", "abdomen"),
            Area::Buttocks => ("buttocks", "glúteos"),
            Area::Legs => ("legs", "piernas"),
            Area::Arms => ("arms", "brazos"),
        };
        match self.locale {
            Locale::En => en,
            Locale::Es => es,
        }
    }
}

#[cfg(test)]
mod tests {
    use afterglow_care::check_in::{CheckIn, CheckInId, Temperature};
    use afterglow_care::plan::Plan;
    use afterglow_care::session::{NeedleDepth, Session, SessionId, Setting};
    use afterglow_care::{Zone, check_in};
    use chrono::Days;
    use enumset::EnumSet;
    use uuid::Uuid;

    use super::super::default_settings;
    use super::*;

    const TREATED: &str = "2026-11-20";

    fn session(depth: Option<f64>, areas: &[Area]) -> Session {
        Session {
            id: SessionId(Uuid::from_u128(1)),
            ended_at: "2026-11-20T16:30:00Z".parse().unwrap(),
            zone: Zone::named("Europe/Madrid").unwrap(),
            setting: Setting::Clinic,
            device: None,
            depth: depth.and_then(NeedleDepth::from_mm),
            areas: areas.iter().copied().collect(),
            concerns: BTreeSet::new(),
            risks: EnumSet::empty(),
            clinic_gave: EnumSet::empty(),
            adjuncts: EnumSet::empty(),
            exposed: false,
            plan: Plan::microneedling().reference(),
        }
    }

    /// What was seen on an evening so many days after the session.
    fn evening(day: u64, severities: &[(Symptom, u8)], signs: Option<EnumSet<Sign>>) -> CheckIn {
        let local_date = TREATED.parse::<NaiveDate>().unwrap() + Days::new(day);
        CheckIn {
            id: CheckInId(Uuid::from_u128(u128::from(day) + 2)),
            session: SessionId(Uuid::from_u128(1)),
            at: local_date.and_hms_opt(19, 30, 0).unwrap().and_utc(),
            local_date,
            severities: severities
                .iter()
                .filter_map(|(symptom, grade)| Some((*symptom, check_in::Severity::new(*grade)?)))
                .collect(),
            signs,
            temperature: None,
            areas: EnumSet::empty(),
            note: String::new(),
            revises: None,
        }
    }

    /// What is read out of the last of them, so many days after it.
    fn read_out(locale: Locale, session: &Session, check_ins: &[CheckIn], ago: u64) -> String {
        let plan = Plan::microneedling();
        let settings = default_settings(locale);
        let speaker = Speaker {
            plan: &plan,
            settings: &settings,
            call_open: false,
        };
        let judged = speaker.judged(std::slice::from_ref(session), &session.zone, check_ins);
        let last = judged.last().unwrap();
        speaker.summary(last, &judged, last.view.date + Days::new(ago))
    }

    #[test]
    fn a_summary_says_day_depth_area_what_is_seen_and_since_when() {
        let spreading = || Some(EnumSet::from(Sign::SpreadingRedness));
        let seen = [
            evening(2, &[(Symptom::Erythema, 2)], spreading()),
            CheckIn {
                temperature: Temperature::from_celsius(38.4),
                ..evening(3, &[(Symptom::Pain, 1), (Symptom::Erythema, 3)], spreading())
            },
        ];
        let session = session(Some(1.5), &[Area::Face]);
        assert_eq!(
            read_out(Locale::En, &session, &seen, 0),
            "Day 3, 1.5 mm, face: redness past the treated skin since yesterday, 38.4 °C (101.1 °F), \
             redness 3 of 4 (before: 2), pain 1 of 4"
        );
        assert_eq!(
            read_out(Locale::Es, &session, &seen, 0),
            "Día 3, 1,5 mm, cara: rojez más allá de la piel tratada desde ayer, 38,4 °C, rojez 3 de 4 (antes: 2), \
             dolor 1 de 4"
        );
    }

    #[test]
    fn days_are_counted_in_both_languages() {
        let pus = || Some(EnumSet::from(Sign::Pus));
        let session = session(None, &[Area::Face, Area::Neck]);
        let through = |from: u64| (from..=5).map(|day| evening(day, &[], pus())).collect::<Vec<_>>();
        for (locale, from, ago, expected) in [
            (Locale::En, 5, 0, "Day 5"),
            (Locale::En, 4, 0, "Day 5|since yesterday"),
            (Locale::En, 5, 1, "Day 5 (yesterday)|since yesterday"),
            (Locale::En, 3, 2, "Day 5 (2 days ago)|for 4 days"),
            (Locale::Es, 5, 0, "Día 5"),
            (Locale::Es, 4, 0, "Día 5|desde ayer"),
            (Locale::Es, 5, 1, "Día 5 (ayer)|desde ayer"),
            (Locale::Es, 3, 2, "Día 5 (hace 2 días)|desde hace 4 días"),
        ] {
            let said = read_out(locale, &session, &through(from), ago);
            let (day, since) = expected.split_once('|').unwrap_or((expected, ""));
            assert!(
                said.starts_with(&format!("{day}, ")) && said.ends_with(since),
                "{said}"
            );
            let says_since = ["since", "desde", " for "].iter().any(|word| said.contains(word));
            assert_eq!(says_since, !since.is_empty(), "{said}");
        }
    }

    #[test]
    fn what_was_not_asked_in_between_does_not_break_a_stretch_and_what_was_answered_does() {
        let pus = || Some(EnumSet::from(Sign::Pus));
        let session = session(Some(1.0), &[Area::Face]);
        let unasked = [
            evening(2, &[], pus()),
            evening(3, &[(Symptom::Pain, 1)], None),
            evening(4, &[], pus()),
        ];
        assert!(read_out(Locale::En, &session, &unasked, 0).ends_with("for 2 days"));
        let gone = [
            evening(2, &[], pus()),
            evening(3, &[], Some(EnumSet::empty())),
            evening(4, &[], pus()),
        ];
        assert!(!read_out(Locale::En, &session, &gone, 0).contains("days"));
    }

    #[test]
    fn the_areas_that_a_check_in_names_stand_for_those_of_the_session() {
        let session = session(Some(0.5), &[Area::Face, Area::Neck]);
        let named = CheckIn {
            areas: Area::Neck.into(),
            ..evening(1, &[], Some(EnumSet::empty()))
        };
        assert_eq!(read_out(Locale::En, &session, &[named], 0), "Day 1, 0.5 mm, neck");
    }
}
