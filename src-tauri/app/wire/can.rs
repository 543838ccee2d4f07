//! What crosses about "Can I …?" and a product's ingredients.

use afterglow_care::permission::Answer;
use chrono::{DateTime, Utc};
use serde::Serialize;
use ts_rs::TS;

use super::SourceView;

/// What may be done of what the patient asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CanView {
    /// What the words ask about, what holds back most first; empty where the plan knows none of them.
    pub answers: Vec<CanAnswer>,
    /// What the words may be the beginning of, in the patient's language; only where nothing is answered.
    pub begun: Vec<String>,
}

/// Whether one thing may be done now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CanAnswer {
    /// What it is about.
    pub label: String,
    /// Yes, not yet, or a matter for the clinic.
    pub answer: Answer,
    /// Of "not yet": the first instant at which nothing holds it back any more.
    pub until: Option<DateTime<Utc>>,
    /// Why.
    pub why: String,
    /// Who says so.
    pub sources: Vec<SourceView>,
    /// Whether it is the authors' careful reading rather than a source's figure.
    pub extrapolated: bool,
}

/// What a product's list of ingredients means for the treated skin now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct IngredientsView {
    /// What has to wait, in the list's order.
    pub flagged: Vec<FlaggedView>,
    /// What nobody knows, as it stood on the package.
    pub unknown: Vec<String>,
    /// What nothing is held against now.
    pub fine: Vec<String>,
    /// Until when nothing but the clinic's own products is for the skin, whatever is in it.
    pub all_products_until: Option<DateTime<Utc>>,
    /// Whether the clinic is to be asked before any product, because more was done than needling.
    pub ask_clinic: bool,
    /// Whether the list was too long, and its end was not read.
    pub cut: bool,
}

/// An ingredient that has to wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FlaggedView {
    /// As it stood on the package.
    pub name: String,
    /// Its family.
    pub family: String,
    /// The first instant at which it is fine; none where only the clinic can say.
    pub until: Option<DateTime<Utc>>,
    /// Why.
    pub why: String,
    /// Who says so.
    pub sources: Vec<SourceView>,
    /// Whether it is the authors' careful reading rather than a source's figure.
    pub extrapolated: bool,
}
