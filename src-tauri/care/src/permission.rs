//! "Can I …?": whether something may be done or put on the skin yet, and until when not.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::Locale;
use crate::ingredients::{self, IngredientGroup, Verdict};
use crate::plan::{Activity, ActivityRule, Instruction, InstructionId, InstructionKind, Plan, SourceKey};
use crate::restriction::{asks, bounds};
use crate::session::Session;
use crate::words::Hit;

/// The answer to "Can I …?"
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Nothing holds it back.
    Yes,
    /// Something holds it back for a known time.
    NotYet,
    /// Only the clinic can say.
    AskClinic,
}

/// Whether something may be done now, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// The answer.
    pub answer: Answer,
    /// Of [`Answer::NotYet`]: the first instant at which nothing holds it back any more.
    pub until: Option<DateTime<Utc>>,
    /// What decided it.
    pub because: Because,
    /// Who says so.
    pub sources: Vec<SourceKey>,
    /// Whether it is the authors' careful reading rather than a source's figure.
    pub extrapolated: bool,
}

/// What decides an answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Because {
    /// The instruction that holds it back longest.
    Instruction(InstructionId),
    /// What the plan says of the activity itself, by its name.
    Activity(String),
    /// More was done than needling, so that the plan's windows do not say enough.
    MoreThanNeedling,
    /// The instruction asks for what the patient would like to leave out.
    LeavingOut(InstructionId),
    /// The patient asks about leaving something out that the plan says nothing of.
    NotDoing,
    /// A check-in asked for a call that was not made yet.
    OpenCall,
}

impl Permission {
    /// Of two answers the one that holds back more is the greater.
    pub fn strictness(&self) -> impl Ord + use<> {
        let answer = match self.answer {
            Answer::Yes => 0,
            Answer::NotYet => 1,
            Answer::AskClinic => 2,
        };
        (answer, self.until)
    }

    /// The same while a call is open: before anything is begun again, the clinic is asked.
    #[must_use]
    pub fn while_call_is_open(self) -> Self {
        match self.answer {
            Answer::Yes => Self {
                answer: Answer::AskClinic,
                because: Because::OpenCall,
                ..self
            },
            Answer::NotYet | Answer::AskClinic => self,
        }
    }

    /// The answer's reason in plain words; empty only where the plan is not the one that answered.
    pub fn reason(&self, plan: &Plan, locale: Locale) -> String {
        let own = match &self.because {
            Because::Instruction(id) => plan.instruction(id).map(|known| known.texts(locale).why.as_str()),
            Because::Activity(id) => {
                let activity = plan.activities().iter().find(|activity| activity.id == *id);
                activity.map(|activity| {
                    let note = activity.texts(locale).note.as_deref();
                    note.unwrap_or_else(|| without_note(self.answer, locale))
                })
            }
            Because::OpenCall => Some(match locale {
                Locale::En => "You were asked to call. Ask your clinic before you start anything again.",
                Locale::Es => {
                    "Te pedimos que llamaras. Pregunta a tu clínica antes de volver a empezar nada."
                }
            }),
            Because::MoreThanNeedling => Some(match locale {
                Locale::En => "More was done than needling, so your clinic knows best when this is fine.",
                Locale::Es => "Se hizo algo más que microneedling: tu clínica sabe mejor cuándo puedes.",
            }),
            Because::LeavingOut(id) => {
                let why = plan.instruction(id).map(|known| known.texts(locale).why.as_str());
                let ask = match locale {
                    Locale::En => "Your plan asks for it. Ask your clinic before you leave it out.",
                    Locale::Es => "Tu plan lo pide. Pregunta a tu clínica antes de dejarlo.",
                };
                return format!("{} {ask}", why.unwrap_or_default())
                    .trim_start()
                    .to_owned();
            }
            Because::NotDoing => Some(match locale {
                Locale::En => "You ask about leaving this out. Your clinic knows best.",
                Locale::Es => "Preguntas por no hacerlo. Tu clínica lo sabe mejor.",
            }),
        };
        own.unwrap_or_default().to_owned()
    }
}

