//! What the patient is told of beside the plan's instructions, and what they chose themselves.

use std::collections::BTreeSet;

use crate::given::{berlin, id, session, zone};
use afterglow_care::check_in::CheckInId;
use afterglow_care::schedule::{
    Basis, CareTimes, Escalation, Medicine, Occurrence, WatchFollowUp, What, care_today, schedule,
};
use afterglow_care::session::{Adjunct, Appointment, Area, SessionId};
use afterglow_care::timeline::PhaseId;
use afterglow_care::triage::TriageLevel;
use afterglow_care::{Plan, Session};
use chrono::{DateTime, NaiveTime, Utc};
use uuid::Uuid;

/// A session of which only the clinic can say what holds.
fn asks_clinic(ended: &str) -> Session {
    Session {
        adjuncts: Adjunct::Led | Adjunct::Radiofrequency,
        ..session(berlin(ended))
    }
}

fn of<'a>(occurrences: &'a [Occurrence], instruction: &str, what: What) -> Vec<&'a Occurrence> {
    occurrences
        .iter()
        .filter(|o| o.instruction == id(instruction) && o.what == what)
        .collect()
}

fn local(at: DateTime<Utc>) -> String {
    zone("Europe/Berlin")
        .local(at)
        .format("%Y-%m-%d %H:%M")
        .to_string()
}

fn in_berlin_with(basis: Basis<'_>) -> Vec<Occurrence> {
    schedule(&Plan::microneedling(), basis, &zone("Europe/Berlin"))
}

fn told(occurrences: &[Occurrence], what: What) -> Vec<(String, String)> {
    let told = occurrences.iter().filter(|o| o.what == what);
    told.map(|o| (local(o.due_at), local(o.valid_until))).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = expected
        .iter()
        .map(|(due, until)| ((*due).to_owned(), (*until).to_owned()));
    owned.collect()
}

fn medicine(hours: &[u32], from: &str, until: &str) -> Medicine {
    let date = |text: &str| text.parse().expect("a date");
    Medicine {
        times: hours
            .iter()
            .map(|hour| NaiveTime::from_hms_opt(*hour, 0, 0).expect("a time"))
            .collect(),
        from: date(from),
        until: date(until),
        entered_at: DateTime::UNIX_EPOCH,
        superseded: Vec::new(),
    }
}

/// When the doses are due, and until when.
fn doses(sessions: &[Session], medicines: &[Medicine]) -> Vec<(String, String)> {
    let occurrences = in_berlin_with(Basis {
        sessions,
        medicines,
        ..Basis::default()
    });
    let doses = of(&occurrences, "prescribed_medicine", What::Daily).into_iter();
    doses
        .map(|dose| (local(dose.due_at), local(dose.valid_until)))
        .collect()
}

#[test]
fn a_medicine_rings_at_its_times_from_its_first_day_to_its_last_whatever_the_sessions() {
    let antiviral = [medicine(&[8, 20], "2026-11-20", "2026-11-21")];
    let expected = pairs(&[
        ("2026-11-20 08:00", "2026-11-20 20:00"),
        ("2026-11-20 20:00", "2026-11-21 04:00"),
        ("2026-11-21 08:00", "2026-11-21 20:00"),
        ("2026-11-21 20:00", "2026-11-22 04:00"),
    ]);
    assert_eq!(doses(&[], &antiviral), expected, "before any session");
    let sessions = [asks_clinic("2026-11-21 10:00"), {
        let mut newer = session(berlin("2026-11-22 09:00"));
        newer.id = SessionId(Uuid::from_u128(2));
        newer
    }];
    assert_eq!(doses(&sessions, &antiviral), expected);
    let occurrences = in_berlin_with(Basis {
        sessions: &sessions,
        medicines: &antiviral,
        ..Basis::default()
    });
    assert_eq!(
        of(&occurrences, "prescribed_medicine", What::Daily)[0].key.0,
        "00000000-0000-0000-0000-000000000000/prescribed_medicine/daily/2026-11-20@08:00",
        "a dose that was taken is not asked for again when a session is corrected"
    );
    let today = care_today(
        &Plan::microneedling(),
        Basis {
            sessions: &sessions[..1],
            medicines: &antiviral,
            ..Basis::default()
        },
        &zone("Europe/Berlin"),
        berlin("2026-11-21 12:00"),
    );
    let doses = today
        .iter()
        .find(|care| care.instruction == id("prescribed_medicine"));
    assert_eq!(doses.map(|care| care.times.len()), Some(2));
}

