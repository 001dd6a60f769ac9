-- One row per saved transaction: the log entry it belongs to, and the sealed list of what it changed.
CREATE TABLE commits (
    transaction_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL UNIQUE,
    changes BYTEA NOT NULL
);

-- Data keys, wrapped by the key-encryption key of the keystore; the key without a dataset seals the records.
CREATE TABLE keys (
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    dataset TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('active', 'destroyed')),
    wrapped TEXT,
    created_by TEXT COLLATE "C" REFERENCES commits (transaction_id) DEFERRABLE INITIALLY DEFERRED,
    destroyed_by TEXT COLLATE "C" REFERENCES commits (transaction_id) DEFERRABLE INITIALLY DEFERRED,
    CHECK ((state = 'active') = (wrapped IS NOT NULL))
);

CREATE UNIQUE INDEX keys_one_active_per_dataset ON keys (dataset) WHERE state = 'active';

-- Every revision of every record; the body is sealed under its noun, id and revision.
CREATE TABLE records (
    noun TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL CHECK (revision > 0),
    sealed BYTEA NOT NULL,
    saved_by TEXT COLLATE "C" NOT NULL REFERENCES commits (transaction_id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (noun, id, revision)
);

-- Objects that stay: what is in the object store and not here is an orphan.
CREATE TABLE objects (
    digest TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    key TEXT COLLATE "C" NOT NULL REFERENCES keys (id),
    context TEXT NOT NULL,
    plain_len BIGINT NOT NULL,
    sealed_len BIGINT NOT NULL,
    segments BYTEA NOT NULL,
    kept_by TEXT COLLATE "C" NOT NULL REFERENCES commits (transaction_id) DEFERRABLE INITIALLY DEFERRED
);
