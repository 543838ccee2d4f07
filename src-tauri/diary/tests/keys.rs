//! The ways to the diary's key: each opens, none is lost by a change, a typo or a damage, and each
//! trouble is told apart.
#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use std::path::Path;

use afterglow_diary::{
    AskAtStart, Credential, Diary, KeyError, NewKey, OpenError, OpenNote, Opened, Protection, RecoveryCode,
    RecoveryCodeError, Secret, WithoutKeyring,
};

const PASSPHRASE: &str = "tres naranjas y un \u{f1}and\u{fa}";
const KEY_FILES: [&str; 2] = ["diary.key", "diary.key.copy"];
const BECH32: &str = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";

async fn unattended(folder: &Path) -> Result<Opened, OpenError> {
    Diary::open(folder, Credential::Unattended(NewKey::KeyFile)).await
}

async fn by_passphrase(folder: &Path, typed: &str) -> Result<Opened, OpenError> {
    Diary::open(folder, Credential::Passphrase(typed)).await
}

async fn by_code(folder: &Path, typed: &str) -> Result<Opened, OpenError> {
    Diary::open(folder, Credential::RecoveryCode(typed)).await
}

/// What opened, if anything, is put aside.
async fn opens(opened: Result<Opened, OpenError>) -> Result<Protection, OpenError> {
    let opened = opened?;
    opened.diary.close().await;
    Ok(opened.protection)
}

fn read_keys(folder: &Path) -> [Option<Vec<u8>>; 2] {
    KEY_FILES.map(|name| std::fs::read(folder.join(name)).ok())
}

fn write_keys(folder: &Path, [first, second]: [Option<&[u8]>; 2]) {
    for (name, bytes) in KEY_FILES.into_iter().zip([first, second]) {
        match bytes {
            Some(bytes) => std::fs::write(folder.join(name), bytes).unwrap(),
            None => drop(std::fs::remove_file(folder.join(name))),
        }
    }
}

/// The text with the checksum that its contents ask for.
fn with_checksum(text: &str) -> String {
    use sha2::Digest as _;
    use std::fmt::Write as _;
    let before = "\"checksum\": \"";
    let mut whole = text[..text.rfind(before).unwrap() + before.len()].to_owned();
    for byte in sha2::Sha256::digest(whole.as_bytes()) {
        write!(whole, "{byte:02x}").unwrap();
    }
    whole + "\"\n}\n"
}

#[tokio::test]
async fn passphrase_and_recovery_code_open_what_the_key_file_opened() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let diary = unattended(folder).await.unwrap().diary;
    let code = diary.new_recovery_code().await.unwrap();
    diary.set_passphrase(PASSPHRASE, AskAtStart::Yes).await.unwrap();
    let both = Protection {
        passphrase: true,
        recovery_code: true,
        ..Protection::default()
    };
    assert_eq!(diary.protection().await, both, "the unprotected key file went");
    diary.close().await;

    let error = unattended(folder).await.unwrap_err();
    assert!(
        matches!(error, OpenError::Key(KeyError::Locked(ways)) if ways == both),
        "{error}"
    );
    assert!(
        error.to_string().contains("passphrase or your recovery code"),
        "{error}"
    );
    assert_eq!(
        opens(by_passphrase(folder, PASSPHRASE).await).await.unwrap(),
        both
    );
    let printed = code.printed();
    for typed in [
        printed.to_string(),
        printed.to_lowercase(),
        printed.replace(' ', "-"),
        printed.replace(' ', ""),
        format!("  {}\n", printed.replace(' ', "\u{2013}")),
    ] {
        assert_eq!(
            opens(by_code(folder, &typed).await).await.unwrap(),
            both,
            "{typed}"
        );
    }
    // An accent composed of two characters, as some keyboards send it.
    let decomposed = "tres naranjas y un n\u{303}andu\u{301}";
    assert_eq!(
        opens(by_passphrase(folder, decomposed).await).await.unwrap(),
        both
    );
}