#[test]
fn one_medicine_does_not_end_the_dose_of_another_and_one_minute_is_one_reminder() {
    let antibiotic = medicine(&[8, 20], "2026-11-20", "2026-11-20");
    let cream = medicine(&[9, 20], "2026-11-20", "2026-11-20");
    assert_eq!(
        doses(&[], &[antibiotic, cream]),
        pairs(&[
            ("2026-11-20 08:00", "2026-11-20 20:00"),
            ("2026-11-20 09:00", "2026-11-20 20:00"),
            ("2026-11-20 20:00", "2026-11-21 04:00"),
        ])
    );
    assert_eq!(doses(&[], &[medicine(&[], "2026-11-20", "9999-12-31")]), []);
}

#[test]
fn an_appointment_is_told_the_evening_before_and_two_hours_before() {
    let booked = |at: &str| Appointment {
        id: SessionId(Uuid::from_u128(7)),
        at: berlin(at),
        areas: BTreeSet::from([Area::Face]),
        entered_at: DateTime::UNIX_EPOCH,
    };
    let appointments = [booked("2026-12-01 14:30")];
    let basis = Basis {
        appointments: &appointments,
        ..Basis::default()
    };
    let occurrences = in_berlin_with(basis);
    assert_eq!(
        told(&occurrences, What::Appointment),
        pairs(&[
            ("2026-11-30 18:00", "2026-12-01 12:30"),
            ("2026-12-01 12:30", "2026-12-01 14:30")
        ])
    );
    let keys: Vec<_> = occurrences.iter().map(|o| o.key.0.as_str()).collect();
    let id = appointments[0].id;
    assert_eq!(
        keys,
        [
            format!("{id}/appointment/appointment/2026-11-30@18:00"),
            format!("{id}/appointment/appointment/2026-12-01@11:30Z")
        ]
    );
    let moved = [booked("2026-12-01 16:30")];
    let again = in_berlin_with(Basis {
        appointments: &moved,
        ..Basis::default()
    });
    assert_ne!(
        again[1].key, occurrences[1].key,
        "one that is moved is told again"
    );
    let happened = [Session {
        id,
        ..session(berlin("2026-11-21 10:00"))
    }];
    let none = in_berlin_with(Basis {
        sessions: &happened,
        ..basis
    });
    assert_eq!(told(&none, What::Appointment), []);
}

#[test]
fn an_escalation_is_followed_up_three_times() {
    let sessions = [session(berlin("2026-11-21 10:00"))];
    let escalation = |at: &str, number| Escalation {
        session: sessions[0].id,
        check_in: CheckInId(Uuid::from_u128(number)),
        at: berlin(at),
        level: TriageLevel::CallClinic,
        reached_at: None,
        answered_at: None,
    };
    let of_escalations = |escalations: &[Escalation]| {
        let occurrences = in_berlin_with(Basis {
            sessions: &sessions,
            escalations,
            ..Basis::default()
        });
        for follow_up in occurrences.iter().filter(|o| o.what == What::FollowUp) {
            assert_eq!(follow_up.instruction, id("check_in"));
        }
        occurrences
    };
    let once = of_escalations(&[escalation("2026-11-23 20:40", 1)]);
    let three = pairs(&[
        ("2026-11-23 22:40", "2026-11-24 09:00"),
        ("2026-11-24 09:00", "2026-11-26 09:00"),
        ("2026-11-26 09:00", "2026-11-27 04:00"),
    ]);
    assert_eq!(told(&once, What::FollowUp), three);
    let keys: Vec<_> = once
        .iter()
        .filter(|o| o.what == What::FollowUp)
        .map(|o| o.key.0.rsplit('/').next().unwrap_or_default())
        .collect();
    assert_eq!(keys, ["+60h", "2026-11-24@09:00", "2026-11-26@09:00"]);

    let twice = of_escalations(&[
        escalation("2026-11-23 20:40", 1),
        escalation("2026-11-23 20:50", 2),
    ]);
    assert_eq!(told(&twice, What::FollowUp), three, "two of one hour are one");
    let in_the_morning = of_escalations(&[escalation("2026-11-23 08:00", 1)]);
    assert_eq!(
        told(&in_the_morning, What::FollowUp)[0],
        ("2026-11-23 10:00".to_owned(), "2026-11-24 09:00".to_owned())
    );
    let deleted = Escalation {
        session: SessionId(Uuid::from_u128(9)),
        ..escalation("2026-11-23 20:40", 1)
    };
    assert_eq!(told(&of_escalations(&[deleted]), What::FollowUp), []);
    let at_check_in = of_escalations(&[escalation("2026-11-23 18:00", 1)]);
    let eight: Vec<_> = at_check_in
        .iter()
        .filter(|o| o.instruction == id("check_in") && local(o.due_at) == "2026-11-23 20:00")
        .map(|o| o.what)
        .collect();
    assert_eq!(
        eight,
        [What::FollowUp],
        "one alert a minute, and the one that matters more"
    );
}

