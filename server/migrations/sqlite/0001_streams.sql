-- Streams of events. Dense versions are a rule of the schema too: whatever writes here, a gap is refused.

CREATE TABLE venues (
    name TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- A stream's number is what its events are clustered by: a name in each row would double their size.
CREATE TABLE streams (
    id INTEGER PRIMARY KEY,
    venue TEXT NOT NULL REFERENCES venues (name),
    name TEXT NOT NULL UNIQUE
) STRICT;

-- A stream's version is that of its last event: it is written down nowhere else, so nothing can disagree.
CREATE TABLE events (
    stream INTEGER NOT NULL REFERENCES streams (id),
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (stream, version)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER events_are_dense BEFORE INSERT ON events
WHEN NEW.version <> (SELECT coalesce(max(version), 0) + 1 FROM events WHERE stream = NEW.stream)
BEGIN
    SELECT raise(ABORT, 'an event does not follow the last of its stream');
END;

-- What /readyz writes to learn whether writing is possible.
CREATE TABLE probe (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    filler BLOB NOT NULL
) STRICT;
