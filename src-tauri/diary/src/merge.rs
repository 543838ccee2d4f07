//! Joining the diary of the patient's other device: the union of what both hold.
//!
//! Every row that is joined is immutable and has an identity that no two devices give twice, so the
//! union is the same in whichever order and however often it is made. Tombstones are joined too, and
//! win over what they name. Settings, those of reminders, the clinic and the device's id stay each
//! device's own. Nothing
//! is taken on trust: before the commit, every row of the other diary must be found here, equal.

use std::path::{Path, PathBuf};

use sqlx::Row as _;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use zeroize::Zeroizing;

use crate::erase::{OVERWRITE, SWEEP, scrub};
use crate::keys::DataKey;
use crate::values::to_the_end;
use crate::{Diary, DiaryError, transaction};

const ATTACH: &str = "ATTACH DATABASE ?1 AS other KEY ?2";
const DETACH: &str = "DETACH DATABASE other";
const OTHER_IS_EMPTY: &str =
    "SELECT NOT EXISTS (SELECT 1 FROM other.sqlite_schema WHERE name = '_sqlx_migrations') AS counted";
const OUR_FORM: &str = "SELECT coalesce(max(version), 0) AS counted FROM main._sqlx_migrations WHERE success";
const THEIR_FORM: &str =
    "SELECT coalesce(max(version), 0) AS counted FROM other._sqlx_migrations WHERE success";
const COUNT_ERASED: &str = "SELECT (SELECT count(*) FROM main.session WHERE revision = 1 AND id IN (SELECT id FROM main.erased)) \
    + (SELECT count(*) FROM main.photo WHERE id IN (SELECT id FROM main.erased)) AS counted";
const TOMBSTONES: &str = "INSERT INTO main.erased (id, at) SELECT id, at FROM other.erased WHERE true \
    ON CONFLICT (id) DO UPDATE SET at = excluded.at WHERE excluded.at < erased.at";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[OUR_FORM, COUNT_ERASED];

/// A table, and how its rows are joined.
struct Union {
    table: &'static str,
    /// Takes over the rows that are not here yet.
    join: &'static str,
    /// Counts the rows that are there and, after joining, not here with the same contents.
    missing: &'static str,
}

/// A table's union: its columns, which of the other's rows count, and the order in which they come.
macro_rules! union {
    ($table:literal, where $kept:literal, $first:ident $(, $column:ident)*) => {
        Union {
            table: $table,
            join: concat!(
                "INSERT INTO main.", $table, " (", stringify!($first), $(", ", stringify!($column),)* ") SELECT ",
                "theirs.", stringify!($first), $(", theirs.", stringify!($column),)*
                " FROM other.", $table, " AS theirs WHERE ", $kept, " ON CONFLICT DO NOTHING"
            ),
            missing: concat!(
                "SELECT count(*) AS counted FROM other.", $table, " AS theirs WHERE ", $kept,
                " AND NOT EXISTS (SELECT 1 FROM main.", $table, " AS ours WHERE ours.", stringify!($first),
                " IS theirs.", stringify!($first),
                $(" AND ours.", stringify!($column), " IS theirs.", stringify!($column),)* ")"
            ),
        }
    };
}

const COURSES: Union = union!("course", where "theirs.revision = 1",
    entry, id, revision, replica, treatment, planned_sessions, interval_days, started, ended, entered_at);
const COURSE_CORRECTIONS: Union = union!("course", where "theirs.revision > 1",
    entry, id, revision, replica, treatment, planned_sessions, interval_days, started, ended, entered_at);
const SESSIONS: Union = union!("session",
    where "theirs.revision = 1 AND theirs.id NOT IN (SELECT id FROM main.erased)",
    entry, id, revision, replica, course, ended_at, zone_name, zone_offset, setting, device, depth_micrometres,
    areas, concerns, risks, clinic_gave, adjuncts, exposed, plan_id, plan_version, entered_at);
const SESSION_CORRECTIONS: Union = union!("session",
    where "theirs.revision > 1 AND theirs.id NOT IN (SELECT id FROM main.erased)",
    entry, id, revision, replica, course, ended_at, zone_name, zone_offset, setting, device, depth_micrometres,
    areas, concerns, risks, clinic_gave, adjuncts, exposed, plan_id, plan_version, entered_at);
const WITHDRAWALS: Union = union!("session_withdrawal",
    where "theirs.session NOT IN (SELECT id FROM main.erased)", session, at);
const CHECK_INS: Union = union!("check_in",
    where "theirs.revision = 1 AND theirs.session NOT IN (SELECT id FROM main.erased)",
    entry, id, revision, replica, session, at, local_date, severities, signs, temperature_tenths, areas, note,
    entered_at);
