//! The delivery ledger: what became of reminders, copied once from the alarm host's journals.

use std::collections::{HashMap, HashSet};

use afterglow_care::schedule::OccurrenceKey;
use afterglow_care::session::SessionId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::transaction::Transaction;
use crate::values::{Reader, millis, name};
use crate::{Diary, DiaryError};

// A host's line is kept once, also when its key is spelled otherwise the second time.
const INSERT: &str = "INSERT INTO delivery (journal, seq, key, due_at, at, state, digest, reason, until) \
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 \
    WHERE NOT EXISTS (SELECT 1 FROM delivery WHERE journal = ?1 AND seq = ?2)";
const LAST: &str = "SELECT coalesce(max(seq), 0) AS last FROM delivery WHERE journal = ?1";
// The app's own lines: a journal of this device, whose name no host's has.
const TICK: &str = "INSERT INTO delivery (journal, seq, key, due_at, at, state, digest) \
    SELECT 'app/' || replica, 1 + (SELECT coalesce(max(seq), 0) FROM delivery WHERE journal = 'app/' || replica), \
    ?1, ?2, ?3, ?4, 0 FROM replica";
const TICKED: &str = "SELECT key, state FROM delivery INDEXED BY delivery_by_time \
    WHERE at >= ?1 AND state IN ('done', 'undone') ORDER BY at, journal, seq";
// A session's keys are its id, a slash and more ('0' follows '/'): a range of the index, which holds the state too. A
// snooze's end stands in the table alone, so the few snoozes are found first.
// What was missed at a time that has not come yet was so by a clock that was ahead.
// What was shown before the end of a snooze is not yet what the patient waits for.
// A host withdraws what was ticked off in the app: taking that back takes back the withdrawal too. It waits no longer
// then for the end of an earlier snooze, and the host shows it at once.
// In one row, one key a line: a row of its own for each of hundreds would cost more than finding them.
const BECAME: &str = "WITH found AS MATERIALIZED (SELECT journal, seq, key, at, state \
    FROM delivery INDEXED BY delivery_by_key WHERE key >= ?1 || '/' AND key < ?1 || '0' AND state = 'snoozed'), \
    snoozed AS MATERIALIZED (SELECT line.key, line.at, line.until FROM found CROSS JOIN delivery AS line \
    USING (journal, seq, key, at, state)), \
    undone AS MATERIALIZED (SELECT key, max(at) AS at FROM delivery INDEXED BY delivery_by_key \
    WHERE key >= ?1 || '/' AND key < ?1 || '0' AND state = 'undone' GROUP BY key), \
    settled AS (SELECT key FROM delivery INDEXED BY delivery_by_key \
    WHERE key >= ?1 || '/' AND key < ?1 || '0' AND (state IN ('done', 'skipped', 'withdrawn') \
    OR (state = 'missed' AND at <= ?3) OR (state IN ('shown', 'opened') AND journal IS NOT ?2)) \
    EXCEPT SELECT key FROM undone WHERE NOT EXISTS \
    (SELECT 1 FROM delivery AS line INDEXED BY delivery_by_key WHERE line.key = undone.key \
    AND (line.state = 'skipped' OR (line.state = 'withdrawn' AND NOT EXISTS (SELECT 1 FROM delivery AS tick \
    INDEXED BY delivery_by_key WHERE tick.key = line.key AND tick.state = 'done' AND tick.journal LIKE 'app/%' \
    AND tick.at <= line.at AND line.at <= undone.at)) \
    OR (line.state = 'missed' AND line.at <= ?3) OR (line.state = 'done' AND (line.journal NOT LIKE 'app/%' OR line.at > undone.at)) \
    OR (line.state IN ('shown', 'opened') AND line.journal IS NOT ?2))) \
    EXCEPT SELECT key FROM snoozed WHERE NOT EXISTS \
    (SELECT 1 FROM delivery AS line INDEXED BY delivery_by_key WHERE line.key = snoozed.key \
    AND (line.state IN ('done', 'skipped', 'withdrawn') OR (line.state = 'missed' AND line.at <= ?3) OR (line.state IN ('shown', 'opened') \
    AND line.journal IS NOT ?2 AND line.at >= snoozed.until)))), \
    put_off AS (SELECT key, max(until) AS until FROM snoozed WHERE until > ?3 AND NOT EXISTS \
    (SELECT 1 FROM delivery AS line INDEXED BY delivery_by_key WHERE line.key = snoozed.key \
    AND line.state IN ('done', 'undone') AND line.at >= snoozed.at) GROUP BY key) \
    SELECT coalesce((SELECT group_concat(key, char(10)) FROM settled), '') AS settled, \
    coalesce((SELECT group_concat(until || ' ' || key, char(10)) FROM put_off), '') AS put_off";
