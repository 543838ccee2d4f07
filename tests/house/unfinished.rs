//! Unfinished words cannot be merged.

use crate::{assert_none, checkout};

/// Spelt in two halves, so that this file passes its own test.
const WORDS: [&str; 5] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("HA", "CK"),
    concat!("dbg", "!("),
    concat!("todo", "!("),
];

/// Whether `word` stands in the line by itself and not as a part of a longer one.
pub(crate) fn stands_in(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !joins(line[..at].chars().next_back())
            && (word.ends_with('(') || !joins(line[at + word.len()..].chars().next()))
    })
}

#[test]
fn sources_hold_no_unfinished_words() {
    let endings = &[
        "rs", "ts", "js", "mjs", "svelte", "css", "html", "sql", "toml", "md", "sh", "kt", "swift",
    ];
    let faults: Vec<String> = checkout::sources(endings)
        .flat_map(|(file, text)| {
            text.lines()
                .enumerate()
                .filter(|(_, line)| WORDS.iter().any(|word| stands_in(line, word)))
                .map(|(number, line)| format!("{file}:{}: {}", number + 1, line.trim()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_none(&faults, "Finish it, or leave it out and write an issue.");
}

#[test]
fn a_word_within_a_word_is_left_alone() {
    let [todo, ..] = WORDS;
    assert!(stands_in(&format!("// {todo}: later"), todo));
    assert!(!stands_in(&format!("let M{todo} = 1;"), todo));
    assert!(!stands_in(&format!("{todo}S_PER_DAY"), todo));
}
