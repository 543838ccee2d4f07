//! The shape of a plan file: `plans/care-plan.schema.json` says which keys there are and what their
//! values may be, here and in editors alike. Every place that does not fit is told, and taken out, so
//! that the rest can still be read and checked for what it means.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeArray, DeInteger, DeTable, DeValue};

use super::PlanFault;
use super::file::FORMAT;

/// The longest file that is read, in bytes.
pub(super) const MAX_PLAN_BYTES: usize = 1 << 20;

/// How deep values may lie within values.
const MAX_DEPTH: usize = 12;

/// What a name may be, as the schema writes it.
const NAME: &str = "^[a-z0-9_]+$";

/// What a time may be, as the schema writes it.
const TIME: &str = "^([01][0-9]|2[0-3]):[0-5][0-9]$";

/// Which of the schema's three files is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    Plan,
    ClinicPlan,
    Translation,
}

impl FileKind {
    fn definition(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::ClinicPlan => "clinic_plan",
            Self::Translation => "translation",
        }
    }
}

/// A file whose shape was checked.
pub(super) struct Shaped<'a> {
    /// What is left of it; none when a part is unusable without which nothing can be said.
    pub(super) root: Option<Spanned<DeTable<'a>>>,
    /// What is wrong, each with its byte offset.
    pub(super) faults: Vec<(usize, PlanFault)>,
    /// What was taken out.
    pub(super) pruned: Pruned,
}

/// What was taken out of a file, so that nobody complains of its absence.
#[derive(Default)]
pub(super) struct Pruned {
    /// Entries by section and name; no name where it could not be read.
    entries: BTreeSet<(String, Option<String>)>,
    /// The sections that have entries of which a part was taken out.
    partly: BTreeSet<String>,
    /// The offsets of what is left beside something that was taken out.
    damaged: BTreeSet<usize>,
    /// Whether the file's head is not its own; see [`STAND_INS`].
    head: bool,
}

impl Pruned {
    /// Whether an entry of that section was taken out.
    pub(super) fn any_of(&self, section: &str) -> bool {
        self.entries.iter().any(|(of, _)| of == section)
    }

    /// Whether the entry of that name was, or may have been, taken out of a section.
    pub(super) fn entry(&self, section: &str, name: &str) -> bool {
        let mut of_section = self.entries.iter().filter(|(of, _)| of == section);
        of_section.any(|(_, taken)| taken.as_deref().is_none_or(|taken| taken == name))
    }

    /// Whether a section is not all there.
    pub(super) fn any_part_of(&self, section: &str) -> bool {
        self.any_of(section) || self.partly.contains(section)
    }

    /// Whether what the file says of itself was taken out, so that nothing can be held against it.
    pub(super) fn head(&self) -> bool {
        self.head
    }

    /// An entry was left out later, for what it means.
    pub(super) fn leave_out(&mut self, section: &str, name: &str) {
        self.entries.insert((section.to_owned(), Some(name.to_owned())));
    }

    /// Whether something was taken out beside the value at that offset.
    pub(super) fn beside(&self, offset: usize) -> bool {
        self.damaged.contains(&offset)
    }
}

/// Reads a text and checks its shape.
pub(super) fn shaped(text: &str, kind: FileKind) -> Shaped<'_> {
    let refused = |offset, fault| Shaped {
        root: None,
        faults: vec![(offset, fault)],
        pruned: Pruned::default(),
    };
    if text.len() > MAX_PLAN_BYTES {
        let (bytes, limit) = (text.len(), MAX_PLAN_BYTES);
        return refused(0, PlanFault::TooLarge { bytes, limit });
    }
    let (mut root, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let told = |error: toml::de::Error| {
            let offset = error.span().map_or(0, |span| span.start);
            (offset, PlanFault::Syntax(error.message().to_owned()))
        };
        return Shaped {
            root: None,
            faults: errors.into_iter().map(told).collect(),
            pruned: Pruned::default(),
        };
    }
    if let Some(offset) = too_deep(root.get_ref(), 1) {
        return refused(offset, PlanFault::TooDeep(MAX_DEPTH));
    }
    let format = root.get_ref().get("format");
    if let Some((offset, number)) = format.and_then(|value| Some((value.span().start, integer(value)?)))
        && number != FORMAT
    {
        // Another format has other keys: to list them would tell nothing.
        return refused(offset, PlanFault::Format(number));
    }
    if let (FileKind::Plan, Some((key, _))) = (kind, root.get_ref().get_key_value("extends")) {
        return refused(key.span().start, PlanFault::IsExtension);
    }
    let mut walk = Walk {
        schema: &SCHEMA,
        faults: Vec::new(),
        pruned: Pruned::default(),
        depth: 0,
    };
    let span = root.span();
    let usable = SCHEMA.defs.get(kind.definition()).is_some_and(|schema| {
        let outcome = walk.table(schema, span.start, root.get_mut(), kind.definition());
        outcome != Outcome::Unusable || walk.stand_in(schema, kind, root.get_mut())
    });
    Shaped {
        root: usable.then_some(root),
        faults: walk.faults,
        pruned: walk.pruned,
    }
}