fn without_note(answer: Answer, locale: Locale) -> &'static str {
    match (answer, locale) {
        (Answer::Yes, Locale::En) => "Nothing in your plan speaks against it.",
        (Answer::Yes, Locale::Es) => "Nada en tu plan dice lo contrario.",
        (Answer::NotYet | Answer::AskClinic, Locale::En) => "Your clinic knows you best. Ask them first.",
        (Answer::NotYet | Answer::AskClinic, Locale::Es) => {
            "Tu clínica te conoce mejor. Pregunta allí primero."
        }
    }
}

/// The avoid that holds back whatever is put on the skin.
const ONLY_CLINIC_PRODUCTS: &str = "only_clinic_products";

/// Whether an activity is fine at `now` after these sessions. Those that end later than `now` are
/// left out, and so are those that do not concern the activity's areas or whose clinic supplied
/// what it needs.
///
/// It is not yet fine until the latest end of everything that holds it back: of each avoid and limit
/// that it waits for and that concerns a session, and of everything to do that it waits for, whose
/// end counts whether or not it concerns the session's areas. What has not begun yet holds it back
/// already, because something before leads up to it. Where more was done than needling, the clinic
/// is to be asked as long as any window of that session is open; that goes before "not yet", whose
/// time would be a promise.
pub fn permission(plan: &Plan, sessions: &[Session], activity: &Activity, now: DateTime<Utc>) -> Permission {
    let (until, from, product, then_ask) = match &activity.answer {
        ActivityRule::Yes => return by_rule(activity, Answer::Yes, &[]),
        ActivityRule::AskClinic => return by_rule(activity, Answer::AskClinic, &[]),
        ActivityRule::Windows {
            product,
            until,
            from,
            then_ask,
        } => (until, from, *product, *then_ask),
    };
    let only_clinic_products = InstructionId(ONLY_CLINIC_PRODUCTS.to_owned());
    let mut blockers: Vec<_> = until
        .iter()
        .chain(product.then_some(&only_clinic_products))
        .filter_map(|id| Some(Blocker::until_end(plan.instruction(id)?)))
        .collect();
    blockers.extend(
        from.iter()
            .filter_map(|id| Some(Blocker::until_opening(plan.instruction(id)?))),
    );
    let concerned = sessions.iter().filter(|session| {
        let here = activity
            .areas
            .as_ref()
            .is_none_or(|areas| !areas.is_disjoint(&session.areas));
        let given = activity
            .given
            .is_some_and(|supply| session.clinic_gave.contains(supply));
        session.ended_at <= now && here && !given
    });
    match longest(plan, &blockers, concerned, now) {
        Some(Hold::Ask) => Permission {
            answer: Answer::AskClinic,
            until: None,
            because: Because::MoreThanNeedling,
            sources: Vec::new(),
            extrapolated: true,
        },
        Some(Hold::Until(until, instruction)) => Permission {
            answer: Answer::NotYet,
            until: Some(until),
            because: Because::Instruction(instruction.id.clone()),
            sources: instruction.sources.clone(),
            extrapolated: instruction.extrapolated,
        },
        None if then_ask => by_rule(activity, Answer::AskClinic, &blockers),
        None => by_rule(activity, Answer::Yes, &blockers),
    }
}

/// One thing that the patient's words ask about.
#[derive(Debug, Clone, Copy)]
pub struct Question<'p> {
    /// What it is about.
    pub activity: &'p Activity,
    /// Whether the words ask about leaving it out: "can I skip sunscreen".
    pub leaving_out: bool,
}

impl Question<'_> {
    /// What it is about in the patient's words, with a mark where it is to be left out.
    pub fn label(&self, locale: Locale) -> String {
        let label = &self.activity.texts(locale).label;
        match (self.leaving_out, locale) {
            (false, _) => label.clone(),
            (true, Locale::En) => format!("Leaving out: {label}"),
            (true, Locale::Es) => format!("Sin esto: {label}"),
        }
    }
}

