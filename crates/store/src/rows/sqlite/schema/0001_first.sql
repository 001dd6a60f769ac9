-- One row per saved transaction: the log entry it belongs to, and the sealed list of what it changed.
CREATE TABLE commits (
    transaction_id TEXT NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL UNIQUE,
    changes BLOB NOT NULL
) STRICT;

-- Data keys, wrapped by the key-encryption key of the keystore; the key without a dataset seals the records.
CREATE TABLE keys (
    id TEXT NOT NULL PRIMARY KEY,
    dataset TEXT,
    state TEXT NOT NULL CHECK (state IN ('active', 'destroyed')),
    wrapped TEXT,
    created_by TEXT REFERENCES commits (transaction_id) DEFERRABLE INITIALLY DEFERRED,
    destroyed_by TEXT REFERENCES commits (transaction_id) DEFERRABLE INITIALLY DEFERRED,
    CHECK ((state = 'active') = (wrapped IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX keys_one_active_per_dataset ON keys (dataset) WHERE state = 'active';

-- Every revision of every record; the body is sealed under its noun, id and revision.
CREATE TABLE records (
    noun TEXT NOT NULL,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    sealed BLOB NOT NULL,
    saved_by TEXT NOT NULL REFERENCES commits (transaction_id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (noun, id, revision)
) STRICT;

-- Objects that stay: what is in the objects folder and not here is removed at the next start.
CREATE TABLE objects (
    digest TEXT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL REFERENCES keys (id),
    context TEXT NOT NULL,
    plain_len INTEGER NOT NULL,
    sealed_len INTEGER NOT NULL,
    segments BLOB NOT NULL,
    kept_by TEXT NOT NULL REFERENCES commits (transaction_id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
