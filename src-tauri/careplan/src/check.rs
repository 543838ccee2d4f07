//! `careplan check`: every fault of a plan, or what it contains.

use afterglow_care::Locale;
use afterglow_care::check_in::Symptom;
use afterglow_care::ingredients::IngredientGroup;
use afterglow_care::plan::{Activity, IngredientRule, Instruction, Plan, Rule, ScreeningItem};
use afterglow_care::session::DepthClass;
use serde::Serialize;

use crate::arguments::{self, Common};
use crate::output::{self, Lines, Refusal};
use crate::plan_file::{self, FileFault, Loaded, NoPlan};

/// What `--json` prints of a plan without faults.
#[derive(Serialize)]
struct Valid {
    valid: bool,
    #[serde(flatten)]
    contents: Contents,
}

/// What `--json` prints of the others.
#[derive(Serialize)]
struct Faulty<'a> {
    valid: bool,
    faults: Vec<FaultAnswer<'a>>,
}

#[derive(Serialize)]
struct FaultAnswer<'a> {
    file: String,
    line: usize,
    column: usize,
    message: &'a str,
}

/// What a plan contains.
#[derive(Serialize)]
struct Contents {
    id: String,
    version: u32,
    title: String,
    review: String,
    languages: Vec<&'static str>,
    extends: Option<Beneath>,
    clinic: Option<String>,
    counts: Counts,
    changes: Option<Changes>,
}

#[derive(Serialize)]
struct Beneath {
    id: String,
    version: u32,
}

#[derive(Serialize)]
struct Counts {
    instructions: usize,
    rules: usize,
    bands: usize,
    screening: usize,
    pre_care: usize,
    activities: usize,
    ingredient_groups: usize,
    sources: usize,
}

/// What a clinic's plan makes of the plan beneath.
#[derive(Serialize)]
struct Changes {
    /// `instruction no_makeup`.
    overridden: Vec<String>,
    added: Vec<String>,
    switched_off: Vec<SwitchedOffAnswer>,
    approved: Vec<Approved>,
}

#[derive(Serialize)]
struct SwitchedOffAnswer {
    id: String,
    reason: String,
    approved_by: Option<String>,
}

#[derive(Serialize)]
struct Approved {
    id: String,
    approved_by: String,
}

/// Checks a plan's file and the translations beside it.
pub(crate) fn check(common: &Common, options: &arguments::Check) -> Result<String, Refusal> {
    match plan_file::load(&options.file) {
        Ok(loaded) => {
            let contents = Contents::of(&loaded, common.lang);
            if options.json {
                output::json(&Valid {
                    valid: true,
                    contents,
                })
            } else {
                Ok(contents.for_people())
            }
        }
        Err(NoPlan::Faulty(faults)) if options.json => {
            let answer = output::json(&Faulty {
                valid: false,
                faults: faults.iter().map(FaultAnswer::of).collect(),
            })?;
            let refusal = Refusal::from(NoPlan::Faulty(faults));
            Err(Refusal {
                answer: Some(answer),
                ..refusal
            })
        }
        Err(why) => Err(why.into()),
    }
}

impl<'a> FaultAnswer<'a> {
    fn of(fault: &'a FileFault) -> Self {
        Self {
            file: fault.file.display().to_string(),
            line: fault.line,
            column: fault.column,
            message: &fault.message,
        }
    }
}

impl Contents {
    fn of(loaded: &Loaded, locale: Locale) -> Self {
        let Loaded {
            plan,
            base,
            languages,
        } = loaded;
        let texts = plan.texts(locale);
        Self {
            id: plan.id.clone(),
            version: plan.version,
            title: texts.title.clone(),
            review: texts.review.clone(),
            languages: languages.clone(),
            extends: base.as_ref().map(|base| Beneath {
                id: base.id.clone(),
                version: base.version,
            }),
            clinic: plan.clinic().map(|clinic| clinic.name.clone()),
            counts: Counts {
                instructions: plan.instructions().len(),
                rules: plan.rules().len(),
                bands: Symptom::ALL.len() * DepthClass::ALL.len(),
                screening: plan.screening().len(),
                pre_care: plan.pre_care().len(),
                activities: plan.activities().len(),
                ingredient_groups: ingredient_rules(plan).count(),
                sources: plan.sources().len(),
            },
            changes: base.as_ref().map(|base| Changes::between(base, plan)),
        }
    }

    fn for_people(&self) -> String {
        let Self {
            id,
            version,
            title,
            review,
            languages,
            extends,
            clinic,
            counts,
            changes,
        } = self;
        let mut lines = Lines::default();
        lines.line(format!("{title} ({id}, version {version})"));
        lines.line(review);
        if let Some(Beneath { id, version }) = extends {
            lines.line(format!("Extends {id}, version {version}"));
        }
        if let Some(clinic) = clinic {
            lines.line(format!("Clinic: {clinic}"));
        }
        lines.line(format!("Languages: {}", languages.join(", ")));
        if let Some(changes) = changes {
            changes.say(&mut lines);
        }
        lines.heading(&format!(
            "{} instructions, {} rules, {} bands, {} screening questions, {} instructions before a session, \
             {} activities, {} ingredient groups, {} sources",
            counts.instructions,
            counts.rules,
            counts.bands,
            counts.screening,
            counts.pre_care,
            counts.activities,
            counts.ingredient_groups,
            counts.sources
        ));
        lines.text()
    }
}

