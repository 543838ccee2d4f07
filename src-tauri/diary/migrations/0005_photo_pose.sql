-- From where a photo shows the skin, so that the next one can be taken from the same place and compared. docs/diary.md
-- draws it. A version that knows only 0004 does not open the diary any more; every row that it wrote is kept.

-- The old table steps aside: the pose stands before the bytes, so that a list of photos does not read them.
DROP TRIGGER photo_is_append_only;
DROP TRIGGER photo_is_kept;
DROP TRIGGER photo_was_erased;
DROP TRIGGER photo_is_of_one_session;
DROP INDEX photo_by_session;
DROP INDEX photo_by_check_in;
ALTER TABLE photo RENAME TO photo_before;

CREATE TABLE photo (
    id         TEXT    PRIMARY KEY CHECK (length(id) = 36),
    session    TEXT    NOT NULL REFERENCES session (entry) ON DELETE CASCADE,
    check_in   TEXT    REFERENCES check_in (entry),
    taken_at   INTEGER NOT NULL,
    pose       TEXT    NOT NULL CHECK (pose IN ('front', 'left', 'right', 'other')),
    media_type TEXT    NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png', 'image/webp')),
    width      INTEGER NOT NULL CHECK (width BETWEEN 1 AND 2048),
    height     INTEGER NOT NULL CHECK (height BETWEEN 1 AND 2048),
    entered_at INTEGER NOT NULL,
    thumbnail  BLOB    NOT NULL CHECK (length(thumbnail) > 0),
    image      BLOB    NOT NULL CHECK (length(image) > 0)
) STRICT;

-- Of the photos before this nobody was asked.
INSERT INTO photo (id, session, check_in, taken_at, pose, media_type, width, height, entered_at, thumbnail, image)
SELECT id, session, check_in, taken_at, 'other', media_type, width, height, entered_at, thumbnail, image
FROM photo_before;

DROP TABLE photo_before;

CREATE INDEX photo_by_session ON photo (session, taken_at);
CREATE INDEX photo_by_check_in ON photo (check_in);

CREATE TRIGGER photo_is_append_only BEFORE UPDATE ON photo
BEGIN
    SELECT RAISE (ABORT, 'photos are append-only');
END;
CREATE TRIGGER photo_is_kept BEFORE DELETE ON photo
WHEN OLD.id NOT IN (SELECT id FROM erased) AND OLD.session NOT IN (SELECT id FROM erased)
BEGIN
    SELECT RAISE (ABORT, 'a photo is removed by erasing it or its session');
END;
CREATE TRIGGER photo_was_erased BEFORE INSERT ON photo
WHEN NEW.id IN (SELECT id FROM erased)
BEGIN
    SELECT RAISE (ABORT, 'this photo was erased');
END;
CREATE TRIGGER photo_is_of_one_session BEFORE INSERT ON photo
WHEN NEW.check_in IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM check_in WHERE entry = NEW.check_in AND session = NEW.session)
BEGIN
    SELECT RAISE (ABORT, 'a photo and its check-in are of the same session');
END;