#[tokio::test]
async fn a_wrong_passphrase_or_code_is_said_as_that() {
    let folder = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    let diary = unattended(folder.path()).await.unwrap().diary;
    let others = unattended(other.path()).await.unwrap().diary;

    for with in [
        Credential::Passphrase("x"),
        Credential::RecoveryCode(&others.new_recovery_code().await.unwrap().printed()),
    ] {
        let error = Diary::open(folder.path(), with).await.unwrap_err();
        assert!(matches!(error, OpenError::Key(KeyError::NotSet(_))), "{error}");
    }
    let old = diary.new_recovery_code().await.unwrap();
    let new = diary.new_recovery_code().await.unwrap();
    diary.set_passphrase(PASSPHRASE, AskAtStart::No).await.unwrap();
    diary.verify_passphrase(PASSPHRASE).await.unwrap();
    let error = diary.verify_passphrase("Tres naranjas").await.unwrap_err();
    assert!(
        matches!(error, KeyError::WrongSecret(Secret::Passphrase)),
        "{error}"
    );
    diary.close().await;

    let error = by_passphrase(folder.path(), "Tres naranjas").await.unwrap_err();
    assert!(
        matches!(error, OpenError::Key(KeyError::WrongSecret(Secret::Passphrase))),
        "{error}"
    );
    let error = by_code(folder.path(), &old.printed()).await.unwrap_err();
    assert!(
        matches!(error, OpenError::Key(KeyError::WrongSecret(Secret::RecoveryCode))),
        "{error}"
    );
    opens(by_code(folder.path(), &new.printed()).await).await.unwrap();
}

#[tokio::test]
async fn ways_are_changed_and_removed_and_never_the_last_one() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let diary = unattended(folder).await.unwrap().diary;
    let error = diary.set_passphrase("", AskAtStart::Yes).await.unwrap_err();
    assert!(matches!(error, KeyError::EmptyPassphrase), "{error}");
    let error = diary
        .remove_passphrase("x", WithoutKeyring::AcceptKeyFile)
        .await
        .unwrap_err();
    assert!(matches!(error, KeyError::NotSet(Secret::Passphrase)), "{error}");
    let error = diary.remove_recovery_code().await.unwrap_err();
    assert!(matches!(error, KeyError::NotSet(Secret::RecoveryCode)), "{error}");

    diary.set_passphrase("first", AskAtStart::Yes).await.unwrap();
    let error = diary.set_passphrase("second", AskAtStart::Yes).await.unwrap_err();
    assert!(matches!(error, KeyError::AlreadySet), "{error}");
    let error = diary.change_passphrase("second", "third").await.unwrap_err();
    assert!(matches!(error, KeyError::WrongSecret(_)), "{error}");
    let error = diary.change_passphrase("first", "").await.unwrap_err();
    assert!(matches!(error, KeyError::EmptyPassphrase), "{error}");
    diary.change_passphrase("first", "second").await.unwrap();
    let code = diary.new_recovery_code().await.unwrap();
    diary.close().await;

    by_passphrase(folder, "first").await.unwrap_err();
    let diary = by_passphrase(folder, "second").await.unwrap().diary;
    diary.remove_recovery_code().await.unwrap();
    diary.close().await;
    let error = by_code(folder, &code.printed()).await.unwrap_err();
    assert!(
        matches!(error, OpenError::Key(KeyError::NotSet(Secret::RecoveryCode))),
        "{error}"
    );
    opens(by_passphrase(folder, "second").await).await.unwrap();
}

#[test]
fn a_typo_in_a_recovery_code_is_found_at_every_place() {
    let printed = some_code();
    let characters: Vec<char> = printed.chars().collect();
    let mut tried = 0;
    for place in 0..characters.len() {
        if characters[place] == ' ' {
            continue;
        }
        for other in BECH32.chars().chain("BIO1#\u{e9}".chars()) {
            if other == characters[place] {
                continue;
            }
            let mut typed = characters.clone();
            typed[place] = other;
            tried += 1;
            assert!(is_typo(&typed), "{place} {other}");
        }
    }
    assert_eq!(tried, 32 * 37);
}