/// What stands for an unreadable head, so that the rest of a plan is checked all the same.
const STAND_INS: &str = "id = 'unnamed'\nversion = 1\nlocale = 'en'\ntexts = { title = '', review = '' }";

fn too_deep(table: &DeTable, depth: usize) -> Option<usize> {
    table.values().find_map(|value| value_too_deep(value, depth + 1))
}

fn value_too_deep(value: &Spanned<DeValue>, depth: usize) -> Option<usize> {
    match value.get_ref() {
        DeValue::Array(_) | DeValue::Table(_) if depth > MAX_DEPTH => Some(value.span().start),
        DeValue::Array(items) => items.iter().find_map(|item| value_too_deep(item, depth + 1)),
        DeValue::Table(table) => too_deep(table, depth),
        _ => None,
    }
}

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../plans/care-plan.schema.json"))
        .expect("the embedded schema is JSON and of these keywords")
});

/// The keywords of JSON Schema (2020-12) that the schema uses; any other fails to be read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Schema {
    #[serde(rename = "$schema", default)]
    _dialect: String,
    #[serde(rename = "title", default)]
    _title: String,
    #[serde(default)]
    description: String,
    #[serde(rename = "$defs", default)]
    defs: BTreeMap<String, Schema>,
    #[serde(rename = "$ref")]
    reference: Option<String>,
    /// `if`, `then` and `else` tell editors which file it is; the reader knows it.
    #[serde(rename = "if")]
    _if: Option<serde::de::IgnoredAny>,
    #[serde(rename = "then")]
    _then: Option<serde::de::IgnoredAny>,
    #[serde(rename = "else")]
    _else: Option<serde::de::IgnoredAny>,
    #[serde(rename = "type")]
    kind: Option<Kind>,
    /// One schema for each type of value.
    #[serde(default)]
    any_of: Vec<Schema>,
    #[serde(default)]
    properties: BTreeMap<String, Schema>,
    #[serde(default)]
    required: Vec<String>,
    additional_properties: Option<Additional>,
    property_names: Option<Box<Schema>>,
    min_properties: Option<usize>,
    max_properties: Option<usize>,
    items: Option<Box<Schema>>,
    min_items: Option<usize>,
    max_items: Option<usize>,
    #[serde(default)]
    unique_items: bool,
    #[serde(rename = "enum", default)]
    choices: Vec<String>,
    minimum: Option<i64>,
    maximum: Option<i64>,
    min_length: Option<usize>,
    max_length: Option<usize>,
    pattern: Option<Pattern>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Kind {
    String,
    Integer,
    Boolean,
    Array,
    Object,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Additional {
    Allowed(bool),
    Each(Box<Schema>),
}

/// The two patterns that the schema may use.
#[derive(Deserialize, Clone, Copy)]
#[serde(try_from = "String")]
enum Pattern {
    Name,
    Time,
}

impl TryFrom<String> for Pattern {
    type Error = String;
    fn try_from(pattern: String) -> Result<Self, String> {
        match pattern.as_str() {
            NAME => Ok(Self::Name),
            TIME => Ok(Self::Time),
            _ => Err(format!("the reader does not know the pattern {pattern}")),
        }
    }
}

impl Pattern {
    fn fault(self, text: &str) -> Option<PlanFault> {
        let fits = match self {
            Self::Name => {
                let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
                !text.is_empty() && text.chars().all(plain)
            }
            Self::Time => text.len() == 5 && super::values::wall_time(text).is_some(),
        };
        let fault = match self {
            Self::Name => PlanFault::BadName,
            Self::Time => PlanFault::BadTime,
        };
        (!fits).then(|| fault(text.to_owned()))
    }
}

impl Kind {
    fn of(value: &DeValue) -> Option<Self> {
        match value {
            DeValue::String(_) => Some(Self::String),
            DeValue::Integer(_) => Some(Self::Integer),
            DeValue::Boolean(_) => Some(Self::Boolean),
            DeValue::Array(_) => Some(Self::Array),
            DeValue::Table(_) => Some(Self::Object),
            DeValue::Float(_) | DeValue::Datetime(_) => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::String => "a text in quotes",
            Self::Integer => "a whole number",
            Self::Boolean => "true or false",
            Self::Array => "a list in [ ]",
            Self::Object => "a table",
        }
    }
}

fn type_name(value: &DeValue) -> &'static str {
    match value {
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Datetime(_) => "a date or time without quotes",
        _ => Kind::of(value).map_or("something else", Kind::name),
    }
}