#[test]
fn a_watch_asks_again_a_day_later() {
    let sessions = [session(berlin("2026-11-21 10:00"))];
    let watches = [WatchFollowUp {
        session: sessions[0].id,
        at: berlin("2026-11-23 09:15"),
    }];
    let occurrences = in_berlin_with(Basis {
        sessions: &sessions,
        watches: &watches,
        ..Basis::default()
    });
    let asked = of(&occurrences, "check_in", What::CheckIn)
        .into_iter()
        .find(|o| local(o.due_at) == "2026-11-24 09:15")
        .expect("a check-in");
    assert_eq!(local(asked.valid_until), "2026-11-24 12:00");
    assert!(
        asked.key.0.ends_with("/check_in/check_in/+71h"),
        "{:?}",
        asked.key
    );
}

#[test]
fn an_answered_call_asks_no_further_and_keeps_what_was_asked() {
    let sessions = [session(berlin("2026-11-21 10:00"))];
    let call = Escalation {
        session: sessions[0].id,
        check_in: CheckInId(Uuid::from_u128(1)),
        at: berlin("2026-11-23 14:40"),
        level: TriageLevel::CallClinic,
        reached_at: None,
        answered_at: Some(berlin("2026-11-23 17:05")),
    };
    let open = Escalation {
        at: berlin("2026-11-23 14:50"),
        reached_at: None,
        answered_at: None,
        ..call
    };
    let follow_ups = |escalations: &[Escalation]| {
        let basis = Basis {
            sessions: &sessions,
            escalations,
            ..Basis::default()
        };
        told(&in_berlin_with(basis), What::FollowUp)
    };
    assert_eq!(
        follow_ups(&[call]),
        pairs(&[("2026-11-23 16:40", "2026-11-23 17:05")])
    );
    let at_once = Escalation {
        answered_at: Some(berlin("2026-11-23 14:45")),
        ..call
    };
    assert_eq!(follow_ups(&[at_once]), []);
    let what_came_of_it = [
        ("2026-11-24 09:00", "2026-11-26 09:00"),
        ("2026-11-26 09:00", "2026-11-27 04:00"),
    ];
    for (reached, first) in [
        ("2026-11-23 14:45", ("2026-11-23 16:40", "2026-11-24 09:00")),
        ("2026-11-23 17:05", ("2026-11-23 16:40", "2026-11-23 17:05")),
    ] {
        let reached = Escalation {
            reached_at: Some(berlin(reached)),
            answered_at: None,
            ..call
        };
        let asked = [&[first][..], &what_came_of_it].concat();
        assert_eq!(follow_ups(&[reached]), pairs(&asked), "until it is told");
    }
    for both in [[call, open], [open, call]] {
        assert_eq!(
            follow_ups(&both),
            pairs(&[
                ("2026-11-23 16:50", "2026-11-24 09:00"),
                ("2026-11-24 09:00", "2026-11-26 09:00"),
                ("2026-11-26 09:00", "2026-11-27 04:00"),
            ]),
            "an answered call silences no open one of the same hour"
        );
    }
}

#[test]
fn a_phase_is_told_on_its_first_morning_for_that_day() {
    let first = session(berlin("2026-11-21 10:00"));
    let phases = |sessions: &[Session]| {
        let occurrences = schedule(&Plan::microneedling(), sessions, &zone("Europe/Berlin"));
        let phases = occurrences.iter().filter(|o| o.what == What::Phase);
        phases
            .map(|o| (o.phase().expect("a phase"), local(o.due_at), local(o.valid_until)))
            .collect::<Vec<_>>()
    };
    let told = phases(std::slice::from_ref(&first));
    assert_eq!(
        told.iter().map(|(phase, ..)| *phase).collect::<Vec<_>>(),
        PhaseId::ALL[1..]
    );
    assert_eq!(
        told[1],
        (
            PhaseId::DryAndFlaky,
            "2026-11-24 09:00".to_owned(),
            "2026-11-25 00:00".to_owned()
        )
    );
    let mut newer = session(berlin("2026-11-24 18:00"));
    newer.id = SessionId(Uuid::from_u128(2));
    let both = phases(&[first.clone(), newer]);
    assert_eq!(both.len(), 2 + 6, "the older one's end with the newer session");
    let mut more = first;
    more.adjuncts |= Adjunct::Prp;
    assert_eq!(phases(&[more]), [], "this plan does not know what is normal then");
}

