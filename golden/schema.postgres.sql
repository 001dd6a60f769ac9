commits.transaction_id text NOT NULL
commits.position bigint NOT NULL
commits.changes bytea NOT NULL
keys.number bigint NOT NULL IDENTITY
keys.id text NOT NULL
keys.dataset text
keys.state text NOT NULL
keys.wrapped text
keys.created_by text
keys.destroyed_by text
keys.class text
keys.version bigint NOT NULL
keys.stage text NOT NULL
keys.kek text
keys.fingerprint text
keys.since bigint
keys.until bigint
keys.changed_by text
objects.digest text NOT NULL
objects.key text NOT NULL
objects.context text NOT NULL
objects.plain_len bigint NOT NULL
objects.sealed_len bigint NOT NULL
objects.segments bytea NOT NULL
objects.kept_by text NOT NULL
records.noun text NOT NULL
records.id text NOT NULL
records.revision bigint NOT NULL
records.sealed bytea NOT NULL
records.saved_by text NOT NULL
schema_version.version bigint NOT NULL

commits PRIMARY KEY (transaction_id)
commits UNIQUE ("position")
keys FOREIGN KEY (changed_by) REFERENCES commits(transaction_id) DEFERRABLE INITIALLY DEFERRED
keys CHECK (((state = 'active'::text) = (wrapped IS NOT NULL)))
keys CHECK ((class = ANY (ARRAY['direct-id'::text, 'quasi-id'::text, 'clinical'::text, 'free-text'::text, 'footer'::text])))
keys FOREIGN KEY (created_by) REFERENCES commits(transaction_id) DEFERRABLE INITIALLY DEFERRED
keys FOREIGN KEY (destroyed_by) REFERENCES commits(transaction_id) DEFERRABLE INITIALLY DEFERRED
keys PRIMARY KEY (id)
keys CHECK ((stage = ANY (ARRAY['pre-active'::text, 'active'::text, 'suspended'::text, 'deactivated'::text, 'compromised'::text, 'destroyed'::text])))
keys CHECK ((state = ANY (ARRAY['active'::text, 'destroyed'::text])))
keys CHECK ((version > 0))
objects FOREIGN KEY (kept_by) REFERENCES commits(transaction_id) DEFERRABLE INITIALLY DEFERRED
objects FOREIGN KEY (key) REFERENCES keys(id)
objects PRIMARY KEY (digest)
records PRIMARY KEY (noun, id, revision)
records CHECK ((revision > 0))
records FOREIGN KEY (saved_by) REFERENCES commits(transaction_id) DEFERRABLE INITIALLY DEFERRED
schema_version PRIMARY KEY (version)

CREATE UNIQUE INDEX commits_pkey ON commits USING btree (transaction_id)
CREATE UNIQUE INDEX commits_position_key ON commits USING btree ("position")
CREATE INDEX keys_by_dataset ON keys USING btree (dataset)
CREATE UNIQUE INDEX keys_one_of_a_class_per_dataset ON keys USING btree (dataset, COALESCE(class, ''::text)) WHERE (state = 'active'::text)
CREATE UNIQUE INDEX keys_pkey ON keys USING btree (id)
CREATE UNIQUE INDEX objects_pkey ON objects USING btree (digest)
CREATE UNIQUE INDEX records_pkey ON records USING btree (noun, id, revision)
CREATE UNIQUE INDEX schema_version_pkey ON schema_version USING btree (version)

