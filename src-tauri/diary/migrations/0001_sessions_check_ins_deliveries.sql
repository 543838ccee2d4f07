-- Instants are milliseconds since 1970-01-01T00:00:00Z; ids are UUIDs in their hyphenated form;
-- sets and maps are JSON whose shape the crate's types give.

CREATE TABLE settings (
    id               INTEGER PRIMARY KEY CHECK (id = 1),
    locale           TEXT    NOT NULL CHECK (locale IN ('en', 'es')),
    quiet_from       TEXT    CHECK (quiet_from IS time(quiet_from)),
    quiet_until      TEXT    CHECK (quiet_until IS time(quiet_until)),
    discreet         INTEGER NOT NULL CHECK (discreet IN (0, 1)),
    clinic_name      TEXT    NOT NULL,
    clinic_phone     TEXT    NOT NULL,
    emergency_number TEXT    NOT NULL,
    CHECK ((quiet_from IS NULL) = (quiet_until IS NULL))
) STRICT;

CREATE TABLE session (
    id                TEXT    PRIMARY KEY,
    ended_at          INTEGER NOT NULL,
    zone_name         TEXT,
    zone_offset       INTEGER NOT NULL CHECK (zone_offset BETWEEN -93599 AND 93599),
    setting           TEXT    NOT NULL CHECK (setting IN ('clinic', 'home')),
    device            TEXT,
    depth_micrometres INTEGER CHECK (depth_micrometres BETWEEN 100 AND 3500),
    areas             TEXT    NOT NULL CHECK (json_type(areas) = 'array' AND json_array_length(areas) > 0),
    concerns          TEXT    NOT NULL CHECK (json_type(concerns) = 'array'),
    plan_id           TEXT    NOT NULL,
    plan_version      INTEGER NOT NULL CHECK (plan_version > 0),
    entered_at        INTEGER NOT NULL
) STRICT;

-- Entered by mistake: nothing follows from it any more, but what was entered is kept.
CREATE TABLE session_withdrawal (
    session TEXT    PRIMARY KEY REFERENCES session (id),
    at      INTEGER NOT NULL
) STRICT;

-- Revisions: a correction adds a row and keeps what was first entered.
CREATE TABLE check_in (
    id         TEXT    NOT NULL,
    revision   INTEGER NOT NULL CHECK (revision > 0),
    session    TEXT    NOT NULL REFERENCES session (id),
    at         INTEGER NOT NULL,
    local_date TEXT    NOT NULL CHECK (local_date IS date(local_date)),
    severities TEXT    NOT NULL CHECK (json_type(severities) = 'object'),
    signs      TEXT    CHECK (json_type(signs) = 'array'),
    note       TEXT    NOT NULL,
    entered_at INTEGER NOT NULL,
    PRIMARY KEY (id, revision)
) STRICT;

CREATE INDEX check_in_by_session ON check_in (session, at);

CREATE TRIGGER check_in_is_append_only BEFORE UPDATE ON check_in
BEGIN
    SELECT RAISE (ABORT, 'check-ins are append-only: add a revision');
END;

CREATE TABLE call_outcome (
    id       INTEGER PRIMARY KEY,
    check_in TEXT    NOT NULL,
    outcome  TEXT    NOT NULL CHECK (outcome IN ('reached_clinic', 'reached_other_care', 'called_emergency', 'entered_by_mistake')),
    at       INTEGER NOT NULL
) STRICT;

CREATE INDEX call_outcome_by_check_in ON call_outcome (check_in);

-- The ledger of what became of reminders, from the alarm host's journals: each line once.
CREATE TABLE delivery (
    journal TEXT    NOT NULL,
    seq     INTEGER NOT NULL CHECK (seq > 0),
    key     TEXT    NOT NULL,
    due_at  INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    state   TEXT    NOT NULL CHECK (state IN ('claimed', 'shown', 'missed', 'failed', 'opened')),
    digest  INTEGER NOT NULL CHECK (digest IN (0, 1)),
    reason  TEXT,
    PRIMARY KEY (journal, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_by_time ON delivery (at);
CREATE INDEX delivery_by_key ON delivery (key);

CREATE TRIGGER delivery_is_append_only BEFORE UPDATE ON delivery
BEGIN
    SELECT RAISE (ABORT, 'the delivery ledger is append-only');
END;