fn integer(value: &Spanned<DeValue>) -> Option<i64> {
    let DeValue::Integer(number) = value.get_ref() else {
        return None;
    };
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

/// What is left of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// All of it can be read, though something may have been told.
    Whole,
    /// Something was taken out.
    Damaged,
    /// It cannot be read.
    Unusable,
}

struct Walk<'s> {
    schema: &'s Schema,
    faults: Vec<(usize, PlanFault)>,
    pruned: Pruned,
    /// In how many tables the walk is.
    depth: usize,
}

impl<'s> Walk<'s> {
    /// The schema that a reference leads to.
    fn resolved(&self, schema: &'s Schema) -> &'s Schema {
        let target = schema.reference.as_deref();
        target
            .and_then(|target| self.schema.defs.get(target.strip_prefix("#/$defs/")?))
            .unwrap_or(schema)
    }

    /// What the schema says of a value, in a sentence's second half.
    fn description(&self, schema: &'s Schema) -> &'s str {
        if schema.description.is_empty() {
            &self.resolved(schema).description
        } else {
            &schema.description
        }
    }

    fn value(&mut self, schema: &'s Schema, value: &mut Spanned<DeValue>, key: &str) -> Outcome {
        let offset = value.span().start;
        let described = self.description(schema);
        let schema = self.resolved(schema);
        let kind = Kind::of(value.get_ref());
        let branches = if schema.any_of.is_empty() {
            std::slice::from_ref(schema)
        } else {
            &schema.any_of
        };
        let Some(schema) = branches
            .iter()
            .map(|branch| self.resolved(branch))
            .find(|branch| branch.kind == kind && kind.is_some())
        else {
            let kinds: Vec<&str> = branches
                .iter()
                .filter_map(|branch| self.resolved(branch).kind.map(Kind::name))
                .collect();
            let fault = PlanFault::WrongType {
                found: type_name(value.get_ref()),
                expected: format!("{}: {described}", kinds.join(" or ")),
            };
            self.faults.push((offset, fault));
            return Outcome::Unusable;
        };
        match value.get_mut() {
            DeValue::String(text) => self.text(schema, offset, text),
            DeValue::Integer(number) => self.number(schema, offset, number, described),
            DeValue::Array(_) => self.array(schema, value, described, key),
            DeValue::Table(table) => self.table(schema, offset, table, key),
            _ => Outcome::Whole,
        }
    }

    fn text(&mut self, schema: &Schema, offset: usize, text: &str) -> Outcome {
        if !schema.choices.is_empty() {
            if schema.choices.iter().any(|choice| choice == text) {
                return Outcome::Whole;
            }
            let fault = PlanFault::NotOneOf {
                found: text.to_owned(),
                nearest: nearest(text, schema.choices.iter()),
                expected: schema.choices.join(", "),
            };
            self.faults.push((offset, fault));
            return Outcome::Unusable;
        }
        if let Some(limit) = schema.max_length {
            let from = schema.min_length.unwrap_or(0);
            let chars = text.trim().chars().count();
            if !(from..=limit).contains(&chars) {
                self.faults
                    .push((offset, PlanFault::TextLength { chars, from, limit }));
                return Outcome::Whole;
            }
        }
        if let Some(fault) = schema.pattern.and_then(|pattern| pattern.fault(text)) {
            self.faults.push((offset, fault));
        }
        Outcome::Whole
    }

    fn number(&mut self, schema: &Schema, offset: usize, number: &DeInteger, described: &str) -> Outcome {
        let (from, to) = (
            schema.minimum.unwrap_or(i64::MIN),
            schema.maximum.unwrap_or(i64::MAX),
        );
        let value = i64::from_str_radix(number.as_str(), number.radix());
        if value.is_ok_and(|value| (from..=to).contains(&value)) {
            return Outcome::Whole;
        }
        let fault = PlanFault::OutOfRange {
            found: number.to_string(),
            from,
            to,
            what: described.to_owned(),
        };
        self.faults.push((offset, fault));
        Outcome::Unusable
    }

    fn array(
        &mut self,
        schema: &'s Schema,
        value: &mut Spanned<DeValue>,
        described: &str,
        key: &str,
    ) -> Outcome {
        let offset = value.span().start;
        let DeValue::Array(items) = value.get_mut() else {
            return Outcome::Unusable;
        };
        let (from, to) = (
            schema.min_items.unwrap_or(0),
            schema.max_items.unwrap_or(usize::MAX),
        );
        let found = items.len();
        let mut outcome = Outcome::Whole;
        if !(from..=to).contains(&found) {
            let what = described.to_owned();
            self.faults.push((
                offset,
                PlanFault::ItemCount {
                    found,
                    from,
                    to,
                    what,
                },
            ));
            if from == to {
                outcome = Outcome::Unusable;
            }
        }
        if schema.unique_items {
            let mut seen = BTreeSet::new();
            for item in items.iter() {
                // Of texts and of whole numbers; nothing else stands in such lists.
                let (text, number) = (item.get_ref().as_str(), integer(item));
                if (text.is_some() || number.is_some()) && !seen.insert((text, number)) {
                    let told = text.map_or_else(|| number.unwrap_or_default().to_string(), str::to_owned);
                    self.faults.push((item.span().start, PlanFault::Repeated(told)));
                }
            }
        }
        let Some(each) = schema.items.as_deref() else {
            return outcome;
        };
        let mut unusable = Vec::new();
        for (index, item) in items.iter_mut().enumerate() {
            match self.value(each, item, key) {
                Outcome::Unusable => unusable.push(index),
                Outcome::Damaged => {
                    outcome = outcome.max(Outcome::Damaged);
                    if self.depth == 1 {
                        self.pruned.partly.insert(key.to_owned());
                    }
                }
                Outcome::Whole => {}
            }
        }
        if unusable.is_empty() {
            return outcome;
        }
        if from == to {
            return Outcome::Unusable;
        }
        let mut kept = DeArray::new();
        for (index, item) in std::mem::replace(items, DeArray::new()).into_iter().enumerate() {
            if unusable.binary_search(&index).is_err() {
                kept.push(item);
            } else if self.depth == 1 {
                self.note_entry(key, name_of(&item));
            }
        }
        *items = kept;
        outcome.max(Outcome::Damaged)
    }

    fn table(&mut self, schema: &'s Schema, offset: usize, table: &mut DeTable, key: &str) -> Outcome {
        let mut outcome = Outcome::Whole;
        let mut taken: Vec<String> = Vec::new();
        self.depth += 1;
        for (name, value) in table.iter_mut() {
            let place = name.span().start;
            let name = name.get_ref().as_ref();
            let each = match (&schema.additional_properties, schema.properties.get(name)) {
                (_, Some(each)) => each,
                (Some(Additional::Each(each)), None) => {
                    if let Some(names) = schema.property_names.as_deref() {
                        let faults = self.faults.len();
                        if self.text(self.resolved(names), place, name) == Outcome::Unusable {
                            taken.push(name.to_owned());
                        }
                        if self.faults.len() > faults {
                            continue;
                        }
                    }
                    each
                }
                (Some(Additional::Allowed(true)), None) => continue,
                _ => {
                    let fault = PlanFault::UnknownKey {
                        key: name.to_owned(),
                        nearest: nearest(name, schema.properties.keys()),
                        known: schema
                            .properties
                            .keys()
                            .map(String::as_str)
                            .collect::<Vec<_>>()
                            .join(", "),
                    };
                    self.faults.push((place, fault));
                    taken.push(name.to_owned());
                    outcome = outcome.max(Outcome::Damaged);
                    continue;
                }
            };
            match self.value(each, value, name) {
                Outcome::Whole => {}
                Outcome::Damaged => outcome = outcome.max(Outcome::Damaged),
                Outcome::Unusable => {
                    taken.push(name.to_owned());
                    outcome = if schema.required.iter().any(|required| required == name) {
                        Outcome::Unusable
                    } else {
                        outcome.max(Outcome::Damaged)
                    };
                    match self.depth {
                        1 => self.note_entry(name, None),
                        2 => self.note_entry(key, Some(name.to_owned())),
                        _ => {}
                    }
                }
            }
        }
        self.depth -= 1;
        if !self.is_complete(schema, offset, table, &taken) {
            outcome = Outcome::Unusable;
        }
        if outcome == Outcome::Damaged {
            self.pruned.damaged.insert(offset);
            self.pruned
                .damaged
                .extend(table.values().map(|value| value.span().start));
        }
        for name in taken {
            table.remove(name.as_str());
        }
        outcome
    }

    /// Tells which required keys are missing, and whether none is.
    fn is_complete(&mut self, schema: &'s Schema, offset: usize, table: &DeTable, taken: &[String]) -> bool {
        let mut complete = true;
        let similar = |name: &str| {
            taken
                .iter()
                .any(|wrong| nearest(wrong, std::iter::once(name)).is_some())
        };
        for name in &schema.required {
            if table.contains_key(name.as_str()) {
                continue;
            }
            complete = false;
            // A misspelt key is told once, as unknown.
            if !similar(name) {
                let described = schema.properties.get(name).map(|each| self.description(each));
                let fault = PlanFault::MissingKey {
                    key: name.clone(),
                    expected: described.unwrap_or_default().to_owned(),
                };
                self.faults.push((offset, fault));
            }
        }
        let found = table.len() - taken.len();
        let (from, to) = (
            schema.min_properties.unwrap_or(0),
            schema.max_properties.unwrap_or(usize::MAX),
        );
        if !(from..=to).contains(&found) {
            if taken.is_empty() || found > to {
                let keys = schema.properties.keys().map(String::as_str);
                let what = format!("one of {}", keys.collect::<Vec<_>>().join(", "));
                self.faults.push((
                    offset,
                    PlanFault::ItemCount {
                        found,
                        from,
                        to,
                        what,
                    },
                ));
            }
            complete = false;
        }
        complete
    }

    /// Puts stand-ins where a plan's head was taken out; false where more is missing than that.
    fn stand_in(&mut self, schema: &Schema, kind: FileKind, root: &mut DeTable<'_>) -> bool {
        let Ok(stand_ins) = DeTable::parse(STAND_INS) else {
            return false;
        };
        let missing: Vec<_> = schema
            .required
            .iter()
            .filter(|name| !root.contains_key(name.as_str()))
            .collect();
        for (name, value) in stand_ins.into_inner() {
            if !root.contains_key(name.get_ref().as_ref()) {
                self.pruned.head = true;
                root.insert(name, value);
            }
        }
        for name in missing.iter().filter(|name| !root.contains_key(name.as_str())) {
            self.note_entry(name, None);
        }
        match kind {
            FileKind::Plan => true,
            FileKind::ClinicPlan => root.contains_key("extends") && root.contains_key("clinic"),
            FileKind::Translation => false,
        }
    }

    fn note_entry(&mut self, section: &str, name: Option<String>) {
        self.pruned.entries.insert((section.to_owned(), name));
    }
}

/// The name under which an entry is known.
fn name_of(item: &Spanned<DeValue>) -> Option<String> {
    let table = item.get_ref().as_table()?;
    Some(table.get("id")?.get_ref().as_str()?.to_owned())
}

/// The candidate that a misspelt word resembles most, if one does.
fn nearest<S: AsRef<str>>(word: &str, candidates: impl Iterator<Item = S>) -> Option<String> {
    // Longer than any name of a plan: no misspelling of one.
    if word.len() > 60 {
        return None;
    }
    candidates
        .map(|candidate| (strsim::osa_distance(word, candidate.as_ref()), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.as_ref().len().max(3) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate.as_ref().to_owned())
}