/// The answer to one question after these sessions; see [`permission`]. To leave something out is
/// never a plain yes: what the plan asks for is a matter for the clinic, and so is what the plan
/// does not hold back. Otherwise the time that the plan holds it back is told, as for doing it.
pub fn answer(plan: &Plan, sessions: &[Session], question: &Question<'_>, now: DateTime<Utc>) -> Permission {
    let activity = question.activity;
    if !question.leaving_out {
        return permission(plan, sessions, activity, now);
    }
    if let Some(care) = activity.does.as_ref().and_then(|id| plan.instruction(id)) {
        return Permission {
            answer: Answer::AskClinic,
            until: None,
            because: Because::LeavingOut(care.id.clone()),
            sources: care.sources.clone(),
            extrapolated: true,
        };
    }
    let doing = permission(plan, sessions, activity, now);
    if doing.answer == Answer::Yes {
        return Permission {
            answer: Answer::AskClinic,
            because: Because::NotDoing,
            sources: Vec::new(),
            extrapolated: true,
            ..doing
        };
    }
    doing
}

/// The name for drinks with alcohol among the activities.
const ALCOHOL_DRINKS: &str = "alcohol";
/// The name for alcohol on the skin.
const ALCOHOL_ON_SKIN: &str = "alcohol_on_skin";
/// The name for a product of which nothing is told.
const UNNAMED_PRODUCT: &str = "unnamed_product";
/// The name for leaving off a medicine.
const STOP_MEDICINE: &str = "stop_medicine";
/// The names of what a patient may stop as a medicine.
const MEDICINES: &[&str] = &["paracetamol", "ibuprofen", "medicine"];

/// Words that say that something is drunk.
const DRINKING: &[&str] = &[
    "drink", "drinks", "drinking", "drank", "drunk", "glass", "bar", "pub", "beber", "bebo", "bebida",
    "bebidas", "tomar", "tomarme", "copa", "copas", "vaso", "brindar",
];
/// Words that say that something is put on the skin.
const ON_THE_SKIN: &[&str] = &[
    "clean",
    "cleaning",
    "cleanse",
    "wipe",
    "wiping",
    "swab",
    "swabs",
    "pad",
    "pads",
    "disinfect",
    "disinfecting",
    "disinfection",
    "sterilise",
    "sterilize",
    "rub",
    "rubbing",
    "dab",
    "dabbing",
    "spray",
    "apply",
    "applying",
    "put",
    "putting",
    "wash",
    "washing",
    "denat",
    "denatured",
    "based",
    "isopropyl",
    "skincare",
    "product",
    "products",
    "toner",
    "cosmetic",
    "cosmetics",
    "contains",
    "containing",
    "ingredient",
    "limpiar",
    "limpiarme",
    "limpiarse",
    "limpio",
    "desinfectar",
    "desinfectarme",
    "frotar",
    "frotarme",
    "poner",
    "ponerme",
    "aplicar",
    "aplicarme",
    "echarme",
    "echar",
    "lavar",
    "lavarme",
    "producto",
    "productos",
    "cosmetico",
    "cosmeticos",
    "contiene",
    "algodon",
    "gasa",
    "desnaturalizado",
];
/// Words for places of the skin.
const SKIN: &[&str] = &[
    "skin", "face", "cheek", "cheeks", "neck", "forehead", "pimple", "piel", "cara", "rostro", "cuello",
    "frente", "mejilla", "mejillas",
];

