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
            actions: Vec::new(),
            repeats: 0,
        }],
        sound: true,
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

/// How many lines each damage cost; none for a list.
fn told(store: &Store) -> Vec<Option<usize>> {
    let lines = |damage: &Damage| match damage {
        Damage::List => None,
        Damage::Journal { lines, .. } => Some(*lines),
    };
    store.damage().iter().map(lines).collect()
}

/// Keeps a file from being made at this place, also for root, who may write everywhere.
fn obstruct(path: &Path) {
    std::fs::create_dir_all(path.join("in the way")).unwrap();
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
fn l2_a_cut_last_line_is_told_and_its_number_is_not_given_again() {
    let home = tempfile::tempdir().unwrap();
    let id = with_three_entries(home.path());
    let journal = home.path().join("journal.jsonl");
    change(&journal, |bytes| bytes.truncate(bytes.len() - 7));
    let mut store = open(home.path());
    assert_eq!(keys(&store), [(1, "a"), (2, "b")]);
    assert_eq!(told(&store), [Some(1)]);
    assert!(journal.with_added_extension("damaged").exists());
    store.note("d", noon(), Event::Missed, noon()).unwrap();
    drop(store);
    let store = open(home.path());
    assert_eq!(keys(&store), [(1, "a"), (2, "b"), (4, "d")]);
    assert_eq!(store.journal_id(), id);
}

#[test]
fn l2_damage_is_told_over_every_restart_until_it_is_forgotten() {
    let home = tempfile::tempdir().unwrap();
    with_three_entries(home.path());
    open(home.path()).arm(list("a")).unwrap();
    change(&home.path().join("journal.jsonl"), |bytes| bytes[60] ^= 1);
    change(&home.path().join("alarms.json"), |bytes| bytes[60] ^= 1);
    for _ in 0..3 {
        let store = open(home.path());
        assert_eq!(told(&store), [None, Some(1)]);
        assert!(store.list_lost());
    }
    let mut store = open(home.path());
    store.arm(list("b")).unwrap();
    store.forget_damage().unwrap();
    assert_eq!(open(home.path()).damage(), []);
}

#[test]
fn a_drained_journal_keeps_its_name_its_count_and_what_still_decides() {
    let home = tempfile::tempdir().unwrap();
    let mut store = open(home.path());
    store.arm(list("armed")).unwrap();
    let shown = Event::Shown { digest: false };
    for (key, event) in [
        ("gone", shown.clone()),
        ("armed", shown.clone()),
        ("newest shown", shown),
        ("gone", Event::Done),
        ("undrained", Event::Missed),
    ] {
        store.note(key, noon(), event, noon()).unwrap();
    }
    let id = store.journal_id().to_owned();
    store.drained("another journal", 5).unwrap();
    assert_eq!(store.entries().len(), 5);
    store.drained(&id, 4).unwrap();
    let kept = [(2, "armed"), (3, "newest shown"), (5, "undrained")];
    assert_eq!(keys(&store), kept);
    drop(store);

    let mut store = open(home.path());
    assert_eq!((store.journal_id(), keys(&store)), (id.as_str(), kept.to_vec()));
    store.arm(list("other")).unwrap();
    store.drained(&id, 5).unwrap();
    assert_eq!(keys(&store), [(3, "newest shown")]);
    drop(store);
    let mut store = open(home.path());
    store.note("next", noon(), Event::Claimed, noon()).unwrap();
    assert_eq!(keys(&store), [(3, "newest shown"), (6, "next")]);
    assert_eq!(store.damage(), []);
}

#[test]
fn l2_a_journal_that_was_cut_between_two_lines_is_found_when_it_is_drained() {
    let home = tempfile::tempdir().unwrap();
    let id = with_three_entries(home.path());
    change(&home.path().join("journal.jsonl"), |bytes| {
        bytes.pop();
        let end = bytes.iter().rposition(|byte| *byte == b'\n').unwrap();
        bytes.truncate(end + 1);
    });
    let mut store = open(home.path());
    assert_eq!(store.damage(), [], "it looks whole");
    store.drained(&id, 3).unwrap();
    assert_eq!(told(&store), [Some(1)]);
    store.forget_damage().unwrap();
    drop(store);
    let mut store = open(home.path());
    store.drained(&id, 3).unwrap();
    assert_eq!(store.damage(), [], "it was told already");
    store.note("d", noon(), Event::Missed, noon()).unwrap();
    assert_eq!(store.entries().last().map(|entry| entry.seq), Some(4));
}

#[test]
fn a_pause_is_kept_until_it_is_taken_back() {
    let home = tempfile::tempdir().unwrap();
    open(home.path()).pause(Some(noon())).unwrap();
    assert_eq!(open(home.path()).paused_until(), Some(noon()));
    open(home.path()).pause(None).unwrap();
    assert_eq!(open(home.path()).paused_until(), None);
}

#[test]
fn what_was_forgotten_is_in_no_file() {
    let home = tempfile::tempdir().unwrap();
    let id = with_three_entries(home.path());
    let mut store = open(home.path());
    store.arm(list("secret")).unwrap();
    store.note("secret", noon(), Event::Claimed, noon()).unwrap();
    for file in ["journal.jsonl", "alarms.json"] {
        let path = home.path().join(file);
        for ending in ["damaged", "new"] {
            std::fs::copy(&path, path.with_added_extension(ending)).unwrap();
        }
    }
    store.pause(Some(noon())).unwrap();
    store.forget().unwrap();
    for store in [store, open(home.path())] {
        assert_eq!(
            (store.list(), store.entries(), store.damage()),
            (None, &[][..], &[][..])
        );
        assert_eq!(store.paused_until(), None);
        assert!(!store.list_lost());
        assert_ne!(store.journal_id(), id);
    }
    let files: Vec<_> = std::fs::read_dir(home.path())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let files: std::collections::BTreeSet<_> = files.iter().map(String::as_str).collect();
    assert_eq!(
        files.into_iter().collect::<Vec<_>>(),
        ["journal.jsonl", "journal.name"]
    );
    let journal = std::fs::read_to_string(home.path().join("journal.jsonl")).unwrap();
    assert_eq!(journal.lines().count(), 1, "{journal}");
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
    let mut store = open(home.path());
    assert_eq!(keys(&store), [(1, "a"), (3, "c")]);
    assert_eq!(told(&store), [Some(1)]);
    assert_eq!(store.journal_id(), id);
    assert!(journal.with_added_extension("damaged").exists());
    store.forget_damage().unwrap();
    drop(store);
    assert!(open(home.path()).damage().is_empty(), "what goes on is whole");
}

#[test]
fn l2_a_journal_whose_first_line_is_damaged_keeps_its_name_and_gives_no_number_again() {
    for (name, edit) in [
        (
            "flipped",
            (|bytes: &mut Vec<u8>| bytes[3] ^= 1) as fn(&mut Vec<u8>),
        ),
        ("emptied", Vec::clear),
        ("cut in the first line", |bytes| bytes.truncate(20)),
    ] {
        let home = tempfile::tempdir().unwrap();
        let id = with_three_entries(home.path());
        change(&home.path().join("journal.jsonl"), edit);
        let mut store = open(home.path());
        assert_eq!(store.journal_id(), id, "{name}");
        store.note("d", noon(), Event::Missed, noon()).unwrap();
        // Whoever has the first three takes this one and none of them a second time.
        let new: Vec<_> = keys(&store).into_iter().filter(|(seq, _)| *seq > 3).collect();
        assert_eq!(new.len(), 1, "{name}: {new:?}");
        assert_eq!(open(home.path()).journal_id(), id, "{name}");
    }
}

#[test]
fn l2_a_journal_that_lost_its_name_in_both_places_gets_another_and_keeps_its_entries() {
    let home = tempfile::tempdir().unwrap();
    let id = with_three_entries(home.path());
    change(&home.path().join("journal.jsonl"), |bytes| bytes[3] ^= 1);
    change(&home.path().join("journal.name"), |bytes| bytes[3] ^= 1);
    let store = open(home.path());
    assert_ne!(store.journal_id(), id);
    assert_eq!(keys(&store), [(1, "a"), (2, "b"), (3, "c")]);
    assert_eq!(told(&store), [Some(1)]);
}

#[test]
fn a_second_place_that_lost_the_name_has_it_again_after_the_next_start() {
    let home = tempfile::tempdir().unwrap();
    let id = with_three_entries(home.path());
    std::fs::write(home.path().join("journal.name"), "").unwrap();
    assert_eq!(open(home.path()).damage(), []);
    change(&home.path().join("journal.jsonl"), |bytes| bytes[3] ^= 1);
    assert_eq!(open(home.path()).journal_id(), id);
}

/// Every step at which mending can end is made to fail, which is what a crash before it leaves on the disk.
#[test]
fn l2_wherever_mending_ends_the_next_start_tells_the_damage_and_tells_it_once() {
    for (damaged, obstructed) in [
        ("alarms.json", "alarms.json.damaged"),
        ("alarms.json", "damage.json.new"),
        ("journal.jsonl", "journal.jsonl.damaged"),
        ("journal.jsonl", "damage.json.new"),
        ("journal.jsonl", "journal.jsonl.new"),
        ("journal.jsonl", "journal.name.new"),
    ] {
        let name = format!("{damaged}, {obstructed} in the way");
        let home = tempfile::tempdir().unwrap();
        let id = with_three_entries(home.path());
        open(home.path()).arm(list("a")).unwrap();
        change(&home.path().join(damaged), |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        });
        let found = std::fs::read(home.path().join(damaged)).unwrap();
        let obstacle = home.path().join(obstructed);
        obstruct(&obstacle);
        for _ in 0..2 {
            let opened = Store::open(&Places::prepare(home.path()).unwrap());
            // Once the journal itself is mended, only its second name can be missing.
            assert!(opened.is_err() || obstructed == "journal.name.new", "{name}");
        }
        std::fs::remove_dir_all(&obstacle).unwrap();
        for _ in 0..2 {
            let store = open(home.path());
            let expected = (damaged == "journal.jsonl").then_some(1);
            assert_eq!(told(&store), [expected], "{name}");
            assert_eq!(store.journal_id(), id, "{name}");
        }
        let aside = home.path().join(damaged).with_added_extension("damaged");
        assert_eq!(std::fs::read(aside).unwrap(), found, "{name}");
    }
}