const CHECK_IN_CORRECTIONS: Union = union!("check_in",
    where "theirs.revision > 1 AND theirs.session NOT IN (SELECT id FROM main.erased)",
    entry, id, revision, replica, session, at, local_date, severities, signs, temperature_tenths, areas, note,
    entered_at);
const PHOTOS: Union = union!("photo",
    where "theirs.id NOT IN (SELECT id FROM main.erased) AND theirs.session NOT IN (SELECT id FROM main.erased)",
    id, session, check_in, taken_at, pose, media_type, width, height, entered_at, thumbnail, image);
const PLANS: Union = union!("plan_accepted", where "true", entry, plan_id, plan_version, text, accepted_at);
const FINDINGS: Union = union!("finding",
    where "theirs.check_in IN \
        (SELECT entry FROM other.check_in WHERE session NOT IN (SELECT id FROM main.erased))",
    check_in, rule, level, raised_at);
const OUTCOMES: Union = union!("call_outcome",
    where "theirs.check_in IN \
        (SELECT entry FROM other.check_in WHERE session NOT IN (SELECT id FROM main.erased))",
    check_in, at, outcome, reason);
const FOLLOW_UPS: Union = union!("follow_up_answer",
    where "theirs.check_in IN \
        (SELECT entry FROM other.check_in WHERE session NOT IN (SELECT id FROM main.erased))",
    check_in, at, reached, note);
const MEDICINES: Union = union!("medicine", where "theirs.revision = 1",
    entry, id, revision, replica, name, first_day, last_day, times, entered_at);
const MEDICINE_CORRECTIONS: Union = union!("medicine", where "theirs.revision > 1",
    entry, id, revision, replica, name, first_day, last_day, times, entered_at);
const MEDICINE_WITHDRAWALS: Union = union!("medicine_withdrawal", where "true", medicine, at);
const APPOINTMENTS: Union = union!("appointment", where "theirs.revision = 1",
    entry, id, revision, replica, local_at, zone_name, zone_offset, note, entered_at);
const APPOINTMENT_CORRECTIONS: Union = union!("appointment", where "theirs.revision > 1",
    entry, id, revision, replica, local_at, zone_name, zone_offset, note, entered_at);
const APPOINTMENT_WITHDRAWALS: Union = union!("appointment_withdrawal", where "true", appointment, at);
const DELIVERIES: Union = union!("delivery",
    where "substr(theirs.key, 1, 36) NOT IN (SELECT id FROM main.erased)",
    journal, seq, key, due_at, at, state, digest, reason, until);

/// How many rows came, and how many were erased here because they had been erased there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Merged {
    /// Courses.
    pub courses: u64,
    /// Corrections of courses.
    pub course_corrections: u64,
    /// Sessions.
    pub sessions: u64,
    /// Corrections of sessions.
    pub session_corrections: u64,
    /// Withdrawals of sessions.
    pub withdrawals: u64,
    /// Check-ins.
    pub check_ins: u64,
    /// Corrections of check-ins.
    pub check_in_corrections: u64,
    /// Photos.
    pub photos: u64,
    /// Accepted plans.
    pub plans: u64,
    /// Findings.
    pub findings: u64,
    /// What was done about findings.
    pub outcomes: u64,
    /// Answers about calls.
    pub follow_ups: u64,
    /// Medicines.
    pub medicines: u64,
    /// Corrections of medicines.
    pub medicine_corrections: u64,
    /// Withdrawals of medicines.
    pub medicine_withdrawals: u64,
    /// Appointments.
    pub appointments: u64,
    /// Corrections of appointments.
    pub appointment_corrections: u64,
    /// Withdrawals of appointments.
    pub appointment_withdrawals: u64,
    /// Lines of the delivery ledger.
    pub deliveries: u64,
    /// Sessions and photos that were erased here.
    pub erased: u64,
}

/// Why two diaries could not be joined. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// There is no such file, or the system does not give it.
    #[error("{path} cannot be read: {reason}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The key does not open the other diary, or its file is damaged from its first page on.
    #[error("the key does not open the other diary: choose the export again")]
    WrongKey,
    /// One of the two files is damaged.
    #[error("the other diary, or this one, is damaged: {0}. Make the export again, then try again")]
    Damaged(String),
    /// The file decrypts and is no diary.
    #[error("the other file is not a diary: choose the export again")]
    NotADiary,
    /// The other diary has another form.
    #[error(
        "the other diary's form is {found}, this one's is {known}: update the app on both devices, then export again"
    )]
    OtherForm {
        /// The other's form.
        found: i64,
        /// This one's.
        known: i64,
    },
    /// The other diary says something else under the identity of a row that is here.
    #[error("the other diary contradicts this one (in {table}): make the export again, then try again")]
    Contradiction {
        /// The table.
        table: &'static str,
    },
    /// This diary could not be read or written.
    #[error(transparent)]
    Diary(#[from] DiaryError),
}