// A line that tells what became of its reminder by ?2: not one that a clock wrote that was ahead, nor a tick that was
// taken back or the withdrawal that it caused.
macro_rules! tells {
    ($line:literal) => {
        concat!(
            $line,
            ".at <= ?2 AND ",
            $line,
            ".state NOT IN ('claimed', 'undone') AND NOT (((",
            $line,
            ".state = 'done' AND ",
            $line,
            ".journal LIKE 'app/%') OR (",
            $line,
            ".state = 'withdrawn' AND EXISTS (SELECT 1 FROM delivery AS tick INDEXED BY delivery_by_key \
            WHERE tick.key = ",
            $line,
            ".key AND tick.state = 'done' AND tick.journal LIKE 'app/%' \
            AND tick.at <= ",
            $line,
            ".at))) AND EXISTS (SELECT 1 FROM delivery AS undone INDEXED BY delivery_by_key \
            WHERE undone.key = ",
            $line,
            ".key AND undone.state = 'undone' AND ",
            $line,
            ".at <= undone.at))"
        )
    };
}
// Backwards along the index, whose entries end in the primary key: only as many lines as are asked for are read.
const RECENT: &str = concat!(
    "SELECT * FROM delivery AS line INDEXED BY delivery_by_time WHERE ",
    tells!("line"),
    " AND NOT EXISTS (SELECT 1 FROM delivery AS later INDEXED BY delivery_by_key WHERE later.key = line.key AND ",
    tells!("later"),
    " AND (later.at, later.journal, later.seq) > (line.at, line.journal, line.seq)) \
    ORDER BY at DESC, journal DESC, seq DESC LIMIT ?1"
);

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, TICK, TICKED, LAST, BECAME, RECENT];

/// What became of reminders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Became {
    /// Those that need no alarm any more: shown, opened, done, skipped, withdrawn or missed, and neither put off beyond
    /// that nor, where they were ticked off in the app, taken back. What a clock that was ahead took for missed still
    /// needs one.
    pub settled: HashSet<OccurrenceKey>,
    /// Those that were put off beyond now and not ticked off since, with when they ring again.
    pub put_off: HashMap<OccurrenceKey, DateTime<Utc>>,
}

/// One line of a host's journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The journal that it stands in.
    pub journal: String,
    /// Its place there, from 1.
    pub seq: u64,
    /// The occurrence.
    pub key: OccurrenceKey,
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// When this became of it.
    pub at: DateTime<Utc>,
    /// What became of it.
    pub state: DeliveryState,
    /// Shown folded with others into one.
    pub digest: bool,
    /// Why it failed.
    pub reason: Option<String>,
    /// When it rings again; of [`DeliveryState::Snoozed`] always, of others never.
    pub until: Option<DateTime<Utc>>,
}

/// What became of a reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// About to be shown.
    Claimed,
    /// The desktop showed it.
    Shown,
    /// Its time was over before it could be shown.
    Missed,
    /// The desktop did not take it.
    Failed,
    /// The patient clicked it.
    Opened,
    /// The patient did what it reminded of.
    Done,
    /// What the patient ticked off in the app was not done after all.
    Undone,
    /// The patient will not do it.
    Skipped,
    /// The patient put it off; it rings once more.
    Snoozed,
    /// It had been shown, and was taken back because nothing asked for it any more.
    Withdrawn,
}