/// What a question asks about, in the words of either language, best first.
pub fn questions<'p>(plan: &'p Plan, typed: &str) -> Vec<Question<'p>> {
    let reading = plan.activity_words().read(typed);
    let named = |id: &str| plan.activities().iter().find(|activity| activity.id == id);
    let has = |words: &[&str]| reading.words.iter().any(|word| words.contains(&word.as_str()));
    let found: Vec<(&Activity, &Hit<usize>)> = reading
        .hits
        .iter()
        .filter_map(|hit| Some((plan.activities().get(hit.key)?, hit)))
        .collect();
    let beside_product = |unnamed: &Hit<usize>| {
        found.iter().any(|(activity, hit)| {
            (hit.part, hit.left_out) == (unnamed.part, unnamed.left_out)
                && is_product(activity)
                && activity.id != UNNAMED_PRODUCT
        })
    };
    let any_product = found.iter().any(|(activity, _)| is_product(activity));
    let mut questions: Vec<Question<'p>> = Vec::new();
    let mut ask = |activity: Option<&'p Activity>, leaving_out: bool| {
        let Some(activity) = activity else { return };
        let known = |question: &Question<'_>| {
            question.activity.id == activity.id && question.leaving_out == leaving_out
        };
        if !questions.iter().any(known) {
            questions.push(Question {
                activity,
                leaving_out,
            });
        }
    };
    for (activity, hit) in &found {
        let id = activity.id.as_str();
        if id == UNNAMED_PRODUCT && beside_product(hit) {
            // "Retinol cream" is about retinol.
            continue;
        }
        if id == ALCOHOL_DRINKS {
            let bare = hit.named == "alcohol" || hit.named == "alcohols";
            let drunk = has(DRINKING);
            let on_skin = !drunk && (has(ON_THE_SKIN) || (any_product && bare));
            if !on_skin {
                ask(Some(activity), hit.left_out);
            }
            if on_skin || (!drunk && (bare || has(SKIN))) {
                ask(named(ALCOHOL_ON_SKIN), hit.left_out);
            }
            continue;
        }
        if hit.stopped && MEDICINES.contains(&id) {
            ask(named(STOP_MEDICINE), false);
            continue;
        }
        ask(Some(activity), hit.left_out);
    }
    for hit in &reading.absent {
        // "To the beach without sunscreen" is about both.
        let care = plan
            .activities()
            .get(hit.key)
            .filter(|activity| activity.does.is_some());
        ask(care, true);
    }
    if reading.stops_unknown {
        ask(named(STOP_MEDICINE), false);
    }
    if questions
        .iter()
        .any(|question| question.activity.id == ALCOHOL_ON_SKIN)
    {
        // "Cream with alcohol" is about its alcohol.
        questions.retain(|question| question.activity.id != UNNAMED_PRODUCT);
    }
    // "Sunscreen instead of makeup": to leave out what the plan avoids needs no word beside something to do.
    if questions.iter().any(|question| !question.leaving_out) {
        questions.retain(|question| {
            let activity = question.activity;
            let avoided = activity.does.is_none() && matches!(activity.answer, ActivityRule::Windows { .. });
            !(question.leaving_out && avoided)
        });
    }
    questions
}

/// What a question that is still being typed may be about, the likeliest first.
pub fn begun<'p>(plan: &'p Plan, typed: &str) -> Vec<&'p Activity> {
    let keys = plan.activity_words().begun(typed).into_iter();
    keys.filter_map(|key| plan.activities().get(key)).collect()
}

/// Whether it is put on the skin.
fn is_product(activity: &Activity) -> bool {
    activity.id == UNNAMED_PRODUCT || matches!(activity.answer, ActivityRule::Windows { product: true, .. })
}

/// What the plan says of the activity itself; where it has no source of its own, those of what it
/// waits for speak.
fn by_rule(activity: &Activity, answer: Answer, blockers: &[Blocker<'_>]) -> Permission {
    let own = !activity.sources.is_empty() || blockers.is_empty();
    let sources: BTreeSet<_> = if own {
        activity.sources.iter().collect()
    } else {
        blockers
            .iter()
            .flat_map(|blocker| &blocker.instruction.sources)
            .collect()
    };
    Permission {
        answer,
        until: None,
        because: Because::Activity(activity.id.clone()),
        sources: sources.into_iter().cloned().collect(),
        extrapolated: activity.extrapolated
            || (!own && blockers.iter().any(|blocker| blocker.instruction.extrapolated)),
    }
}

/// An instruction that something waits for.
#[derive(Clone, Copy)]
struct Blocker<'p> {
    instruction: &'p Instruction,
    /// Whether only its opening is waited for, not its end.
    opening: bool,
}

impl<'p> Blocker<'p> {
    fn until_end(instruction: &'p Instruction) -> Self {
        Self {
            instruction,
            opening: false,
        }
    }

    fn until_opening(instruction: &'p Instruction) -> Self {
        Self {
            instruction,
            opening: true,
        }
    }

    /// Until when it holds something back after a session; none where it does not concern it.
    /// Something to do marks a time of the skin, whichever areas it is asked for.
    fn until(self, session: &Session) -> Option<DateTime<Utc>> {
        if self.instruction.kind != InstructionKind::Do && !self.instruction.concerns(session) {
            return None;
        }
        let (from, until) = bounds(self.instruction, session)?;
        Some(if self.opening { from } else { until })
    }
}

