//! What is checked before an import, or one of the automatic backups, may do anything.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read as _, Write};
use std::path::Path;

use age::DecryptError;
use age::secrecy::SecretString;
use chrono::{DateTime, Utc};
use sqlx::Connection as _;
use zeroize::Zeroizing;

use super::automatic::BackupKind;
use super::contents::{self, Contents};
use super::export::{self, FIRST_LINE, FORMAT, Hash, Header};
use super::files::{self, Draft, Places};
use super::{BackupError, beside};
use crate::Diary;
use crate::open::known_form;

/// The most work that a file may ask of a passphrase: 1 GB of memory. The app writes 17.
const MOST_WORK: u8 = 20;
/// The longest lines that are read.
const MOST_FIRST_LINE: u64 = 64;
const MOST_HEADER: u64 = 64 * 1024;

/// Why a file cannot be imported. The diary is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Nothing that this app wrote.
    #[error("this file is not an export of a diary: choose the file that the app wrote")]
    NotAnExport,
    /// The passphrase does not open it.
    #[error("this passphrase does not open the file: type it as it was chosen when the file was made")]
    WrongPassphrase,
    /// It opens, but it is not what was written.
    #[error("this file is damaged ({0}): copy it again from where it was made, or choose another one")]
    Damaged(String),
    /// A newer version of the app wrote it.
    #[error("a newer version of the app wrote this file ({found}, this app reads {known}): update the app")]
    NewerVersion {
        /// The version that was found.
        found: i64,
        /// The newest that this app knows.
        known: i64,
    },
    /// There is no such backup.
    #[error("there is no backup {0}: choose one from the list")]
    NoSuchBackup(String),
    /// The copy could not be made or opened.
    #[error(transparent)]
    Copy(#[from] BackupError),
}

/// A copy that was checked to its last page and brought to this version's form. Nothing has happened to the diary
/// yet: [`Diary::restore`] puts it in the diary's place, [`Diary::merge`] joins it with the diary. Dropping it
/// removes it.
#[derive(Debug)]
pub struct Inspected {
    pub(super) draft: Draft,
    pub(super) key: Key,
    /// What it held when it was made.
    pub found: Contents,
    /// What it holds in this version's form.
    pub contents: Contents,
    /// When it was exported; none for one of the automatic backups.
    pub made_at: Option<DateTime<Utc>>,
    /// The version of the app that exported it; none for one of the automatic backups.
    pub app: Option<String>,
}

/// A copy's key in hex digits, kept out of every log.
pub(super) struct Key(pub(super) Zeroizing<String>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

impl Diary {
    /// [`inspect`], in this diary's folder.
    pub async fn inspect(&self, file: &Path, passphrase: &str) -> Result<Inspected, ImportError> {
        inspect(self.folder(), file, passphrase).await
    }

    /// Checks one of the copies in `backups/` and tells what it holds.
    pub async fn inspect_backup(&self, name: &str) -> Result<Inspected, ImportError> {
        inspect_backup(&self.places(), self.key_hex(), name).await
    }
}

/// Checks an export and tells what it holds, whether or not the diary in `folder` can be opened.
pub async fn inspect(folder: &Path, file: &Path, passphrase: &str) -> Result<Inspected, ImportError> {
    let draft = Places::of(folder).draft()?;
    let passphrase = export::secret(passphrase);
    let (read, draft) = beside({
        let file = file.to_owned();
        move || Ok((decrypt(&file, passphrase, draft.path()), draft))
    })
    .await?;
    let mut header = read?;
    let key = Zeroizing::new(std::mem::take(&mut header.key));
    if key.len() != 64 || !key.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(ImportError::Damaged("its key is not 64 hex digits".to_owned()));
    }
    let inspected = examine(draft, key, Some(&header)).await?;
    if inspected.found != header.contents {
        return Err(ImportError::Damaged("it does not hold what it says".to_owned()));
    }
    Ok(inspected)
}

fn decrypt(file: &Path, passphrase: SecretString, draft: &Path) -> Result<Header, ImportError> {
    let mut out = OpenOptions::new()
        .write(true)
        .open(draft)
        .map_err(BackupError::io(draft))?;
    let header = read(file, passphrase, &mut out)?;
    out.sync_all().map_err(BackupError::io(draft))?;
    Ok(header)
}

