//! `careplan ingredients`: what of a product's list has to wait.

use afterglow_care::ingredients::{IngredientGroup, MAX_LIST_CHARS};
use afterglow_care::permission::{self, IngredientCheck, check_ingredients};
use afterglow_care::{Locale, Plan};
use serde::Serialize;

use crate::arguments::{self, Common};
use crate::input;
use crate::output::{self, Lines, Refusal, refusal, rfc_3339, source, wall};
use crate::plan_file;
use crate::session::Given;
use crate::words;

/// What `--json` prints.
#[derive(Serialize)]
struct Answer {
    flagged: Vec<FlaggedAnswer>,
    unknown: Vec<String>,
    fine: Vec<String>,
    /// Until when nothing but the clinic's own products is for the skin, whatever is in it.
    only_clinic_products_until: Option<String>,
    /// Whether only the clinic can say when a product is for the skin.
    ask_clinic: bool,
}

#[derive(Serialize)]
struct FlaggedAnswer {
    ingredient: String,
    group: IngredientGroup,
    until: Option<String>,
    because: String,
    source: String,
}

/// Reads the list from standard input and says what of it has to wait.
pub(crate) fn ingredients(common: &Common, options: arguments::Ingredients) -> Result<String, Refusal> {
    let plan = plan_file::chosen(common)?;
    let now = options.now.to_utc();
    let given = Given::new(&plan, options.session)?;
    given.ended_by(now)?;
    let list = input::stdin().map_err(refusal)?;
    let chars = list.chars().count();
    if chars > MAX_LIST_CHARS {
        return Err(refusal(format!(
            "the list has {chars} characters; expected at most {MAX_LIST_CHARS}"
        )));
    }
    if list.trim().is_empty() {
        return Err(refusal(
            "there is no list; expected the ingredients of a product on standard input",
        ));
    }
    let check = check_ingredients(&plan, std::slice::from_ref(&given.session), &list, now);
    if options.json {
        return json(&plan, &given, check, common.lang);
    }
    Ok(for_people(&plan, &given, &check, common.lang))
}

fn json(plan: &Plan, given: &Given, check: IngredientCheck, locale: Locale) -> Result<String, Refusal> {
    let zone = &given.session.zone;
    output::json(&Answer {
        flagged: check
            .flagged
            .into_iter()
            .map(|flagged| FlaggedAnswer {
                until: flagged.until.map(|until| rfc_3339(zone, until)),
                because: because(plan, flagged.group, locale).to_owned(),
                source: source(&flagged.sources, flagged.extrapolated),
                ingredient: flagged.name,
                group: flagged.group,
            })
            .collect(),
        unknown: check.unknown,
        fine: check.fine,
        only_clinic_products_until: check.all_products_until.map(|until| rfc_3339(zone, until)),
        ask_clinic: check.ask_clinic,
    })
}

fn because(plan: &Plan, group: IngredientGroup, locale: Locale) -> &str {
    plan.ingredient_rule(group)
        .map_or("", |rule| rule.texts(locale).because.as_str())
}

fn for_people(plan: &Plan, given: &Given, check: &IngredientCheck, locale: Locale) -> String {
    let zone = &given.session.zone;
    let mut lines = Lines::default();
    if check.ask_clinic {
        lines.line(words::ask_clinic_first(locale));
    } else if let Some(until) = check.all_products_until {
        lines.line(format!(
            "{} {} {}.",
            words::only_clinic_products(locale),
            words::until(locale),
            wall(zone, until)
        ));
    }
    if !check.flagged.is_empty() {
        lines.heading(words::flagged(locale));
    }
    for flagged in &check.flagged {
        let label = plan
            .ingredient_rule(flagged.group)
            .map_or(flagged.group.name(), |rule| rule.texts(locale).label.as_str());
        let until = flagged.until.map_or_else(
            || words::answer(permission::Answer::AskClinic, locale).to_owned(),
            |until| format!("{} {}", words::until(locale), wall(zone, until)),
        );
        lines.line(format!("  {} ({label}): {until}", flagged.name));
        lines.line(format!(
            "    {} {}: {}",
            because(plan, flagged.group, locale),
            words::source(locale),
            source(&flagged.sources, flagged.extrapolated)
        ));
    }
    for (heading, names) in [
        (words::unknown_ingredients(locale), &check.unknown),
        (words::fine(locale), &check.fine),
    ] {
        if !names.is_empty() {
            lines.heading(heading);
            lines.line(format!("  {}", names.join(", ")));
        }
    }
    lines.warnings(&given.warnings(plan, locale), locale);
    lines.text()
}
