-- What was ticked off by mistake, and how the app looks. docs/diary.md draws and explains it. A version that knows
-- only 0005 does not open the diary any more; every row that it wrote is kept.

-- How the app looks. As everything in this table, the device's own.
ALTER TABLE settings ADD COLUMN theme TEXT NOT NULL DEFAULT 'system' CHECK (theme IN ('system', 'light', 'dark'));
ALTER TABLE settings ADD COLUMN text_percent INTEGER NOT NULL DEFAULT 100 CHECK (text_percent BETWEEN 100 AND 200);
-- Of the drawn skin, 1 the lightest; neutral where nothing was chosen.
ALTER TABLE settings ADD COLUMN skin_tone INTEGER CHECK (skin_tone BETWEEN 1 AND 6);

-- The ledger learns that something was not done after all. The old table steps aside.
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
        ('claimed', 'shown', 'missed', 'failed', 'opened', 'done', 'undone', 'skipped', 'snoozed', 'withdrawn')),
    digest  INTEGER NOT NULL CHECK (digest IN (0, 1)),
    reason  TEXT,
    until   INTEGER,
    PRIMARY KEY (journal, seq, key, at, state),
    CHECK ((state = 'snoozed') = (until IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_by_time ON delivery (at);
CREATE INDEX delivery_by_key ON delivery (key);

INSERT INTO delivery (journal, seq, key, due_at, at, state, digest, reason, until)
SELECT journal, seq, key, due_at, at, state, digest, reason, until FROM delivery_before;

DROP TABLE delivery_before;

-- Nothing that was entered is changed.
CREATE TRIGGER delivery_is_append_only BEFORE UPDATE ON delivery
BEGIN
    SELECT RAISE (ABORT, 'the delivery ledger is append-only');
END;

-- Only what `erased` names is removed, and what hangs on it.
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