pub(super) async fn inspect_backup(
    places: &Places,
    key: Zeroizing<String>,
    name: &str,
) -> Result<Inspected, ImportError> {
    let no_such = || ImportError::NoSuchBackup(name.to_owned());
    // Only names that this module gives: nothing outside `backups/` is ever reached.
    BackupKind::of(name).ok_or_else(no_such)?;
    let path = places.backup(name);
    if !path.is_file() {
        return Err(no_such());
    }
    let draft = places.draft()?;
    let copy = draft.path().to_owned();
    beside(move || files::copy(&path, &copy)).await?;
    examine(draft, key, None).await.map_err(|error| match error {
        // By the name that the patient chose, not by the draft's.
        ImportError::Copy(BackupError::Unsound { reason, .. }) => ImportError::Copy(BackupError::Unsound {
            name: name.to_owned(),
            reason,
        }),
        other => other,
    })
}

/// Opens a copy, checks it, and brings it to this version's form.
async fn examine(
    draft: Draft,
    key: Zeroizing<String>,
    header: Option<&Header>,
) -> Result<Inspected, ImportError> {
    let found = contents::check(draft.path(), &key).await?;
    let known = known_form();
    if found.form > known {
        return Err(ImportError::NewerVersion {
            found: found.form,
            known,
        });
    }
    let mut copy = contents::connect(draft.path(), &key, None, false)
        .await
        .map_err(BackupError::from)?;
    let damaged = |error: sqlx::Error| ImportError::Damaged(error.to_string());
    // A file made by hand could bring a trigger that does something else than it says, in a migration too.
    let theirs = contents::schema(&mut copy).await.map_err(BackupError::from)?;
    let ours = contents::known_schema(found.form).await.map_err(damaged)?;
    if theirs != ours {
        return Err(ImportError::Damaged("its tables are not the app's".to_owned()));
    }
    contents::migrate(&mut copy, known).await.map_err(damaged)?;
    copy.close().await.map_err(BackupError::from)?;
    let contents = contents::check(draft.path(), &key).await?;
    let path = draft.path().to_owned();
    beside(move || files::sync(&path)).await?;
    Ok(Inspected {
        draft,
        key: Key(key),
        found,
        contents,
        made_at: header.map(|header| header.made_at),
        app: header.map(|header| header.app.clone()),
    })
}

/// Decrypts an export's database into `out` and checks it against the header. What is written before an error is
/// part of an encrypted database.
pub(super) fn read(
    file: &Path,
    passphrase: SecretString,
    out: &mut impl Write,
) -> Result<Header, ImportError> {
    let opened = File::open(file).map_err(BackupError::io(file))?;
    let envelope =
        age::Decryptor::new_buffered(BufReader::new(opened)).map_err(|error| unopened(file, error))?;
    if !envelope.is_scrypt() {
        return Err(ImportError::NotAnExport);
    }
    let mut identity = age::scrypt::Identity::new(passphrase);
    identity.set_max_work_factor(MOST_WORK);
    let inside = envelope
        .decrypt(std::iter::once(&identity as &dyn age::Identity))
        .map_err(|error| unopened(file, error))?;
    let mut inside = BufReader::new(inside);
    let broken = |error: io::Error| inside_broken(file, error);

    let first = export::line(&mut inside, MOST_FIRST_LINE).map_err(broken)?;
    let version: u16 = first
        .as_deref()
        .and_then(|line| line.strip_prefix(FIRST_LINE))
        .and_then(|version| version.parse().ok())
        .ok_or(ImportError::NotAnExport)?;
    if version != FORMAT {
        return Err(ImportError::NewerVersion {
            found: version.into(),
            known: FORMAT.into(),
        });
    }
    let header = export::line(&mut inside, MOST_HEADER)
        .map_err(broken)?
        .ok_or_else(|| ImportError::Damaged("its header is not complete".to_owned()))?;
    let header: Header =
        serde_json::from_str(&header).map_err(|error| ImportError::Damaged(error.to_string()))?;

    let mut hash = Hash::new(out);
    // One byte more than it says is enough to know that there is more.
    let length = header.length.saturating_add(1);
    let length = copy(&mut inside.take(length), &mut hash, file)?;
    if length != header.length || hash.finish() != header.sha256 {
        return Err(ImportError::Damaged("its sum does not fit".to_owned()));
    }
    Ok(header)
}

