//! JSON as it was written, and reading it with every fault told at its place.
//!
//! serde's derived readers stop at the first fault and say "missing field" without a place; a script
//! that feeds many cases needs all of them, by name.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use crate::names;

/// A JSON value; an object keeps its order and has each field once.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl Json {
    /// Reads a text, or says where it is no JSON.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Json, E> {
        Ok(Json::Bool(flag))
    }

    #[expect(clippy::cast_precision_loss, reason = "no number of a case is that large")]
    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "no number of a case is that large")]
    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(Json::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Json, A::Error> {
        let mut object: Vec<(String, Json)> = Vec::new();
        let mut known = BTreeSet::new();
        while let Some(name) = fields.next_key::<String>()? {
            // Of two answers to one question nobody can say which is meant.
            if !known.insert(name.clone()) {
                return Err(A::Error::custom(format_args!(
                    "the field \"{name}\" is there twice"
                )));
            }
            object.push((name, fields.next_value()?));
        }
        Ok(Json::Object(object))
    }
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct At<'a> {
    value: &'a Json,
    /// `case 2, check_ins[1].severities`; empty for the whole input.
    pub(crate) place: String,
}

impl<'a> At<'a> {
    /// A value of that place.
    pub(crate) fn new(value: &'a Json, place: impl Into<String>) -> Self {
        Self {
            value,
            place: place.into(),
        }
    }
}

/// The fields of an object.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    fields: &'a [(String, Json)],
    pub(crate) place: String,
}

impl<'a> Fields<'a> {
    /// A field; none where it is left out or null.
    pub(crate) fn get(&self, name: &str) -> Option<At<'a>> {
        self.all().find(|(known, _)| *known == name).map(|(_, at)| at)
    }

    /// Every field that is not null.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'a str, At<'a>)> {
        self.fields
            .iter()
            .filter(|(_, value)| *value != Json::Null)
            .map(|(name, value)| (name.as_str(), At::new(value, self.inside(name))))
    }

    /// The place of a field.
    pub(crate) fn inside(&self, name: &str) -> String {
        match self.place.as_str() {
            "" => name.to_owned(),
            // "case 2, check_ins": a case is not a field.
            case if !case.contains(", ") && case.starts_with("case ") => format!("{case}, {name}"),
            place => format!("{place}.{name}"),
        }
    }
}

/// Reads values and keeps what is wrong with them.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    faults: Vec<String>,
}

impl Reader {
    /// What was wrong, in the order in which it was read.
    pub(crate) fn faults(self) -> Vec<String> {
        self.faults
    }

    /// Whether anything was wrong so far.
    pub(crate) fn fault_count(&self) -> usize {
        self.faults.len()
    }

    /// Something is wrong at a place.
    pub(crate) fn fault(&mut self, place: &str, what: impl fmt::Display) {
        self.faults.push(if place.is_empty() {
            what.to_string()
        } else {
            format!("{place}: {what}")
        });
    }

    /// Keeps the value of a result, or its fault.
    pub(crate) fn keep<T>(&mut self, place: &str, result: Result<T, impl fmt::Display>) -> Option<T> {
        result.map_err(|what| self.fault(place, what)).ok()
    }

    /// The fields of an object that has no others than these.
    pub(crate) fn object<'a>(&mut self, at: &At<'a>, known: &[&str]) -> Option<Fields<'a>> {
        let fields = self.map(at)?;
        for (name, _) in fields.fields {
            if !known.contains(&name.as_str()) {
                self.fault(&fields.place, names::unknown("field", name, known));
            }
        }
        Some(fields)
    }

    /// The fields of an object with whatever names.
    pub(crate) fn map<'a>(&mut self, at: &At<'a>) -> Option<Fields<'a>> {
        match at.value {
            Json::Object(fields) => Some(Fields {
                fields,
                place: at.place.clone(),
            }),
            other => self.expected(at, "an object", other),
        }
    }

    /// The items of a list.
    pub(crate) fn list<'a>(&mut self, at: &At<'a>) -> Option<Vec<At<'a>>> {
        match at.value {
            Json::List(items) => Some(
                items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| At::new(item, format!("{}[{index}]", at.place)))
                    .collect(),
            ),
            other => self.expected(at, "a list", other),
        }
    }

    /// A text.
    pub(crate) fn text<'a>(&mut self, at: &At<'a>) -> Option<&'a str> {
        match at.value {
            Json::Text(text) => Some(text),
            other => self.expected(at, "a text", other),
        }
    }

    /// A number.
    pub(crate) fn number(&mut self, at: &At<'_>) -> Option<f64> {
        match at.value {
            Json::Number(number) => Some(*number),
            other => self.expected(at, "a number", other),
        }
    }

    /// Whether it is true.
    pub(crate) fn flag(&mut self, at: &At<'_>) -> Option<bool> {
        match at.value {
            Json::Bool(flag) => Some(*flag),
            other => self.expected(at, "true or false", other),
        }
    }

    /// A text, read further.
    pub(crate) fn parsed<T, E: fmt::Display>(
        &mut self,
        at: &At<'_>,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.text(at)?;
        self.keep(&at.place, parse(text))
    }

    /// A list of texts, each read further.
    pub(crate) fn parsed_list<T, E: fmt::Display>(
        &mut self,
        at: &At<'_>,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<Vec<T>> {
        let items = self.list(at)?;
        let read: Vec<_> = items.iter().map(|item| self.parsed(item, &parse)).collect();
        read.into_iter().collect()
    }

    fn expected<T>(&mut self, at: &At<'_>, what: &str, found: &Json) -> Option<T> {
        let found = found.kind();
        self.fault(&at.place, format_args!("expected {what}, found {found}"));
        None
    }
}
