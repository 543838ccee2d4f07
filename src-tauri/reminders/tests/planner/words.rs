//! What an alarm's texts tell, and to whom.

use std::collections::{BTreeSet, HashSet};

use afterglow_care::schedule::{Basis, What};
use afterglow_care::timeline::PhaseId;
use afterglow_care::triage::TriageLevel;
use afterglow_care::{Locale, Plan, Zone};
use afterglow_reminders::planner::{Cut, cut};
use afterglow_reminders::settings::ReminderSettings;
use afterglow_reminders::wording::{Subject, Wording, body, host_words, open_app};

use crate::given::{civil, daily, id, utc};

const EVERY_WHAT: [What; 8] = [
    What::Start,
    What::Daily,
    What::At,
    What::CheckIn,
    What::FollowUp,
    What::Appointment,
    What::AllClear,
    What::Phase,
];

#[test]
fn full_wording_says_what_the_plan_says_and_an_end_never_repeats_the_prohibition() {
    let plan = Plan::microneedling();
    for locale in Locale::ALL {
        for instruction in plan.instructions() {
            let say = |what| {
                let subject = Subject {
                    plan: &plan,
                    instruction: &instruction.id,
                    what,
                    phase: None,
                    local: None,
                    open_call: None,
                };
                body(subject, Wording::Full, locale)
            };
            if instruction.id != id("prescribed_medicine") {
                assert_eq!(say(What::Daily), instruction.texts(locale).text);
            }
            assert_ne!(
                say(What::AllClear),
                instruction.texts(locale).text,
                "{:?}",
                instruction.id
            );
            if let Some(over) = plan.over(&instruction.id, locale) {
                assert_eq!(say(What::AllClear), over);
            }
        }
    }
}

#[test]
fn n9_a_discreet_text_tells_a_stranger_nothing_about_a_treatment() {
    const TELLING: [&str; 42] = [
        "skin",
        "needl",
        "clinic",
        "face",
        "treat",
        "session",
        "red",
        "swell",
        "itch",
        "pain",
        "peel",
        "dry",
        "burn",
        "heal",
        "recover",
        "makeup",
        "sun",
        "cream",
        "wash",
        "moistur",
        "aftercare",
        "symptom",
        "piel",
        "aguja",
        "clínica",
        "cara",
        "tratamiento",
        "sesión",
        "roj",
        "hinch",
        "pic",
        "dolor",
        "seca",
        "cicatri",
        "recuper",
        "maquilla",
        "sol",
        "síntoma",
        "medic",
        "receta",
        "prescri",
        "phase",
    ];
    let plan = Plan::microneedling();
    let mut texts = BTreeSet::new();
    for locale in Locale::ALL {
        let words = serde_json::to_value(host_words(locale)).unwrap();
        let words = words.as_object().unwrap().values();
        texts.extend(words.map(|word| word.as_str().unwrap().to_owned()));
        texts.insert(open_app(locale).to_owned());
        let phases = PhaseId::ALL.map(|phase| (id(phase.name()), Some(phase)));
        let named = plan.instructions().iter().map(|one| (one.id.clone(), None));
        for (instruction, phase) in named.chain(phases).chain([(id("appointment"), None)]) {
            for what in EVERY_WHAT {
                let hours = (0..24).map(|hour| Some(civil(&format!("2027-01-01 {hour:02}:00"))));
                for local in hours.chain([None]) {
                    for open_call in [None, Some(TriageLevel::CallClinic), Some(TriageLevel::Emergency)] {
                        let subject = Subject {
                            plan: &plan,
                            instruction: &instruction,
                            what,
                            phase,
                            local,
                            open_call,
                        };
                        texts.insert(body(subject, Wording::Discreet, locale));
                    }
                }
            }
        }
    }
    let labels: BTreeSet<String> = Locale::ALL
        .into_iter()
        .flat_map(|locale| {
            plan.instructions()
                .iter()
                .map(move |instruction| (locale, instruction))
        })
        .filter(|(_, instruction)| instruction.id.0 != "check_in")
        .map(|(locale, instruction)| instruction.texts(locale).label.to_lowercase())
        .collect();
    for text in &texts {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphabetic()).collect();
        for telling in TELLING {
            assert!(
                !words.iter().any(|word| word.starts_with(telling)),
                "{text:?} tells {telling:?}"
            );
        }
        for label in &labels {
            assert!(!lower.contains(label.as_str()), "{text:?} names {label:?}");
        }
    }
}

