-- States folded from streams that live for years, so that nobody has to begin at their first event. The events alone
-- are the truth: whatever is here can be deleted at any time. No step from one release to the next either: an older one does
-- not know it, and can still be gone back to.

CREATE TABLE IF NOT EXISTS snapshots (
    stream INTEGER NOT NULL REFERENCES streams (id),
    -- By which rules it was folded: what other rules made of the same events is of no use.
    rules TEXT NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (stream, rules)
) STRICT;
