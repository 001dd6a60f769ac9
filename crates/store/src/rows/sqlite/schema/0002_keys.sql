-- `state` says whether a key is there; `stage` is its state under NIST SP 800-57, with its dates in
-- milliseconds. A key with a class is wrapped under its dataset's data key, any other under the
-- key-encryption key `kek`. The fingerprint follows from the key and stays when it is wrapped anew.
ALTER TABLE keys ADD COLUMN class TEXT
    CHECK (class IN ('direct-id', 'quasi-id', 'clinical', 'free-text', 'footer'));
ALTER TABLE keys ADD COLUMN version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0);
ALTER TABLE keys ADD COLUMN stage TEXT NOT NULL DEFAULT 'active'
    CHECK (stage IN ('pre-active', 'active', 'suspended', 'deactivated', 'compromised', 'destroyed'));
ALTER TABLE keys ADD COLUMN kek TEXT;
ALTER TABLE keys ADD COLUMN fingerprint TEXT;
ALTER TABLE keys ADD COLUMN since INTEGER;
ALTER TABLE keys ADD COLUMN until INTEGER;
ALTER TABLE keys ADD COLUMN changed_by TEXT REFERENCES commits (transaction_id) DEFERRABLE INITIALLY DEFERRED;

UPDATE keys SET stage = state;

DROP INDEX keys_one_active_per_dataset;
CREATE UNIQUE INDEX keys_one_of_a_class_per_dataset ON keys (dataset, coalesce(class, ''))
    WHERE state = 'active';

-- Looking a dataset's key up must not read all keys: the index above holds active ones only.
CREATE INDEX keys_by_dataset ON keys (dataset);