/// `SQLITE_NOTADB` and `SQLITE_CORRUPT`, see <https://www.sqlite.org/rescode.html>.
const SQLITE_NOTADB: i32 = 26;
const SQLITE_CORRUPT: i32 = 11;

impl From<sqlx::Error> for MergeError {
    fn from(error: sqlx::Error) -> Self {
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .and_then(|code| code.parse::<i32>().ok())
            // The low byte is the primary result code.
            .map(|code| code & 0xff);
        match code {
            Some(SQLITE_NOTADB) => Self::WrongKey,
            Some(SQLITE_CORRUPT) => Self::Damaged(error.to_string()),
            _ => Self::Diary(error.into()),
        }
    }
}

impl Diary {
    /// Joins another diary's rows with this one's, all or none; durable on return. The other is of the
    /// same form and is only read. Goes on when the future is dropped.
    pub async fn merge_from(&self, path: &Path, key: &DataKey) -> Result<Merged, MergeError> {
        let unreadable = |reason: String| MergeError::Unreadable {
            path: path.to_owned(),
            reason,
        };
        // SQLite would make a file that is not there, and takes a relative `file:` for an address.
        if !std::fs::metadata(path)
            .map_err(|error| unreadable(error.to_string()))?
            .is_file()
        {
            return Err(unreadable("it is not a file".to_owned()));
        }
        let absolute = std::path::absolute(path).map_err(|error| unreadable(error.to_string()))?;
        let name = absolute
            .to_str()
            .ok_or_else(|| unreadable("its name is not Unicode".to_owned()))?
            .to_owned();
        let pool = self.pool().clone();
        // A raw key, as the diary's own is given.
        let key = Zeroizing::new(format!("x'{}'", key.hex().as_str()));
        to_the_end(async move {
            let merged = attached(&pool, &name, &key).await?;
            if merged.erased > 0 {
                // The merge stands whatever comes of this: what was erased is overwritten already, and
                // its room is given back with the next erasing at the latest.
                let _ = scrub(&pool).await;
            }
            Ok(merged)
        })
        .await
    }

    /// [`Diary::merge_from`] of a diary under this one's key: a backup, or a copy.
    pub async fn merge_copy(&self, path: &Path) -> Result<Merged, MergeError> {
        self.merge_from(path, &self.vault().key).await
    }
}

async fn attached(pool: &SqlitePool, name: &str, key: &str) -> Result<Merged, MergeError> {
    let mut connection = pool.acquire().await?;
    sqlx::query(ATTACH)
        .bind(name)
        .bind(key)
        .execute(&mut *connection)
        .await?;
    let merged = joined(&mut connection).await;
    let detached = sqlx::query(DETACH).execute(&mut *connection).await;
    let merged = merged?;
    detached?;
    Ok(merged)
}

/// In one transaction, which every early return takes back.
async fn joined(connection: &mut SqliteConnection) -> Result<Merged, MergeError> {
    if counted(connection, OTHER_IS_EMPTY).await? != 0 {
        return Err(MergeError::NotADiary);
    }
    let known = counted(connection, OUR_FORM).await?;
    let found = counted(connection, THEIR_FORM).await?;
    if found != known {
        return Err(MergeError::OtherForm { found, known });
    }
    sqlx::query(OVERWRITE).execute(&mut *connection).await?;
    transaction::begun(connection).await?;
    let merged = united(connection).await;
    transaction::ended(connection, merged).await
}

async fn united(connection: &mut SqliteConnection) -> Result<Merged, MergeError> {
    sqlx::query(TOMBSTONES).execute(&mut *connection).await?;
    let erased = counted(connection, COUNT_ERASED).await?;
    for statement in SWEEP {
        sqlx::query(*statement).execute(&mut *connection).await?;
    }
    // Those that are referred to before those that refer.
    Ok(Merged {
        courses: COURSES.join(connection).await?,
        course_corrections: COURSE_CORRECTIONS.join(connection).await?,
        sessions: SESSIONS.join(connection).await?,
        session_corrections: SESSION_CORRECTIONS.join(connection).await?,
        withdrawals: WITHDRAWALS.join(connection).await?,
        check_ins: CHECK_INS.join(connection).await?,
        check_in_corrections: CHECK_IN_CORRECTIONS.join(connection).await?,
        photos: PHOTOS.join(connection).await?,
        plans: PLANS.join(connection).await?,
        findings: FINDINGS.join(connection).await?,
        outcomes: OUTCOMES.join(connection).await?,
        follow_ups: FOLLOW_UPS.join(connection).await?,
        medicines: MEDICINES.join(connection).await?,
        medicine_corrections: MEDICINE_CORRECTIONS.join(connection).await?,
        medicine_withdrawals: MEDICINE_WITHDRAWALS.join(connection).await?,
        appointments: APPOINTMENTS.join(connection).await?,
        appointment_corrections: APPOINTMENT_CORRECTIONS.join(connection).await?,
        appointment_withdrawals: APPOINTMENT_WITHDRAWALS.join(connection).await?,
        deliveries: DELIVERIES.join(connection).await?,
        erased: u64::try_from(erased).unwrap_or_default(),
    })
}

