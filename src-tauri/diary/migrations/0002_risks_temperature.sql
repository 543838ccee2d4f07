-- What screening, the clinic and the thermometer said. A version that knows only 0001 does not open
-- the diary any more; what it wrote reads as "nothing said".

ALTER TABLE session ADD COLUMN risks TEXT NOT NULL DEFAULT '[]' CHECK (json_type(risks) = 'array');
ALTER TABLE session ADD COLUMN clinic_gave TEXT NOT NULL DEFAULT '[]' CHECK (json_type(clinic_gave) = 'array');
ALTER TABLE session ADD COLUMN adjuncts TEXT NOT NULL DEFAULT '[]' CHECK (json_type(adjuncts) = 'array');
ALTER TABLE session ADD COLUMN exposed INTEGER NOT NULL DEFAULT 0 CHECK (exposed IN (0, 1));

ALTER TABLE check_in ADD COLUMN temperature_tenths INTEGER CHECK (temperature_tenths BETWEEN 300 AND 450);
ALTER TABLE check_in ADD COLUMN areas TEXT NOT NULL DEFAULT '[]' CHECK (json_type(areas) = 'array');