impl Changes {
    fn between(base: &Plan, plan: &Plan) -> Self {
        let mut changed = Changed::default();
        changed.compare(
            "instruction",
            base.instructions(),
            plan.instructions(),
            |instruction| instruction.id.0.clone(),
            same_instruction,
        );
        changed.compare(
            "rule",
            base.rules(),
            plan.rules(),
            |rule| rule.id.0.clone(),
            same_rule,
        );
        changed.bands(base, plan);
        changed.compare(
            "screening",
            base.screening(),
            plan.screening(),
            |item| item.id.clone(),
            same_screening,
        );
        changed.compare(
            "activity",
            base.activities(),
            plan.activities(),
            |activity| activity.id.clone(),
            same_activity,
        );
        changed.compare(
            "ingredient_group",
            &ingredient_rules(base).collect::<Vec<_>>(),
            &ingredient_rules(plan).collect::<Vec<_>>(),
            |rule| rule.group.name().to_owned(),
            |a, b| same_ingredients(a, b),
        );
        if base.course().sessions != plan.course().sessions
            || base.course().interval_days != plan.course().interval_days
        {
            changed.overridden.push("course".to_owned());
        }
        Self {
            overridden: changed.overridden,
            added: changed.added,
            switched_off: plan
                .switched_off()
                .iter()
                .map(|off| SwitchedOffAnswer {
                    id: off.id.0.clone(),
                    reason: off.reason.clone(),
                    approved_by: off.approved_by.clone(),
                })
                .collect(),
            approved: plan
                .instructions()
                .iter()
                .filter_map(|instruction| {
                    Some(Approved {
                        id: instruction.id.0.clone(),
                        approved_by: instruction.approved_by.clone()?,
                    })
                })
                .collect(),
        }
    }

    fn say(&self, lines: &mut Lines) {
        lines.heading("Compared with the plan beneath");
        for (what, names) in [("overridden", &self.overridden), ("added", &self.added)] {
            for name in names {
                lines.line(format!("  {what}: {name}"));
            }
        }
        for off in &self.switched_off {
            let by = off
                .approved_by
                .as_deref()
                .map_or_else(String::new, |by| format!(" (approved by {by})"));
            lines.line(format!("  switched off: {}: {}{by}", off.id, off.reason));
        }
        for Approved { id, approved_by } in &self.approved {
            lines.line(format!("  approved: {id}, by {approved_by}"));
        }
    }
}

/// The names of what differs between two plans.
#[derive(Default)]
struct Changed {
    overridden: Vec<String>,
    added: Vec<String>,
}

impl Changed {
    fn compare<T>(
        &mut self,
        what: &str,
        base: &[T],
        plan: &[T],
        name: impl Fn(&T) -> String,
        same: impl Fn(&T, &T) -> bool,
    ) {
        for entry in plan {
            let own_name = name(entry);
            let told = format!("{what} {own_name}");
            match base.iter().find(|known| name(known) == own_name) {
                None => self.added.push(told),
                Some(known) if !same(known, entry) => self.overridden.push(told),
                Some(_) => {}
            }
        }
    }

    fn bands(&mut self, base: &Plan, plan: &Plan) {
        for symptom in Symptom::ALL {
            let differs = DepthClass::ALL
                .into_iter()
                .any(|class| base.band(symptom, class) != plan.band(symptom, class));
            if differs {
                self.overridden.push(format!("band {}", symptom.name()));
            }
        }
    }
}

fn ingredient_rules(plan: &Plan) -> impl Iterator<Item = &IngredientRule> {
    IngredientGroup::ALL
        .into_iter()
        .filter_map(|group| plan.ingredient_rule(group))
}

fn same_in_every_language<'a, T, W: PartialEq + 'a>(
    a: &'a T,
    b: &'a T,
    words: impl Fn(&'a T, Locale) -> &'a W,
) -> bool {
    Locale::ALL
        .into_iter()
        .all(|locale| words(a, locale) == words(b, locale))
}

fn same_instruction(a: &Instruction, b: &Instruction) -> bool {
    let facts = |one: &Instruction| {
        (
            one.kind,
            one.timing.clone(),
            one.areas.clone(),
            one.areas_when_exposed.clone(),
            one.setting,
            one.waived_by,
            one.opens_with,
            one.darker_skin,
            one.with_adjuncts,
            one.followed_by.clone(),
            (one.sources.clone(), one.extrapolated),
        )
    };
    facts(a) == facts(b) && same_in_every_language(a, b, Instruction::texts)
}

fn same_rule(a: &Rule, b: &Rule) -> bool {
    let facts = |one: &Rule| (one.level, one.sources.clone(), one.extrapolated);
    facts(a) == facts(b) && a.when == b.when && same_in_every_language(a, b, Rule::texts)
}

fn same_screening(a: &ScreeningItem, b: &ScreeningItem) -> bool {
    a.actions == b.actions && same_in_every_language(a, b, ScreeningItem::texts)
}

fn same_activity(a: &Activity, b: &Activity) -> bool {
    a.answer == b.answer
        && a.given == b.given
        && a.areas == b.areas
        && same_in_every_language(a, b, Activity::texts)
}

fn same_ingredients(a: &IngredientRule, b: &IngredientRule) -> bool {
    a.until == b.until && same_in_every_language(a, b, IngredientRule::texts)
}