/// What holds something back.
#[derive(Clone, Copy)]
enum Hold<'p> {
    /// Only the clinic can say until when.
    Ask,
    /// The instruction that does so longest, and until when.
    Until(DateTime<Utc>, &'p Instruction),
}

/// What holds something back longest; none when nothing does at `now`.
fn longest<'p, 's>(
    plan: &Plan,
    blockers: &[Blocker<'p>],
    sessions: impl Iterator<Item = &'s Session>,
    now: DateTime<Utc>,
) -> Option<Hold<'p>> {
    let mut longest: Option<(DateTime<Utc>, &Instruction)> = None;
    for session in sessions {
        let mut asked = false;
        for blocker in blockers {
            let Some(until) = blocker.until(session) else {
                continue;
            };
            if asks(blocker.instruction, session) {
                asked = true;
            } else if now < until && longest.is_none_or(|(latest, _)| latest < until) {
                longest = Some((until, blocker.instruction));
            }
        }
        if asked && is_open(plan, session, now) {
            return Some(Hold::Ask);
        }
    }
    longest.map(|(until, instruction)| Hold::Until(until, instruction))
}

/// Whether a window of a session is still to end.
fn is_open(plan: &Plan, session: &Session, now: DateTime<Utc>) -> bool {
    plan.instructions_for(session)
        .any(|instruction| bounds(instruction, session).is_some_and(|(_, until)| now < until))
}

/// What a product's list of ingredients means for the treated skin.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IngredientCheck {
    /// What has to wait, in the list's order; an ingredient of several families once for each.
    pub flagged: Vec<Flagged>,
    /// What nobody knows, as it stood on the package.
    pub unknown: Vec<String>,
    /// What nothing is held against now.
    pub fine: Vec<String>,
    /// Until when nothing but the clinic's own products is for the skin, whatever is in it.
    pub all_products_until: Option<DateTime<Utc>>,
    /// Whether the clinic is to be asked before anything else, because more was done than needling.
    pub ask_clinic: bool,
}

/// An ingredient that has to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flagged {
    /// As it stood on the package.
    pub name: String,
    /// Its family.
    pub group: IngredientGroup,
    /// The first instant at which it is fine; none where only the clinic can say.
    pub until: Option<DateTime<Utc>>,
    /// Who says that its family has to wait.
    pub sources: Vec<SourceKey>,
    /// Whether no source's figure says until when.
    pub extrapolated: bool,
}

/// Checks a product's list of ingredients, as it is pasted from the package, against everything
/// that the sessions up to `now` hold back. An ingredient whose family's time is over is fine.
pub fn check_ingredients(
    plan: &Plan,
    sessions: &[Session],
    text: &str,
    now: DateTime<Utc>,
) -> IngredientCheck {
    let ended = || sessions.iter().filter(|session| session.ended_at <= now);
    let hold = |id: &InstructionId| {
        let blocker = Blocker::until_end(plan.instruction(id)?);
        longest(plan, &[blocker], ended(), now)
    };
    let all_products = hold(&InstructionId(ONLY_CLINIC_PRODUCTS.to_owned()));
    let mut check = IngredientCheck {
        all_products_until: match all_products {
            Some(Hold::Until(until, _)) => Some(until),
            Some(Hold::Ask) | None => None,
        },
        ask_clinic: matches!(all_products, Some(Hold::Ask)),
        ..IngredientCheck::default()
    };
    for listed in ingredients::read_list(text) {
        let groups = match listed.verdict {
            Verdict::Groups(groups) => groups,
            Verdict::Fine => Vec::new(),
            Verdict::Unknown => {
                check.unknown.push(listed.name);
                continue;
            }
        };
        let flagged = check.flagged.len();
        for group in groups {
            let Some(rule) = plan.ingredient_rule(group) else {
                continue;
            };
            if let Some(hold) = hold(&rule.until) {
                check.flagged.push(Flagged {
                    name: listed.name.clone(),
                    group,
                    until: match hold {
                        Hold::Until(until, _) => Some(until),
                        Hold::Ask => None,
                    },
                    sources: rule.sources.clone(),
                    extrapolated: rule.extrapolated,
                });
            }
        }
        if check.flagged.len() == flagged {
            check.fine.push(listed.name);
        }
    }
    check
}