#[test]
fn the_list_names_no_instruction_in_discreet_wording() {
    let plan = Plan::microneedling();
    let occurrences = [daily("moisturise", What::Daily, "2026-11-22 08:00")];
    let list = cut(&Cut {
        plan: &plan,
        basis: Basis::default(),
        occurrences: &occurrences,
        settings: &ReminderSettings::default(),
        settled: &HashSet::new(),
        checked_in_on: None,
        planned_to: None,
        zone: &Zone::UTC,
        now: utc("2026-11-21 12:00"),
        capacity: 10,
    });
    let text = serde_json::to_string(&list).unwrap();
    assert!(list.alarms.len() == 1 && !text.contains("moisturise"), "{text}");
}

#[test]
fn a_phase_is_told_in_the_plans_words() {
    let plan = Plan::microneedling();
    for (locale, expected) in [
        (
            Locale::En,
            "From today this is expected: Tight and dry, with light flaking and a mild itch. Bruises fade.",
        ),
        (Locale::Es, "Desde hoy esto es lo esperado: "),
    ] {
        let subject = Subject {
            plan: &plan,
            instruction: &id("dry_and_flaky"),
            what: What::Phase,
            phase: Some(PhaseId::DryAndFlaky),
            local: None,
            open_call: None,
        };
        let text = body(subject, Wording::Full, locale);
        assert!(text.starts_with(expected), "{text}");
    }
}

#[test]
fn no_wording_names_a_medicine() {
    let text = include_str!("../../../care/plans/microneedling.toml");
    let spanish = include_str!("../../../care/plans/microneedling.es.toml");
    let said = "Take any medicine from your clinic exactly as it was prescribed.";
    let naming = text.replacen(said, "Take aciclovir 400 mg.", 1);
    assert_ne!(text, naming);
    let plan = Plan::parse(&naming, &[spanish]).unwrap();
    for locale in Locale::ALL {
        for wording in [Wording::Discreet, Wording::Full] {
            let settings = ReminderSettings {
                locale,
                wording,
                ..ReminderSettings::default()
            };
            let dose = [daily("prescribed_medicine", What::Daily, "2026-11-22 08:00")];
            let list = cut(&Cut {
                plan: &plan,
                basis: Basis::default(),
                occurrences: &dose,
                settings: &settings,
                settled: &HashSet::new(),
                checked_in_on: None,
                planned_to: None,
                zone: &Zone::UTC,
                now: utc("2026-11-21 12:00"),
                capacity: 10,
            });
            let text = serde_json::to_string(&list).unwrap();
            assert!(list.alarms.len() == 1 && !text.contains("aciclovir"), "{text}");
        }
    }
}

#[test]
fn each_button_and_each_text_of_the_host_is_there_in_every_language() {
    let [english, spanish] =
        [Locale::En, Locale::Es].map(|locale| serde_json::to_value(host_words(locale)).unwrap());
    for (name, word) in english.as_object().unwrap() {
        let (word, other) = (word.as_str().unwrap(), spanish[name].as_str().unwrap());
        assert!(!word.is_empty() && !other.is_empty(), "{name}");
        assert!(
            name == "digest_title" || word != other,
            "{name} is not translated: {word}"
        );
        for blank in ["{n}", "{when}", "{time}"] {
            assert_eq!(word.contains(blank), other.contains(blank), "{name}");
        }
        assert!(!word.contains('!') && !other.contains('!'), "{name}");
    }
}