#[test]
fn neighbours_that_changed_places_are_found() {
    let characters: Vec<char> = some_code()
        .chars()
        .filter(|character| *character != ' ')
        .collect();
    let mut tried = 0;
    for distance in 1..=4 {
        for place in 0..characters.len() - distance {
            if characters[place] != characters[place + distance] {
                let mut typed = characters.clone();
                typed.swap(place, place + distance);
                tried += 1;
                assert!(is_typo(&typed), "{place} {distance}");
            }
        }
    }
    assert!(tried > 90, "{tried}");
}

#[test]
fn a_recovery_code_of_another_length_is_said_as_that() {
    let printed = some_code();
    for (typed, found) in [(&printed[1..], 31), ("", 0), (&format!("{printed}Q"), 33)] {
        assert_eq!(
            RecoveryCode::parse(typed).unwrap_err(),
            RecoveryCodeError::Length { found },
            "{typed}"
        );
    }
    // A whole Bech32m text made for something else.
    assert!(RecoveryCode::parse("BC1PTEST").is_err());
}

#[test]
fn a_recovery_code_is_printed_in_groups_of_four() {
    let printed = some_code();
    let groups: Vec<&str> = printed.split(' ').collect();
    assert_eq!(groups.len(), 8);
    for group in groups {
        assert_eq!(group.len(), 4);
        assert!(
            group.chars().all(|character| BECH32.contains(character)),
            "{group}"
        );
    }
    assert_eq!(*RecoveryCode::parse(&printed).unwrap().printed(), printed);
}

#[test]
fn a_reader_of_qr_codes_reads_the_recovery_code() {
    const SCALE: usize = 4;
    let printed = some_code();
    let svg = RecoveryCode::parse(&printed).unwrap().qr_svg().unwrap();
    let side: usize = svg
        .split("viewBox=\"0 0 ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next())
        .unwrap()
        .parse()
        .unwrap();
    let dark: std::collections::HashSet<(usize, usize)> = svg
        .split('M')
        .filter_map(|step| {
            step.strip_suffix("h1v1h-1z")
                .or_else(|| step.split_once("h1v1h-1z").map(|(at, _)| at))
        })
        .map(|at| {
            let (column, row) = at.split_once(' ').unwrap();
            (column.parse().unwrap(), row.parse().unwrap())
        })
        .collect();
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(side * SCALE, side * SCALE, |x, y| {
        if dark.contains(&(x / SCALE, y / SCALE)) {
            0
        } else {
            255
        }
    });
    let (_, read) = image.detect_grids()[0].decode().unwrap();
    assert_eq!(read, printed.replace(' ', ""));
}

/// 128 bits that are nobody's, as a code: what Bech32m says of them does not change.
fn some_code() -> String {
    let whole = bech32::encode_upper::<bech32::Bech32m>(
        bech32::Hrp::parse("afterglow").unwrap(),
        &[
            0x3d, 0x7e, 0x01, 0xa9, 0x55, 0xc0, 0x12, 0xfe, 0x88, 0x40, 0x6b, 0x90, 0xd3, 0x27, 0xee, 0x1c,
        ],
    )
    .unwrap();
    let code: Vec<char> = whole["AFTERGLOW1".len()..].chars().collect();
    code.chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

fn is_typo(typed: &[char]) -> bool {
    let typed: String = typed.iter().collect();
    matches!(RecoveryCode::parse(&typed), Err(RecoveryCodeError::Typo))
}

/// What one damage makes of a file's bytes.
fn damages(bytes: &[u8], at: usize) -> Vec<Vec<u8>> {
    let with = |byte: u8| {
        let mut damaged = bytes.to_vec();
        damaged[at] = byte;
        damaged
    };
    let mut without = bytes.to_vec();
    without.remove(at);
    vec![
        with(bytes[at] ^ 1),
        with(bytes[at] ^ 0x20),
        with(0),
        bytes[..at].to_vec(),
        without,
    ]
}

#[tokio::test]
async fn a_damage_of_both_copies_at_any_byte_is_told_and_both_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let diary = unattended(folder).await.unwrap().diary;
    diary.new_recovery_code().await.unwrap();
    let with_key_file = read_keys(folder)[0].clone().unwrap();
    diary.set_passphrase(PASSPHRASE, AskAtStart::Yes).await.unwrap();
    diary.close().await;
    let with_passphrase = read_keys(folder)[0].clone().unwrap();

    for whole in [with_key_file, with_passphrase] {
        for at in 0..whole.len() {
            // Every kind at some bytes, and one kind at every byte.
            let kinds = if at % 16 == 0 { 5 } else { 1 };
            for damaged in damages(&whole, at).into_iter().cycle().skip(at % 5).take(kinds) {
                write_keys(folder, [Some(&damaged); 2]);
                let error = unattended(folder).await.unwrap_err();
                assert!(
                    matches!(error, OpenError::Key(KeyError::DamagedFile { .. })),
                    "{at}: {error}"
                );
                let kept = Some(damaged);
                assert_eq!(read_keys(folder), [kept.clone(), kept], "{at}");
            }
        }
    }
}

#[tokio::test]
async fn a_damage_of_one_copy_is_mended_from_the_other_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    opens(unattended(folder).await).await.unwrap();
    let whole = read_keys(folder)[0].clone().unwrap();
    let every_so_often = (0..whole.len()).step_by(23);
    let damaged = every_so_often.flat_map(|at| damages(&whole, at).into_iter().map(Some));
    for damaged in damaged.chain([None]) {
        let damaged = damaged.as_deref();
        for copies in [[damaged, Some(&whole)], [Some(&whole), damaged]] {
            write_keys(folder, copies);
            let opened = unattended(folder).await.unwrap();
            assert_eq!(opened.notes, [OpenNote::KeyFileMended]);
            opened.diary.close().await;
            assert_eq!(read_keys(folder), [Some(whole.clone()), Some(whole.clone())]);
            let opened = unattended(folder).await.unwrap();
            assert_eq!(opened.notes, []);
            opened.diary.close().await;
        }
    }
}