impl Union {
    /// Takes over what is not here yet, sees that everything is here now, and says how much came.
    async fn join(&self, connection: &mut SqliteConnection) -> Result<u64, MergeError> {
        let came = sqlx::query(self.join)
            .execute(&mut *connection)
            .await?
            .rows_affected();
        if counted(connection, self.missing).await? != 0 {
            return Err(MergeError::Contradiction { table: self.table });
        }
        Ok(came)
    }
}

async fn counted(connection: &mut SqliteConnection, statement: &'static str) -> Result<i64, MergeError> {
    let row = sqlx::query(statement).fetch_one(connection).await?;
    Ok(row.try_get("counted")?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Those that name the other diary, which is not there when the rest are prepared.
    const OF_BOTH: &[&str] = &[OTHER_IS_EMPTY, THEIR_FORM, TOMBSTONES];

    const UNIONS: &[Union] = &[
        COURSES,
        COURSE_CORRECTIONS,
        SESSIONS,
        SESSION_CORRECTIONS,
        WITHDRAWALS,
        CHECK_INS,
        CHECK_IN_CORRECTIONS,
        PHOTOS,
        PLANS,
        FINDINGS,
        OUTCOMES,
        FOLLOW_UPS,
        MEDICINES,
        MEDICINE_CORRECTIONS,
        MEDICINE_WITHDRAWALS,
        APPOINTMENTS,
        APPOINTMENT_CORRECTIONS,
        APPOINTMENT_WITHDRAWALS,
        DELIVERIES,
    ];

    async fn opened(folder: &Path) -> Diary {
        let unattended = crate::Credential::Unattended(crate::NewKey::KeyFile);
        Diary::open(folder, unattended).await.unwrap().diary
    }

    #[tokio::test]
    async fn every_statement_fits_two_diaries() {
        use sqlx::Executor as _;
        let (ours, theirs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let other = opened(theirs.path()).await;
        let diary = opened(ours.path()).await;
        let mut connection = diary.pool().acquire().await.unwrap();
        sqlx::query(ATTACH)
            .bind(Diary::path(theirs.path()).to_str().unwrap())
            .bind(format!("x'{}'", other.vault().key.hex().as_str()))
            .execute(&mut *connection)
            .await
            .unwrap();
        let unions = UNIONS.iter().flat_map(|union| [union.join, union.missing]);
        for statement in OF_BOTH.iter().copied().chain(unions) {
            let prepared = (&mut *connection)
                .prepare(sqlx::SqlStr::from_static(statement))
                .await;
            assert!(prepared.is_ok(), "{statement}: {:?}", prepared.err());
        }
    }

    #[tokio::test]
    async fn a_diary_under_another_key_is_joined_by_that_key_alone() {
        let (ours, theirs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let course = crate::courses::Course {
            id: crate::courses::CourseId(uuid::Uuid::from_u128(1)),
            treatment: "Microneedling".to_owned(),
            planned_sessions: 3,
            interval_days: 42,
            started: "2026-11-20".parse().unwrap(),
            ended: None,
        };
        let other = opened(theirs.path()).await;
        other
            .keep_course(&course, &BTreeSet::new(), chrono::DateTime::UNIX_EPOCH)
            .await
            .unwrap();
        let diary = opened(ours.path()).await;
        let path = Diary::path(theirs.path());
        let refused = diary.merge_copy(&path).await.unwrap_err();
        assert!(matches!(refused, MergeError::WrongKey), "{refused:?}");
        let expected = Merged {
            courses: 1,
            ..Merged::default()
        };
        assert_eq!(
            diary.merge_from(&path, &other.vault().key).await.unwrap(),
            expected
        );
        assert_eq!(diary.courses().await.unwrap(), [course]);
    }

    /// A column that a later migration adds must not be forgotten here.
    #[tokio::test]
    async fn every_column_of_a_joined_table_is_joined() {
        let folder = tempfile::tempdir().unwrap();
        let diary = opened(folder.path()).await;
        for union in UNIONS {
            let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info (?1)")
                .bind(union.table)
                .fetch_all(diary.pool())
                .await
                .unwrap();
            assert!(!columns.is_empty(), "{}", union.table);
            for column in columns {
                let compared = format!("ours.{column} IS theirs.{column}");
                assert!(union.missing.contains(&compared), "{}.{column}", union.table);
            }
        }
    }
}
