//! What survives a crash, a flipped byte and a replaced list.

use std::path::Path;

use afterglow_reminders::Locale;
use afterglow_reminders::alarms::{Alarm, AlarmId, AlarmList, Screen, When};
use afterglow_reminders::journal::Event;
use afterglow_reminders::wording::host_words;
use chrono::{DateTime, Utc};

use super::{Damage, Store};
use crate::places::Places;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn noon() -> DateTime<Utc> {
    at("2027-01-01T12:00:00Z")
}

fn list(key: &str) -> AlarmList {
    AlarmList {
        version: AlarmList::VERSION,
        made_at: noon(),
        quiet: None,
        alarms: vec![Alarm {
            id: AlarmId::of_key(key),
            key: key.to_owned(),
            when: When::Instant(noon()),
            valid_until: at("2027-01-02T12:00:00Z"),
            title: "Afterglow".to_owned(),
            body: "Time for your care".to_owned(),
            screen: Screen::Today,
            urgent: false,
        }],
        words: host_words(Locale::En),
    }
}

fn open(home: &Path) -> Store {
    Store::open(&Places::prepare(home).unwrap()).unwrap()
}

/// A home whose journal has three entries, closed again.
fn with_three_entries(home: &Path) -> String {
    let mut store = open(home);
    for key in ["a", "b", "c"] {
        store.note(key, noon(), Event::Claimed, noon()).unwrap();
    }
    store.journal_id().to_owned()
}

fn keys(store: &Store) -> Vec<(u64, &str)> {
    store
        .entries()
        .iter()
        .map(|entry| (entry.seq, entry.key.as_str()))
        .collect()
}

fn change(path: &Path, edit: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(path).unwrap();
    edit(&mut bytes);
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn a_fresh_home_is_whole_empty_and_private() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path());
    assert_eq!(
        (store.list(), store.entries(), store.damage()),
        (None, &[][..], &[][..])
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        for (path, mode) in [("", 0o700), ("journal.jsonl", 0o600)] {
            let found = std::fs::metadata(home.path().join(path))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(found & 0o777, mode, "{path:?}");
        }
    }
}

#[test]
fn what_was_noted_and_armed_is_there_after_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let id = with_three_entries(home.path());
    open(home.path()).arm(list("a")).unwrap();
    let store = open(home.path());
    assert_eq!(store.journal_id(), id);
    assert_eq!(keys(&store), [(1, "a"), (2, "b"), (3, "c")]);
    assert_eq!(store.list(), Some(&list("a")));
    assert!(store.damage().is_empty());
}

#[test]
fn l1_a_replaced_list_leaves_nothing_of_the_older_one() {
    let home = tempfile::tempdir().unwrap();
    let mut store = open(home.path());
    store.arm(list("old")).unwrap();
    store.arm(list("new")).unwrap();
    assert_eq!(open(home.path()).list(), Some(&list("new")));
}

#[test]
fn a_torn_last_line_is_cut_off_and_the_count_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let id = with_three_entries(home.path());
    change(&home.path().join("journal.jsonl"), |bytes| {
        bytes.truncate(bytes.len() - 7);
    });
    let mut store = open(home.path());
    assert_eq!(keys(&store), [(1, "a"), (2, "b")]);
    assert!(store.damage().is_empty(), "a crash is not damage");
    store.note("d", noon(), Event::Missed, noon()).unwrap();
    drop(store);
    let store = open(home.path());
    assert_eq!(keys(&store), [(1, "a"), (2, "b"), (3, "d")]);
    assert_eq!(store.journal_id(), id);
}

#[test]
fn l2_a_flipped_byte_costs_its_line_and_is_told() {
    let home = tempfile::tempdir().unwrap();
    let id = with_three_entries(home.path());
    let journal = home.path().join("journal.jsonl");
    change(&journal, |bytes| {
        let b = bytes.windows(3).position(|three| three == b"\"b\"").unwrap();
        bytes[b + 1] ^= 1;
    });
    let store = open(home.path());
    assert_eq!(keys(&store), [(1, "a"), (3, "c")]);
    assert_eq!(store.damage(), [Damage::Journal { lines: 1 }]);
    assert_eq!(store.journal_id(), id);
    assert!(journal.with_added_extension("damaged").exists());
    drop(store);
    assert!(open(home.path()).damage().is_empty(), "what goes on is whole");
}

#[test]
fn l2_a_journal_that_lost_its_name_gets_another_and_keeps_its_entries() {
    let home = tempfile::tempdir().unwrap();
    let id = with_three_entries(home.path());
    change(&home.path().join("journal.jsonl"), |bytes| bytes[3] ^= 1);
    let store = open(home.path());
    assert_ne!(store.journal_id(), id);
    assert_eq!(keys(&store), [(1, "a"), (2, "b"), (3, "c")]);
    assert_eq!(store.damage(), [Damage::Journal { lines: 1 }]);
}

#[test]
fn l2_an_emptied_journal_is_told() {
    let home = tempfile::tempdir().unwrap();
    with_three_entries(home.path());
    change(&home.path().join("journal.jsonl"), Vec::clear);
    let store = open(home.path());
    assert!(store.entries().is_empty());
    assert_eq!(store.damage(), [Damage::Journal { lines: 1 }]);
}

#[test]
fn l2_a_list_that_was_cut_flipped_or_emptied_is_told_and_put_aside() {
    for (name, edit) in [
        ("cut", (|bytes| bytes.truncate(40)) as fn(&mut Vec<u8>)),
        ("flipped", |bytes| bytes[60] ^= 1),
        ("emptied", Vec::clear),
    ] {
        let home = tempfile::tempdir().unwrap();
        let mut store = open(home.path());
        store.arm(list("a")).unwrap();
        let path = home.path().join("alarms.json");
        change(&path, edit);
        let mut store = open(home.path());
        assert_eq!(store.list(), None, "{name}");
        assert_eq!(store.damage(), [Damage::List], "{name}");
        assert!(store.list_lost(), "{name}");
        assert!(path.with_added_extension("damaged").exists(), "{name}");
        store.arm(list("b")).unwrap();
        assert!(!store.list_lost(), "{name}");
        assert_eq!(open(home.path()).list(), Some(&list("b")), "{name}");
    }
}