#[tokio::test]
async fn whatever_of_a_change_reached_the_disk_the_diary_opens() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let diary = unattended(folder).await.unwrap().diary;
    let mut steps = vec![read_keys(folder)[0].clone().unwrap()];
    let code = diary.new_recovery_code().await.unwrap();
    steps.push(read_keys(folder)[0].clone().unwrap());
    diary.set_passphrase("first", AskAtStart::Yes).await.unwrap();
    steps.push(read_keys(folder)[0].clone().unwrap());
    diary.change_passphrase("first", "second").await.unwrap();
    steps.push(read_keys(folder)[0].clone().unwrap());
    diary.remove_recovery_code().await.unwrap();
    steps.push(read_keys(folder)[0].clone().unwrap());
    diary.close().await;

    for pair in steps.windows(2) {
        let (old, new) = (pair[0].as_slice(), pair[1].as_slice());
        let torn = &new[..new.len() / 2];
        // In the order of the steps: draft, first copy, second draft, second copy.
        for (copies, draft) in [
            ([Some(old), Some(old)], None),
            ([Some(old), Some(old)], Some("diary.key.new")),
            ([Some(new), Some(old)], None),
            ([Some(new), Some(old)], Some("diary.key.copy.new")),
            ([Some(new), None], None),
            ([Some(new), Some(new)], None),
        ] {
            write_keys(folder, copies);
            if let Some(draft) = draft {
                std::fs::write(folder.join(draft), torn).unwrap();
            }
            let mut opened = false;
            for with in [
                Credential::Unattended(NewKey::KeyFile),
                Credential::RecoveryCode(&code.printed()),
                Credential::Passphrase("first"),
                Credential::Passphrase("second"),
            ] {
                opened |= opens(Diary::open(folder, with).await).await.is_ok();
            }
            assert!(opened, "{draft:?}");
            let [first, second] = read_keys(folder);
            assert_eq!(first.as_deref(), copies[0], "what was first on the disk counts");
            assert_eq!(first, second, "and its copy follows");
            if let Some(draft) = draft {
                assert!(!folder.join(draft).exists(), "{draft} may hold a key");
            }
        }
    }
}

