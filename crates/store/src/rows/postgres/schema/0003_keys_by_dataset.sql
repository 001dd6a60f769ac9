-- Looking a dataset's key up must not read all keys: the unique index holds active ones only.
CREATE INDEX keys_by_dataset ON keys (dataset);
