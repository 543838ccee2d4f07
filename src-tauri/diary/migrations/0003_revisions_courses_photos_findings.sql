-- The whole diary: courses, the clinic, photos, accepted plans, findings, corrections of everything
-- that is typed, and what joining two diaries and erasing need. docs/diary.md draws and explains it.
-- A version that knows only 0002 does not open the diary any more; every row that it wrote is kept.
--
-- What can be corrected (course, session, check_in) is append-only. A correction adds an entry under
-- the same id; the first entry's `entry` is that id. The entry that counts is the greatest by
-- (revision, entered_at, replica, entry), on every device the same one. Entries that were written
-- before devices had an id carry the nil UUID, so that copies of one old diary hold equal rows.

-- The device's own id. A diary that is copied to another device takes a new one there.
CREATE TABLE replica (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    replica TEXT    NOT NULL CHECK (length(replica) = 36)
) STRICT;

-- A random UUID, version 4.
INSERT INTO replica (id, replica)
SELECT 1, lower(substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-4' || substr(h, 14, 3) || '-' ||
    substr('89AB', 1 + (unicode(substr(h, 17, 1)) & 3), 1) || substr(h, 18, 3) || '-' || substr(h, 21, 12))
FROM (SELECT hex(randomblob(16)) AS h);

-- What was erased: never comes back from a backup, another device or a host's journal.
CREATE TABLE erased (
    id TEXT    PRIMARY KEY CHECK (length(id) = 36),
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER erased_only_becomes_earlier BEFORE UPDATE ON erased
WHEN NEW.id <> OLD.id OR NEW.at > OLD.at
BEGIN
    SELECT RAISE (ABORT, 'what was erased stays erased');
END;

CREATE TRIGGER erased_is_kept BEFORE DELETE ON erased
BEGIN
    SELECT RAISE (ABORT, 'what was erased stays erased');
END;

-- The clinic, out of the settings.
CREATE TABLE clinic (
    id                 INTEGER PRIMARY KEY CHECK (id = 1),
    name               TEXT    NOT NULL,
    phone              TEXT    NOT NULL,
    out_of_hours_phone TEXT    NOT NULL DEFAULT '',
    opening_hours      TEXT    NOT NULL DEFAULT ''
) STRICT;

INSERT INTO clinic (id, name, phone) SELECT 1, clinic_name, clinic_phone FROM settings;
ALTER TABLE settings DROP COLUMN clinic_name;
ALTER TABLE settings DROP COLUMN clinic_phone;

-- The old tables step aside; references between them follow.
DROP TRIGGER check_in_is_append_only;
DROP TRIGGER delivery_is_append_only;
DROP INDEX check_in_by_session;
DROP INDEX call_outcome_by_check_in;
DROP INDEX delivery_by_time;
DROP INDEX delivery_by_key;
ALTER TABLE session RENAME TO session_before;
ALTER TABLE session_withdrawal RENAME TO session_withdrawal_before;
ALTER TABLE check_in RENAME TO check_in_before;
ALTER TABLE call_outcome RENAME TO call_outcome_before;
ALTER TABLE delivery RENAME TO delivery_before;

-- The planned series of sessions.
CREATE TABLE course (
    entry            TEXT    PRIMARY KEY CHECK (length(entry) = 36),
    id               TEXT    NOT NULL REFERENCES course (entry),
    revision         INTEGER NOT NULL CHECK (revision > 0),
    replica          TEXT    NOT NULL CHECK (length(replica) = 36),
    treatment        TEXT    NOT NULL CHECK (trim(treatment) <> ''),
    planned_sessions INTEGER NOT NULL CHECK (planned_sessions BETWEEN 1 AND 100),
    interval_days    INTEGER NOT NULL CHECK (interval_days BETWEEN 1 AND 3650),
    started          TEXT    NOT NULL CHECK (started IS date(started)),
    entered_at       INTEGER NOT NULL,
    CHECK ((revision = 1) = (entry = id))
) STRICT;

CREATE INDEX course_by_id ON course (id);

-- One treatment, and the plan that it is pinned to.
CREATE TABLE session (
    entry             TEXT    PRIMARY KEY CHECK (length(entry) = 36),
    id                TEXT    NOT NULL REFERENCES session (entry) ON DELETE CASCADE,
    revision          INTEGER NOT NULL CHECK (revision > 0),
    replica           TEXT    NOT NULL CHECK (length(replica) = 36),
    course            TEXT    REFERENCES course (entry),
    ended_at          INTEGER NOT NULL,
    zone_name         TEXT,
    zone_offset       INTEGER NOT NULL CHECK (zone_offset BETWEEN -93599 AND 93599),
    setting           TEXT    NOT NULL CHECK (setting IN ('clinic', 'home')),
    device            TEXT,
    depth_micrometres INTEGER CHECK (depth_micrometres BETWEEN 100 AND 3500),
    areas             TEXT    NOT NULL CHECK (json_type(areas) = 'array' AND json_array_length(areas) > 0),
    concerns          TEXT    NOT NULL CHECK (json_type(concerns) = 'array'),
    risks             TEXT    NOT NULL CHECK (json_type(risks) = 'array'),
    clinic_gave       TEXT    NOT NULL CHECK (json_type(clinic_gave) = 'array'),
    adjuncts          TEXT    NOT NULL CHECK (json_type(adjuncts) = 'array'),
    exposed           INTEGER NOT NULL CHECK (exposed IN (0, 1)),
    plan_id           TEXT    NOT NULL,
    plan_version      INTEGER NOT NULL CHECK (plan_version > 0),
    entered_at        INTEGER NOT NULL,
    CHECK ((revision = 1) = (entry = id))
) STRICT;

CREATE INDEX session_by_id ON session (id);
CREATE INDEX session_by_course ON session (course);

-- Entered by mistake: nothing follows from it any more, but what was entered is kept.
CREATE TABLE session_withdrawal (
    session TEXT    NOT NULL REFERENCES session (entry) ON DELETE CASCADE,
    at      INTEGER NOT NULL,
    PRIMARY KEY (session, at)
) STRICT, WITHOUT ROWID;

-- What the patient recorded at one moment.
CREATE TABLE check_in (
    entry              TEXT    PRIMARY KEY CHECK (length(entry) = 36),
    id                 TEXT    NOT NULL REFERENCES check_in (entry) ON DELETE CASCADE,
    revision           INTEGER NOT NULL CHECK (revision > 0),
    replica            TEXT    NOT NULL CHECK (length(replica) = 36),
    session            TEXT    NOT NULL REFERENCES session (entry) ON DELETE CASCADE,
    at                 INTEGER NOT NULL,
    local_date         TEXT    NOT NULL CHECK (local_date IS date(local_date)),
    severities         TEXT    NOT NULL CHECK (json_type(severities) = 'object'),
    signs              TEXT    CHECK (json_type(signs) = 'array'),
    temperature_tenths INTEGER CHECK (temperature_tenths BETWEEN 300 AND 450),
    areas              TEXT    NOT NULL CHECK (json_type(areas) = 'array'),
    note               TEXT    NOT NULL,
    entered_at         INTEGER NOT NULL,
    CHECK ((revision = 1) = (entry = id))
) STRICT;

CREATE INDEX check_in_by_id ON check_in (id);
CREATE INDEX check_in_by_session ON check_in (session, at);

-- The bytes stand last, so that a list of photos does not read them.
CREATE TABLE photo (
    id         TEXT    PRIMARY KEY CHECK (length(id) = 36),
    session    TEXT    NOT NULL REFERENCES session (entry) ON DELETE CASCADE,
    check_in   TEXT    REFERENCES check_in (entry),
    taken_at   INTEGER NOT NULL,
    media_type TEXT    NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png', 'image/webp')),
    width      INTEGER NOT NULL CHECK (width BETWEEN 1 AND 2048),
    height     INTEGER NOT NULL CHECK (height BETWEEN 1 AND 2048),
    entered_at INTEGER NOT NULL,
    thumbnail  BLOB    NOT NULL CHECK (length(thumbnail) > 0),
    image      BLOB    NOT NULL CHECK (length(image) > 0)
) STRICT;

CREATE INDEX photo_by_session ON photo (session, taken_at);
CREATE INDEX photo_by_check_in ON photo (check_in);

-- A plan that the patient accepted, word for word, for the sessions that are pinned to it.
CREATE TABLE plan_accepted (
    entry        TEXT    PRIMARY KEY CHECK (length(entry) = 36),
    plan_id      TEXT    NOT NULL CHECK (trim(plan_id) <> ''),
    plan_version INTEGER NOT NULL CHECK (plan_version > 0),
    text         TEXT    NOT NULL CHECK (trim(text) <> ''),
    accepted_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX plan_accepted_by_plan ON plan_accepted (plan_id, plan_version);

-- What triage said when it was said. `check_in` is the entry that was judged.
CREATE TABLE finding (
    check_in  TEXT    NOT NULL REFERENCES check_in (entry) ON DELETE CASCADE,
    rule      TEXT    NOT NULL CHECK (rule <> ''),
    level     TEXT    NOT NULL CHECK (level IN ('watch', 'call_clinic', 'emergency')),
    raised_at INTEGER NOT NULL,
    PRIMARY KEY (check_in, rule, level, raised_at)
) STRICT, WITHOUT ROWID;

-- The calls, so that those that are open are found without reading everything that was ever said.
CREATE INDEX finding_of_call ON finding (check_in, level, raised_at) WHERE level IN ('call_clinic', 'emergency');

-- What was done about it. `check_in` is the entry that asked for it.
CREATE TABLE call_outcome (
    check_in TEXT    NOT NULL REFERENCES check_in (entry) ON DELETE CASCADE,
    at       INTEGER NOT NULL,
    outcome  TEXT    NOT NULL CHECK (outcome IN
        ('reached_clinic', 'reached_other_care', 'called_emergency', 'entered_by_mistake', 'dismissed')),
    reason   TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (check_in, at, outcome, reason),
    CHECK ((outcome = 'dismissed') = (trim(reason, char(9, 10, 13, 32)) <> ''))
) STRICT, WITHOUT ROWID;

CREATE INDEX call_outcome_by_time ON call_outcome (at);

-- The ledger of what became of reminders, from the alarm hosts' journals: each line once. A line's
-- contents are part of its key: a journal that was copied to a second host goes on in two ways.
CREATE TABLE delivery (
    journal TEXT    NOT NULL,
    seq     INTEGER NOT NULL CHECK (seq > 0),
    key     TEXT    NOT NULL,
    due_at  INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    state   TEXT    NOT NULL CHECK (state IN ('claimed', 'shown', 'missed', 'failed', 'opened')),
    digest  INTEGER NOT NULL CHECK (digest IN (0, 1)),
    reason  TEXT,
    PRIMARY KEY (journal, seq, key, at, state)
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_by_time ON delivery (at);
CREATE INDEX delivery_by_key ON delivery (key);

INSERT INTO session (entry, id, revision, replica, ended_at, zone_name, zone_offset, setting, device,
    depth_micrometres, areas, concerns, risks, clinic_gave, adjuncts, exposed, plan_id, plan_version, entered_at)
SELECT id, id, 1, '00000000-0000-0000-0000-000000000000', ended_at, zone_name, zone_offset, setting, device,
    depth_micrometres, areas, concerns, risks, clinic_gave, adjuncts, exposed, plan_id, plan_version, entered_at
FROM session_before;

INSERT INTO session_withdrawal (session, at) SELECT session, at FROM session_withdrawal_before;

-- The entry of a correction is made of its check-in's id and its revision, in every copy alike.
INSERT INTO check_in (entry, id, revision, replica, session, at, local_date, severities, signs,
    temperature_tenths, areas, note, entered_at)
SELECT CASE revision WHEN 1 THEN id ELSE printf('%08x', revision) || substr(id, 9) END, id, revision,
    '00000000-0000-0000-0000-000000000000', session, at, local_date, severities, signs,
    temperature_tenths, areas, note, entered_at
FROM check_in_before ORDER BY id, revision;

INSERT INTO call_outcome (check_in, at, outcome) SELECT DISTINCT check_in, at, outcome FROM call_outcome_before;

INSERT INTO delivery (journal, seq, key, due_at, at, state, digest, reason)
SELECT journal, seq, key, due_at, at, state, digest, reason FROM delivery_before;

-- Those that refer before those that are referred to.
DROP TABLE delivery_before;
DROP TABLE call_outcome_before;
DROP TABLE check_in_before;
DROP TABLE session_withdrawal_before;
DROP TABLE session_before;

-- The entries that count.
CREATE VIEW course_now AS SELECT * FROM course AS entered WHERE NOT EXISTS
    (SELECT 1 FROM course AS later WHERE later.id = entered.id AND
        (later.revision, later.entered_at, later.replica, later.entry) >
        (entered.revision, entered.entered_at, entered.replica, entered.entry));

CREATE VIEW session_now AS SELECT * FROM session AS entered WHERE NOT EXISTS
    (SELECT 1 FROM session AS later WHERE later.id = entered.id AND
        (later.revision, later.entered_at, later.replica, later.entry) >
        (entered.revision, entered.entered_at, entered.replica, entered.entry));

CREATE VIEW check_in_now AS SELECT * FROM check_in AS entered WHERE NOT EXISTS
    (SELECT 1 FROM check_in AS later WHERE later.id = entered.id AND
        (later.revision, later.entered_at, later.replica, later.entry) >
        (entered.revision, entered.entered_at, entered.replica, entered.entry));

-- Nothing that was entered is changed.
CREATE TRIGGER course_is_append_only BEFORE UPDATE ON course
BEGIN
    SELECT RAISE (ABORT, 'courses are append-only: add a revision');
END;
CREATE TRIGGER session_is_append_only BEFORE UPDATE ON session
BEGIN
    SELECT RAISE (ABORT, 'sessions are append-only: add a revision');
END;
CREATE TRIGGER session_withdrawal_is_append_only BEFORE UPDATE ON session_withdrawal
BEGIN
    SELECT RAISE (ABORT, 'withdrawals are append-only');
END;
CREATE TRIGGER check_in_is_append_only BEFORE UPDATE ON check_in
BEGIN
    SELECT RAISE (ABORT, 'check-ins are append-only: add a revision');
END;
CREATE TRIGGER photo_is_append_only BEFORE UPDATE ON photo
BEGIN
    SELECT RAISE (ABORT, 'photos are append-only');
END;
CREATE TRIGGER plan_accepted_is_append_only BEFORE UPDATE ON plan_accepted
BEGIN
    SELECT RAISE (ABORT, 'accepted plans are append-only');
END;
CREATE TRIGGER finding_is_append_only BEFORE UPDATE ON finding
BEGIN
    SELECT RAISE (ABORT, 'findings are append-only');
END;
CREATE TRIGGER call_outcome_is_append_only BEFORE UPDATE ON call_outcome
BEGIN
    SELECT RAISE (ABORT, 'what was done is append-only');
END;
CREATE TRIGGER delivery_is_append_only BEFORE UPDATE ON delivery
BEGIN
    SELECT RAISE (ABORT, 'the delivery ledger is append-only');
END;

-- Only what `erased` names is removed, and what hangs on it.
CREATE TRIGGER course_is_kept BEFORE DELETE ON course
BEGIN
    SELECT RAISE (ABORT, 'courses are kept');
END;
CREATE TRIGGER session_is_kept BEFORE DELETE ON session
WHEN OLD.id NOT IN (SELECT id FROM erased)
BEGIN
    SELECT RAISE (ABORT, 'a session is removed by erasing it');
END;
CREATE TRIGGER session_withdrawal_is_kept BEFORE DELETE ON session_withdrawal
WHEN OLD.session IN (SELECT entry FROM session)
BEGIN
    SELECT RAISE (ABORT, 'a withdrawal goes with its session only');
END;
CREATE TRIGGER check_in_is_kept BEFORE DELETE ON check_in
WHEN OLD.session NOT IN (SELECT id FROM erased)
BEGIN
    SELECT RAISE (ABORT, 'a check-in goes with its session only');
END;
CREATE TRIGGER photo_is_kept BEFORE DELETE ON photo
WHEN OLD.id NOT IN (SELECT id FROM erased) AND OLD.session NOT IN (SELECT id FROM erased)
BEGIN
    SELECT RAISE (ABORT, 'a photo is removed by erasing it or its session');
END;
CREATE TRIGGER plan_accepted_is_kept BEFORE DELETE ON plan_accepted
BEGIN
    SELECT RAISE (ABORT, 'accepted plans are kept');
END;
CREATE TRIGGER finding_is_kept BEFORE DELETE ON finding
WHEN OLD.check_in IN (SELECT entry FROM check_in)
BEGIN
    SELECT RAISE (ABORT, 'a finding goes with its check-in only');
END;
CREATE TRIGGER call_outcome_is_kept BEFORE DELETE ON call_outcome
WHEN OLD.check_in IN (SELECT entry FROM check_in)
BEGIN
    SELECT RAISE (ABORT, 'what was done goes with its check-in only');
END;
CREATE TRIGGER delivery_is_kept BEFORE DELETE ON delivery
WHEN substr(OLD.key, 1, 36) NOT IN (SELECT id FROM erased)
BEGIN
    SELECT RAISE (ABORT, 'a line of the ledger goes with its session only');
END;

-- What was erased does not come back; a journal that still has its lines is not refused for them.
CREATE TRIGGER session_was_erased BEFORE INSERT ON session
WHEN NEW.id IN (SELECT id FROM erased)
BEGIN
    SELECT RAISE (ABORT, 'this session was erased');
END;
CREATE TRIGGER photo_was_erased BEFORE INSERT ON photo
WHEN NEW.id IN (SELECT id FROM erased)
BEGIN
    SELECT RAISE (ABORT, 'this photo was erased');
END;
CREATE TRIGGER delivery_was_erased BEFORE INSERT ON delivery
WHEN substr(NEW.key, 1, 36) IN (SELECT id FROM erased)
BEGIN
    SELECT RAISE (IGNORE);
END;

-- What a correction cannot change.
CREATE TRIGGER session_keeps_its_plan BEFORE INSERT ON session
WHEN NEW.revision > 1 AND NOT EXISTS (SELECT 1 FROM session WHERE id = NEW.id
    AND plan_id = NEW.plan_id AND plan_version = NEW.plan_version)
BEGIN
    SELECT RAISE (ABORT, 'a session stays pinned to its plan');
END;
CREATE TRIGGER check_in_keeps_its_session BEFORE INSERT ON check_in
WHEN NEW.revision > 1 AND NOT EXISTS (SELECT 1 FROM check_in WHERE id = NEW.id AND session = NEW.session)
BEGIN
    SELECT RAISE (ABORT, 'a check-in stays with its session');
END;
CREATE TRIGGER photo_is_of_one_session BEFORE INSERT ON photo
WHEN NEW.check_in IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM check_in WHERE entry = NEW.check_in AND session = NEW.session)
BEGIN
    SELECT RAISE (ABORT, 'a photo and its check-in are of the same session');
END;