#[tokio::test]
async fn a_file_of_the_first_version_opens_and_is_written_anew() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    opens(unattended(folder).await).await.unwrap();
    let file: serde_json::Value = serde_json::from_slice(read_keys(folder)[0].as_ref().unwrap()).unwrap();
    let key = file["wrappers"][0]["key"].as_str().unwrap();
    let first = format!(
        "{{\n  \"version\": 1,\n  \"kept\": {{\n    \"in\": \"this_file\",\n    \"key\": \"{key}\"\n  }}\n}}"
    );
    write_keys(folder, [Some(first.as_bytes()), None]);

    let opened = unattended(folder).await.unwrap();
    assert_eq!(opened.notes, [], "nothing was wrong with it");
    assert!(opened.protection.key_file);
    opened.diary.close().await;
    let [now, copy] = read_keys(folder);
    assert_eq!(now, copy);
    let now: serde_json::Value = serde_json::from_slice(&now.unwrap()).unwrap();
    assert_eq!(now["version"], 2);
    assert_eq!(now["wrappers"][0]["key"], key);
    assert_eq!(now["check"], file["check"]);
    opens(unattended(folder).await).await.unwrap();
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_left_to_the_newer_app() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    opens(unattended(folder).await).await.unwrap();
    let text = String::from_utf8(read_keys(folder)[0].clone().unwrap()).unwrap();
    let newer = with_checksum(&text.replacen("\"version\": 2", "\"version\": 3, \"more\": []", 1));
    for copies in [
        [Some(newer.as_bytes()); 2],
        [Some(newer.as_bytes()), Some(text.as_bytes())],
    ] {
        write_keys(folder, copies);
        let error = unattended(folder).await.unwrap_err();
        assert!(
            matches!(
                error,
                OpenError::Key(KeyError::NewerFile {
                    found: 3,
                    known: 2,
                    ..
                })
            ),
            "{error}"
        );
        assert_eq!(read_keys(folder), copies.map(|copy| copy.map(<[u8]>::to_vec)));
    }
}

#[tokio::test]
async fn costs_beyond_the_limits_are_refused_before_they_are_paid() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let diary = unattended(folder).await.unwrap().diary;
    diary.set_passphrase(PASSPHRASE, AskAtStart::Yes).await.unwrap();
    diary.close().await;
    let text = String::from_utf8(read_keys(folder)[0].clone().unwrap()).unwrap();
    for (from, to) in [
        ("\"m\": 65536", "\"m\": 104857600"),
        ("\"m\": 65536", "\"m\": 1"),
        ("\"m\": 65536", "\"m\": -1"),
        ("\"t\": 3", "\"t\": 4294967295"),
        ("\"t\": 3", "\"t\": 0"),
        ("\"p\": 1", "\"p\": 16777215"),
        ("\"p\": 1", "\"p\": 0"),
        ("\"kind\": \"passphrase\"", "\"kind\": \"fingerprint\""),
    ] {
        assert!(text.contains(from), "{text}");
        let hostile = with_checksum(&text.replacen(from, to, 1));
        write_keys(folder, [Some(hostile.as_bytes()); 2]);
        let error = by_passphrase(folder, PASSPHRASE).await.unwrap_err();
        assert!(
            matches!(error, OpenError::Key(KeyError::DamagedFile { .. })),
            "{to}: {error}"
        );
    }
    // Within the limits but not what was paid: the passphrase does not fit, and nothing else happens.
    let other = with_checksum(&text.replacen("\"t\": 3", "\"t\": 2", 1));
    write_keys(folder, [Some(other.as_bytes()); 2]);
    let error = by_passphrase(folder, PASSPHRASE).await.unwrap_err();
    assert!(
        matches!(error, OpenError::Key(KeyError::WrongSecret(_))),
        "{error}"
    );
}