#[test]
fn l2_a_damaged_list_that_was_told_and_is_still_there_is_told_once() {
    let home = tempfile::tempdir().unwrap();
    open(home.path()).arm(list("a")).unwrap();
    let path = home.path().join("alarms.json");
    for _ in 0..2 {
        // As a crash leaves it between the word of it and its removal.
        std::fs::write(&path, "0badc0de {}\n").unwrap();
        let store = open(home.path());
        assert_eq!((told(&store), store.list()), (vec![None], None));
        assert!(store.list_lost());
    }
}

#[test]
fn a_journal_that_cannot_be_begun_anew_goes_on_as_it_was() {
    for obstructed in ["journal.jsonl.new", "journal.name.new", "damage.json.new"] {
        let home = tempfile::tempdir().unwrap();
        let id = with_three_entries(home.path());
        let mut store = open(home.path());
        let obstacle = home.path().join(obstructed);
        obstruct(&obstacle);
        // Five are known outside, three are here.
        store.drained(&id, 5).unwrap_err();
        store.note("d", noon(), Event::Claimed, noon()).unwrap();
        store.drained(&id, 5).unwrap_err();
        let newest = store.entries().last().unwrap().clone();
        assert_eq!((newest.seq, newest.key.as_str()), (6, "d"), "{obstructed}");
        drop(store);
        std::fs::remove_dir_all(&obstacle).unwrap();

        let mut store = open(home.path());
        assert_eq!(store.entries().last(), Some(&newest), "{obstructed}");
        assert_eq!(store.journal_id(), id, "{obstructed}");
        store.drained(&id, 5).unwrap();
        store.note("e", noon(), Event::Claimed, noon()).unwrap();
        assert_eq!(
            store.entries().last().map(|entry| entry.seq),
            Some(7),
            "{obstructed}"
        );
    }
}

#[test]
fn l2_an_emptied_journal_is_told() {
    let home = tempfile::tempdir().unwrap();
    with_three_entries(home.path());
    change(&home.path().join("journal.jsonl"), Vec::clear);
    let store = open(home.path());
    assert!(store.entries().is_empty());
    assert_eq!(told(&store), [Some(1)]);
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
