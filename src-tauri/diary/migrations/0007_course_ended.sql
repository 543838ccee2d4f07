-- That a course ended before its last planned session. docs/diary.md draws and explains it. A version that knows only
-- 0006 does not open the diary any more; every row that it wrote is kept.

-- The day on which the patient said so; none while it goes on.
ALTER TABLE course ADD COLUMN ended TEXT CHECK (ended IS NULL OR ended IS date(ended));