#[tokio::test]
async fn a_new_key_is_never_made_where_one_was_used() {
    for remains in ["diary.db", "backups/diary-2026-11-20.db"] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        opens(unattended(folder).await).await.unwrap();
        let place = folder.join(remains);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        if place != Diary::path(folder) {
            std::fs::rename(Diary::path(folder), &place).unwrap();
        }
        write_keys(folder, [None, None]);
        for with in [
            Credential::Unattended(NewKey::KeyFile),
            Credential::Unattended(NewKey::KeyringFirst),
            Credential::Passphrase("x"),
        ] {
            let error = Diary::open(folder, with).await.unwrap_err();
            assert!(
                matches!(error, OpenError::Key(KeyError::Missing { .. })),
                "{remains}: {error}"
            );
            assert_eq!(read_keys(folder), [None, None], "{remains}");
        }
    }
}

#[tokio::test]
async fn a_locked_diary_without_its_file_keeps_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let diary = unattended(folder).await.unwrap().diary;
    diary.set_passphrase(PASSPHRASE, AskAtStart::Yes).await.unwrap();
    diary.close().await;
    let before = read_keys(folder);
    std::fs::remove_file(Diary::path(folder)).unwrap();
    assert!(unattended(folder).await.is_err());
    opens(by_passphrase(folder, PASSPHRASE).await).await.unwrap();
    assert_eq!(read_keys(folder), before);
}

#[tokio::test]
async fn a_damaged_database_is_told_from_a_wrong_key_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    opens(unattended(folder).await).await.unwrap();
    let path = Diary::path(folder);
    let mut bytes = std::fs::read(&path).unwrap();
    for byte in &mut bytes[..64] {
        *byte ^= 0x5a;
    }
    std::fs::write(&path, &bytes).unwrap();
    let error = unattended(folder).await.unwrap_err();
    assert!(matches!(error, OpenError::Damaged(_)), "{error}");
    assert!(error.to_string().contains("restore a backup"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}

#[test]
fn no_secret_stands_in_what_is_logged() {
    let code = RecoveryCode::parse(&some_code()).unwrap();
    assert_eq!(format!("{code:?}"), "RecoveryCode(..)");
    assert_eq!(
        format!("{:?}", Credential::Passphrase("canary")),
        "Passphrase(..)"
    );
    assert_eq!(
        format!("{:?}", Credential::RecoveryCode("canary")),
        "RecoveryCode(..)"
    );
}

#[test]
fn each_trouble_has_a_sentence_of_its_own_that_says_what_to_do() {
    let ways = Protection {
        keyring: true,
        recovery_code: true,
        ..Protection::default()
    };
    let with_passphrase = Protection {
        passphrase: true,
        ..ways
    };
    let path = Path::new("diary.key").to_owned();
    let said: [(OpenError, &str); 8] = [
        (
            OpenError::WrongKey(ways),
            "the key that was found is another diary's. Open the diary with your recovery code",
        ),
        (
            KeyError::WrongSecret(Secret::Passphrase).into(),
            "this passphrase does not open the diary. Check it and try again",
        ),
        (
            KeyError::KeyringLost(Protection::default()).into(),
            "the system's keyring has lost the diary's key. No passphrase and no recovery code was set. Restore an \
             export of the diary",
        ),
        (
            KeyError::KeyringUnavailable {
                reason: "the keyring did not answer within 5 s".to_owned(),
                others: with_passphrase,
            }
            .into(),
            "the diary's key is in the system's keyring, and the keyring did not answer within 5 s. Unlock the \
             keyring and try again. Or else: open the diary with your passphrase or your recovery code",
        ),
        (
            KeyError::DamagedFile {
                path: path.clone(),
                reason: "its checksum does not fit".to_owned(),
            }
            .into(),
            "the file diary.key that leads to the diary's key is damaged, and so is its copy (its checksum does \
             not fit). Both were kept. Restore an export of the diary",
        ),
        (
            OpenError::Damaged("file is not a database".to_owned()),
            "the diary's file is damaged (file is not a database). It was left as it is: restore a backup",
        ),
        (
            KeyError::Missing { path }.into(),
            "there is a diary, but the file diary.key that leads to its key is gone. Put the file back, or restore \
             an export of the diary",
        ),
        (
            KeyError::Locked(with_passphrase).into(),
            "the diary is locked. Open the diary with your passphrase or your recovery code",
        ),
    ];
    for (error, sentence) in said {
        assert_eq!(error.to_string(), sentence);
    }
}
