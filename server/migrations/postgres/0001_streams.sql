-- Streams of events. Dense versions are a rule of the schema too: whatever writes here, a gap is refused.
--
-- Names compare by their bytes (COLLATE "C"): the same order everywhere, whatever a system's locale becomes.

CREATE TABLE venues (
    name TEXT COLLATE "C" PRIMARY KEY
);

-- A stream's number is what its events are found by: a name in each row would double their size.
CREATE TABLE streams (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    venue TEXT COLLATE "C" NOT NULL REFERENCES venues (name),
    name TEXT COLLATE "C" NOT NULL UNIQUE
);

-- A stream's version is that of its last event: it is written down nowhere else, so nothing can disagree.
-- The key is what two servers that append at once are told apart by.
CREATE TABLE events (
    stream BIGINT NOT NULL REFERENCES streams (id),
    version BIGINT NOT NULL CHECK (version > 0),
    body TEXT NOT NULL,
    PRIMARY KEY (stream, version)
);

-- Looks at each added event's predecessor, once a statement. (Scalar, so that it stays a look-up by key.)
CREATE FUNCTION events_are_dense() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added
        WHERE version > 1
            AND (SELECT TRUE FROM events WHERE stream = added.stream AND version = added.version - 1) IS NULL
    ) THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'an event does not follow the last of its stream';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER events_are_dense AFTER INSERT ON events
REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION events_are_dense();

-- What /readyz writes to learn whether writing is possible.
CREATE TABLE probe (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at TIMESTAMPTZ NOT NULL
);
