CREATE TABLE commits (
    transaction_id TEXT NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL UNIQUE,
    changes BLOB NOT NULL
) STRICT;

CREATE TABLE keys (
    id TEXT NOT NULL PRIMARY KEY,
    dataset TEXT,
    state TEXT NOT NULL CHECK (state IN ('active', 'destroyed')),
    wrapped TEXT,
    created_by TEXT REFERENCES commits (transaction_id) DEFERRABLE INITIALLY DEFERRED,
    destroyed_by TEXT REFERENCES commits (transaction_id) DEFERRABLE INITIALLY DEFERRED, class TEXT
    CHECK (class IN ('direct-id', 'quasi-id', 'clinical', 'free-text', 'footer')), version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0), stage TEXT NOT NULL DEFAULT 'active'
    CHECK (stage IN ('pre-active', 'active', 'suspended', 'deactivated', 'compromised', 'destroyed')), kek TEXT, fingerprint TEXT, since INTEGER, until INTEGER, changed_by TEXT REFERENCES commits (transaction_id) DEFERRABLE INITIALLY DEFERRED,
    CHECK ((state = 'active') = (wrapped IS NOT NULL))
) STRICT;

CREATE TABLE objects (
    digest TEXT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL REFERENCES keys (id),
    context TEXT NOT NULL,
    plain_len INTEGER NOT NULL,
    sealed_len INTEGER NOT NULL,
    segments BLOB NOT NULL,
    kept_by TEXT NOT NULL REFERENCES commits (transaction_id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE records (
    noun TEXT NOT NULL,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    sealed BLOB NOT NULL,
    saved_by TEXT NOT NULL REFERENCES commits (transaction_id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (noun, id, revision)
) STRICT;

CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY) STRICT;

CREATE INDEX keys_by_dataset ON keys (dataset);

CREATE UNIQUE INDEX keys_one_of_a_class_per_dataset ON keys (dataset, coalesce(class, ''))
    WHERE state = 'active';