#[test]
fn care_moves_with_the_patients_day_and_keeps_its_key() {
    let sessions = [session(berlin("2026-11-21 10:00"))];
    let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).expect("a time");
    let plain = in_berlin_with(Basis::from(&sessions));
    let moved = in_berlin_with(Basis {
        sessions: &sessions,
        care_times: CareTimes {
            morning: time(6, 30),
            evening: time(22, 0),
        },
        ..Basis::default()
    });
    for (key, due, chosen) in [
        ("gentle_cleanse/daily/2026-11-23@08:00", "2026-11-23 06:30", true),
        ("gentle_cleanse/daily/2026-11-23@21:00", "2026-11-23 22:00", true),
        ("moisturise/daily/2026-11-23@21:30", "2026-11-23 22:30", true),
        ("moisturise/daily/2026-11-23@13:00", "2026-11-23 13:00", false),
        ("sleep_raised/daily/2026-11-22@20:00", "2026-11-22 21:00", true),
        ("check_in/check_in/2026-11-23@20:00", "2026-11-23 20:00", false),
        (
            "evening_comparison/at/2026-11-23@20:30",
            "2026-11-23 20:30",
            false,
        ),
    ] {
        let at = |occurrences: &[Occurrence]| {
            let found = occurrences.iter().find(|o| o.key.0.ends_with(key));
            found.map(|o| (local(o.due_at), o.chosen))
        };
        assert_eq!(at(&moved), Some((due.to_owned(), chosen)), "{key}");
        assert!(at(&plain).is_some_and(|(_, chosen)| !chosen), "{key}");
    }
}

#[test]
fn no_daily_time_leaves_its_date() {
    let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).expect("a time");
    let late = CareTimes {
        morning: time(0, 30),
        evening: time(23, 30),
    };
    assert_eq!(late.moved(time(6, 0)), time(0, 0));
    assert_eq!(late.moved(time(22, 0)), time(23, 59));
    assert_eq!(late.moved(time(3, 59)), time(3, 59));
    assert_eq!(late.moved(time(12, 0)), time(12, 0));
    assert_eq!(CareTimes::default().moved(time(21, 30)), time(21, 30));
}

#[test]
fn what_was_due_before_it_was_entered_is_asked_of_nobody() {
    let entered = Medicine {
        entered_at: berlin("2026-11-20 14:58"),
        ..medicine(&[8, 20], "2026-11-20", "2026-11-21")
    };
    let due: Vec<_> = doses(&[], &[entered]).into_iter().map(|(due, _)| due).collect();
    assert_eq!(
        due,
        ["2026-11-20 20:00", "2026-11-21 08:00", "2026-11-21 20:00"],
        "the morning's dose may have been taken"
    );
    let corrected = Medicine {
        entered_at: berlin("2026-11-20 15:05"),
        superseded: vec![Medicine {
            entered_at: berlin("2026-11-20 07:10"),
            ..medicine(&[8, 20], "2026-11-20", "2026-11-20")
        }],
        ..medicine(&[8, 14, 20], "2026-11-20", "2026-11-21")
    };
    let due = doses(&[], &[corrected]).into_iter().map(|(due, _)| due);
    assert_eq!(
        due.take(3).collect::<Vec<_>>(),
        ["2026-11-20 08:00", "2026-11-20 20:00", "2026-11-21 08:00"],
        "a correction takes back no dose that stood before, and asks for none that it added too late"
    );

    let appointments = [Appointment {
        id: SessionId(Uuid::from_u128(7)),
        at: berlin("2026-12-01 20:00"),
        areas: BTreeSet::new(),
        entered_at: berlin("2026-12-01 14:57"),
    }];
    let basis = Basis {
        appointments: &appointments,
        ..Basis::default()
    };
    let due: Vec<_> = in_berlin_with(basis).iter().map(|one| one.due_at).collect();
    assert_eq!(due, [berlin("2026-12-01 18:00")], "the evening before is over");
}