/// [`io::copy`] that tells which side failed: a damaged file and a full disk are different news.
fn copy(from: &mut impl io::Read, to: &mut impl Write, file: &Path) -> Result<u64, ImportError> {
    let mut buffer = vec![0; 64 * 1024];
    let mut length = 0;
    loop {
        let read = from
            .read(&mut buffer)
            .map_err(|error| inside_broken(file, error))?;
        if read == 0 {
            return Ok(length);
        }
        to.write_all(&buffer[..read]).map_err(BackupError::io(file))?;
        length += read as u64;
    }
}

fn unopened(file: &Path, error: DecryptError) -> ImportError {
    match error {
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed | DecryptError::NoMatchingKeys => {
            ImportError::WrongPassphrase
        }
        DecryptError::InvalidMac => ImportError::Damaged("its beginning was changed".to_owned()),
        DecryptError::Io(error) => inside_broken(file, error),
        _ => ImportError::NotAnExport,
    }
}

fn inside_broken(file: &Path, error: io::Error) -> ImportError {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
            ImportError::Damaged("it is not complete, or was changed".to_owned())
        }
        _ => ImportError::Copy(BackupError::io(file)(error)),
    }
}

/// Opens what was just written and compares it with what was to be written.
pub(super) fn read_back(file: &Path, passphrase: SecretString, written: &Header) -> Result<(), ImportError> {
    let found = read(file, passphrase, &mut io::sink())?;
    if found.sha256 == written.sha256 && found.contents == written.contents && found.key == written.key {
        Ok(())
    } else {
        Err(ImportError::Damaged("it is another export".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open::MIGRATIONS;
    use crate::{Credential, NewKey};

    /// A diary with a backup that an app of form 2 made, and what `then` does to that.
    async fn old_backup(folder: &Path, then: &'static str) -> (Diary, &'static str) {
        let unattended = Credential::Unattended(NewKey::KeyFile);
        let diary = Diary::open(folder, unattended).await.unwrap().diary;
        let draft = diary.places().draft().unwrap();
        let mut old = contents::connect(draft.path(), &diary.key_hex(), None, false)
            .await
            .unwrap();
        MIGRATIONS.run_to(2, &mut old).await.unwrap();
        sqlx::raw_sql(then).execute(&mut old).await.unwrap();
        old.close().await.unwrap();
        let name = "diary-2026-11-01.db";
        draft.moved_to(&diary.places().backup(name)).unwrap();
        (diary, name)
    }

    #[tokio::test]
    async fn an_older_copy_is_brought_to_this_form_and_itself_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let old = "INSERT INTO settings VALUES (1, 'es', NULL, NULL, 0, 'Sol', '', '112')";
        let (diary, name) = old_backup(folder.path(), old).await;
        for _ in 0..2 {
            let copy = diary.inspect_backup(name).await.unwrap();
            assert_eq!((copy.found.form, copy.found.rows["settings"]), (2, 1));
            assert_eq!(
                (copy.contents.form, copy.contents.rows["clinic"]),
                (known_form(), 1)
            );
        }
        let copy = diary.inspect_backup(name).await.unwrap();
        let restored = diary.restore(copy, DateTime::UNIX_EPOCH).await.unwrap();
        assert_eq!(
            restored.diary.settings().await.unwrap().unwrap().clinic_name,
            "Sol"
        );
    }

    #[tokio::test]
    async fn a_newer_copy_and_one_with_tables_of_its_own_are_refused() {
        let newer = "UPDATE _sqlx_migrations SET version = 999 WHERE version = 2";
        let trigger = "CREATE TRIGGER mine AFTER INSERT ON settings BEGIN DELETE FROM session; END";
        let dangling = "PRAGMA foreign_keys = OFF; INSERT INTO session_withdrawal VALUES ('none', 1)";
        for (then, expected) in [
            (
                newer,
                format!(
                    "{:?}",
                    ImportError::NewerVersion {
                        found: 999,
                        known: known_form()
                    }
                ),
            ),
            (
                trigger,
                format!(
                    "{:?}",
                    ImportError::Damaged("its tables are not the app's".to_owned())
                ),
            ),
            (
                dangling,
                format!(
                    "{:?}",
                    ImportError::Copy(BackupError::Unsound {
                        name: "diary-2026-11-01.db".to_owned(),
                        reason: "a row of session_withdrawal refers to nothing".to_owned(),
                    })
                ),
            ),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let (diary, name) = old_backup(folder.path(), then).await;
            assert_eq!(
                format!("{:?}", diary.inspect_backup(name).await.unwrap_err()),
                expected
            );
        }
    }
}
