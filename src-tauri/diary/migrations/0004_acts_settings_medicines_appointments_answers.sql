-- What the patient does about reminders, chooses about them and enters for them; what came of calls.
-- docs/diary.md draws and explains it. A version that knows only 0003 does not open the diary any
-- more; every row that it wrote is kept.

-- What the patient chose about reminders beyond what `settings` has. The device's own.
CREATE TABLE reminder_settings (
    id                INTEGER PRIMARY KEY CHECK (id = 1),
    sound             INTEGER NOT NULL CHECK (sound IN (0, 1)),
    repeat_until_done INTEGER NOT NULL CHECK (repeat_until_done IN (0, 1)),
    morning           TEXT    CHECK (morning IS time(morning) AND morning < '24'),
    evening           TEXT    CHECK (evening IS time(evening) AND evening < '24'),
    switched_off      TEXT    NOT NULL CHECK (json_type(switched_off) = 'array')
) STRICT;

-- What the clinic prescribed, and when the patient takes it: wall-clock times of each day.
CREATE TABLE medicine (
    entry      TEXT    PRIMARY KEY CHECK (length(entry) = 36),
    id         TEXT    NOT NULL REFERENCES medicine (entry),
    revision   INTEGER NOT NULL CHECK (revision > 0),
    replica    TEXT    NOT NULL CHECK (length(replica) = 36),
    name       TEXT    NOT NULL CHECK (trim(name, char(9, 10, 13, 32)) <> ''),
    first_day  TEXT    NOT NULL CHECK (first_day IS date(first_day)),
    last_day   TEXT    CHECK (last_day IS date(last_day)),
    times      TEXT    NOT NULL CHECK (json_type(times) = 'array'),
    entered_at INTEGER NOT NULL,
    CHECK ((revision = 1) = (entry = id)),
    CHECK (last_day IS NULL OR last_day >= first_day)
) STRICT;

CREATE INDEX medicine_by_id ON medicine (id);

-- Not taken any more, or entered by mistake: nothing follows from it, but what was entered is kept.
CREATE TABLE medicine_withdrawal (
    medicine TEXT    NOT NULL REFERENCES medicine (entry),
    at       INTEGER NOT NULL,
    PRIMARY KEY (medicine, at)
) STRICT, WITHOUT ROWID;

-- A booked appointment: what the wall clock shows there, and the zone of the place.
CREATE TABLE appointment (
    entry       TEXT    PRIMARY KEY CHECK (length(entry) = 36),
    id          TEXT    NOT NULL REFERENCES appointment (entry),
    revision    INTEGER NOT NULL CHECK (revision > 0),
    replica     TEXT    NOT NULL CHECK (length(replica) = 36),
    local_at    TEXT    NOT NULL CHECK (local_at IS datetime(local_at) AND substr(local_at, 12) < '24'),
    zone_name   TEXT,
    zone_offset INTEGER NOT NULL CHECK (zone_offset BETWEEN -93599 AND 93599),
    note        TEXT    NOT NULL,
    entered_at  INTEGER NOT NULL,
    CHECK ((revision = 1) = (entry = id))
) STRICT;

CREATE INDEX appointment_by_id ON appointment (id);

-- Cancelled, or entered by mistake: nothing follows from it, but what was entered is kept.
CREATE TABLE appointment_withdrawal (
    appointment TEXT    NOT NULL REFERENCES appointment (entry),
    at          INTEGER NOT NULL,
    PRIMARY KEY (appointment, at)
) STRICT, WITHOUT ROWID;

-- What came of a call when it was asked about later. `check_in` is the entry that asked for the call.
CREATE TABLE follow_up_answer (
    check_in TEXT    NOT NULL REFERENCES check_in (entry) ON DELETE CASCADE,
    at       INTEGER NOT NULL,
    reached  INTEGER NOT NULL CHECK (reached IN (0, 1)),
    note     TEXT    NOT NULL,
    PRIMARY KEY (check_in, at, reached, note)
) STRICT, WITHOUT ROWID;

CREATE INDEX follow_up_answer_by_time ON follow_up_answer (at);

-- The ledger learns what the patient did about reminders. The old table steps aside.
DROP TRIGGER delivery_is_append_only;
DROP TRIGGER delivery_is_kept;
DROP TRIGGER delivery_was_erased;
DROP INDEX delivery_by_time;
DROP INDEX delivery_by_key;
ALTER TABLE delivery RENAME TO delivery_before;