impl Diary {
    /// Keeps lines of a journal, each once however often it is handed over, and none of an erased
    /// session's; durable on return.
    pub async fn add_deliveries(&self, deliveries: &[Delivery]) -> Result<(), DiaryError> {
        let mut transaction = Transaction::begin(self.pool()).await?;
        for delivery in deliveries {
            sqlx::query(INSERT)
                .bind(&delivery.journal)
                .bind(i64::try_from(delivery.seq).unwrap_or(i64::MAX))
                .bind(&delivery.key.0)
                .bind(millis(delivery.due_at))
                .bind(millis(delivery.at))
                .bind(name(&delivery.state))
                .bind(delivery.digest)
                .bind(&delivery.reason)
                .bind(delivery.until.map(millis))
                .execute(transaction.on()?)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Keeps that the patient ticked something off in the app, or took that back; durable on return.
    ///
    /// What is ticked off needs no reminder any more. Taken back it needs one again, unless a host has shown one or
    /// was told that it is done.
    pub async fn tick(
        &self,
        key: &OccurrenceKey,
        due_at: DateTime<Utc>,
        done: bool,
        now: DateTime<Utc>,
    ) -> Result<(), DiaryError> {
        let state = if done {
            DeliveryState::Done
        } else {
            DeliveryState::Undone
        };
        sqlx::query(TICK)
            .bind(&key.0)
            .bind(millis(due_at))
            .bind(millis(now))
            .bind(name(&state))
            .execute(self.pool())
            .await?;
        Ok(())
    }

    /// What was done from an instant on and not taken back since, in the app or on a notification.
    pub async fn ticked_since(&self, from: DateTime<Utc>) -> Result<HashSet<OccurrenceKey>, DiaryError> {
        let rows = sqlx::query(TICKED)
            .bind(millis(from))
            .fetch_all(self.pool())
            .await?;
        let mut ticked = HashSet::new();
        for row in &rows {
            let row = Reader {
                table: "delivery",
                row,
            };
            let key = OccurrenceKey(row.text("key")?);
            match row.named("state")? {
                DeliveryState::Undone => ticked.remove(&key),
                _ => ticked.insert(key),
            };
        }
        Ok(ticked)
    }

    /// The last line of a journal that the ledger has; 0 when none.
    pub async fn last_delivery(&self, journal: &str) -> Result<u64, DiaryError> {
        let row = sqlx::query(LAST).bind(journal).fetch_one(self.pool()).await?;
        let last = (Reader {
            table: "delivery",
            row: &row,
        })
        .integer("last")?;
        Ok(u64::try_from(last).unwrap_or(0))
    }

    /// What became of the reminders of these sessions (or booked ones) by `now`. `host` is the journal of the host
    /// that asks, if it is one: what that host only showed, or what was opened there, stays in its list. It knows that,
    /// repeats what is to be repeated, and takes from the screen what its list no longer has. What this costs depends
    /// on these sessions alone, not on how old the diary is.
    pub async fn became(
        &self,
        sessions: &[SessionId],
        host: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Became, DiaryError> {
        let mut became = Became::default();
        for session in sessions {
            let row = sqlx::query(BECAME)
                .bind(session.to_string())
                .bind(host)
                .bind(millis(now))
                .fetch_one(self.pool())
                .await?;
            let row = Reader {
                table: "delivery",
                row: &row,
            };
            became.settled.extend(keys(&row.text("settled")?));
            for line in row.text("put_off")?.lines() {
                let (until, key) = line.split_once(' ').ok_or_else(|| row.unreadable("put_off"))?;
                let until = until.parse().ok().and_then(DateTime::from_timestamp_millis);
                let until = until.ok_or_else(|| row.unreadable("put_off"))?;
                became.put_off.insert(OccurrenceKey(key.to_owned()), until);
            }
        }
        Ok(became)
    }

    /// What became of the newest reminders by `now`, one line each, newest first.
    pub async fn recent_deliveries(
        &self,
        most: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<Delivery>, DiaryError> {
        let rows = sqlx::query(RECENT)
            .bind(i64::from(most))
            .bind(millis(now))
            .fetch_all(self.pool())
            .await?;
        rows.iter()
            .map(|row| {
                read(Reader {
                    table: "delivery",
                    row,
                })
            })
            .collect()
    }
}

fn keys(lines: &str) -> impl Iterator<Item = OccurrenceKey> {
    lines.lines().map(|key| OccurrenceKey(key.to_owned()))
}

fn read(row: Reader<'_>) -> Result<Delivery, DiaryError> {
    Ok(Delivery {
        journal: row.text("journal")?,
        seq: u64::try_from(row.integer("seq")?).map_err(|_| row.unreadable("seq"))?,
        key: OccurrenceKey(row.text("key")?),
        due_at: row.instant("due_at")?,
        at: row.instant("at")?,
        state: row.named("state")?,
        digest: row.integer("digest")? != 0,
        reason: row.optional_text("reason")?,
        until: row.optional_instant("until")?,
    })
}