CREATE TABLE delivery (
    journal TEXT    NOT NULL,
    seq     INTEGER NOT NULL CHECK (seq > 0),
    key     TEXT    NOT NULL,
    due_at  INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    state   TEXT    NOT NULL CHECK (state IN
        ('claimed', 'shown', 'missed', 'failed', 'opened', 'done', 'skipped', 'snoozed', 'withdrawn')),
    digest  INTEGER NOT NULL CHECK (digest IN (0, 1)),
    reason  TEXT,
    until   INTEGER,
    PRIMARY KEY (journal, seq, key, at, state),
    CHECK ((state = 'snoozed') = (until IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_by_time ON delivery (at);
CREATE INDEX delivery_by_key ON delivery (key);

INSERT INTO delivery (journal, seq, key, due_at, at, state, digest, reason)
SELECT journal, seq, key, due_at, at, state, digest, reason FROM delivery_before;

DROP TABLE delivery_before;

-- The entries that count.
CREATE VIEW medicine_now AS SELECT * FROM medicine AS entered WHERE NOT EXISTS
    (SELECT 1 FROM medicine AS later WHERE later.id = entered.id AND
        (later.revision, later.entered_at, later.replica, later.entry) >
        (entered.revision, entered.entered_at, entered.replica, entered.entry));

CREATE VIEW appointment_now AS SELECT * FROM appointment AS entered WHERE NOT EXISTS
    (SELECT 1 FROM appointment AS later WHERE later.id = entered.id AND
        (later.revision, later.entered_at, later.replica, later.entry) >
        (entered.revision, entered.entered_at, entered.replica, entered.entry));

-- Nothing that was entered is changed.
CREATE TRIGGER medicine_is_append_only BEFORE UPDATE ON medicine
BEGIN
    SELECT RAISE (ABORT, 'medicines are append-only: add a revision');
END;
CREATE TRIGGER medicine_withdrawal_is_append_only BEFORE UPDATE ON medicine_withdrawal
BEGIN
    SELECT RAISE (ABORT, 'withdrawals are append-only');
END;
CREATE TRIGGER appointment_is_append_only BEFORE UPDATE ON appointment
BEGIN
    SELECT RAISE (ABORT, 'appointments are append-only: add a revision');
END;
CREATE TRIGGER appointment_withdrawal_is_append_only BEFORE UPDATE ON appointment_withdrawal
BEGIN
    SELECT RAISE (ABORT, 'withdrawals are append-only');
END;
CREATE TRIGGER follow_up_answer_is_append_only BEFORE UPDATE ON follow_up_answer
BEGIN
    SELECT RAISE (ABORT, 'answers are append-only');
END;
CREATE TRIGGER delivery_is_append_only BEFORE UPDATE ON delivery
BEGIN
    SELECT RAISE (ABORT, 'the delivery ledger is append-only');
END;

-- Only what `erased` names is removed, and what hangs on it.
CREATE TRIGGER medicine_is_kept BEFORE DELETE ON medicine
BEGIN
    SELECT RAISE (ABORT, 'medicines are kept: withdraw it');
END;
CREATE TRIGGER medicine_withdrawal_is_kept BEFORE DELETE ON medicine_withdrawal
BEGIN
    SELECT RAISE (ABORT, 'withdrawals of medicines are kept');
END;
CREATE TRIGGER appointment_is_kept BEFORE DELETE ON appointment
BEGIN
    SELECT RAISE (ABORT, 'appointments are kept: withdraw it');
END;
CREATE TRIGGER appointment_withdrawal_is_kept BEFORE DELETE ON appointment_withdrawal
BEGIN
    SELECT RAISE (ABORT, 'withdrawals of appointments are kept');
END;
CREATE TRIGGER follow_up_answer_is_kept BEFORE DELETE ON follow_up_answer
WHEN OLD.check_in IN (SELECT entry FROM check_in)
BEGIN
    SELECT RAISE (ABORT, 'an answer goes with its check-in only');
END;
CREATE TRIGGER delivery_is_kept BEFORE DELETE ON delivery
WHEN substr(OLD.key, 1, 36) NOT IN (SELECT id FROM erased)
BEGIN
    SELECT RAISE (ABORT, 'a line of the ledger goes with its session only');
END;

-- A journal that still has the lines of what was erased is not refused for them.
CREATE TRIGGER delivery_was_erased BEFORE INSERT ON delivery
WHEN substr(NEW.key, 1, 36) IN (SELECT id FROM erased)
BEGIN
    SELECT RAISE (IGNORE);
END;
