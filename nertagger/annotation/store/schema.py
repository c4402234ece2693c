"""The tables of a project, and the migrations from each version of them to the next."""

from __future__ import annotations

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

    CREATE TABLE texts (
        id INTEGER PRIMARY KEY,
        source TEXT NOT NULL,             -- the file it was read from
        number INTEGER NOT NULL,          -- its place among the records of that file
        start INTEGER NOT NULL,           -- where it begins in that file, in characters, if that is raw text
        digest TEXT NOT NULL,             -- SHA-256 of the characters
        opens INTEGER NOT NULL,           -- whether a document begins here
        text TEXT NOT NULL,
        meta TEXT NOT NULL,               -- the other fields of its record, as a JSON object
        UNIQUE (source, number, digest)
    );

    CREATE TABLE sentences (
        id INTEGER PRIMARY KEY,
        text_id INTEGER NOT NULL REFERENCES texts (id),
        number INTEGER NOT NULL,          -- its place in the text
        tokens TEXT NOT NULL,             -- [[start, end], ...] in characters of the text, as JSON
        random_key REAL NOT NULL UNIQUE,  -- the order of random draws
        UNIQUE (text_id, number)
    );

    -- The history: rows are only ever added.
    CREATE TABLE decisions (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sentence_id INTEGER NOT NULL REFERENCES sentences (id),
        annotator TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('answer', 'skip', 'undo')),
        entities TEXT NOT NULL,           -- [[label, first, stop], ...] in tokens, as JSON
        origin TEXT NOT NULL,             -- label, import, name, review
        drawn TEXT,                       -- the strategy that chose the sentence
        model_id INTEGER REFERENCES models (id),  -- whose proposals were shown
        seconds REAL,                     -- from showing the sentence to the answer
        before INTEGER REFERENCES decisions (id), -- the annotator's decision that this one replaced
        undoes INTEGER REFERENCES decisions (id),
        at TEXT NOT NULL
    );
    CREATE INDEX decisions_of_annotator ON decisions (annotator, id);
    CREATE UNIQUE INDEX undone ON decisions (undoes) WHERE undoes IS NOT NULL;

    -- The decision of each annotator that holds now.
    CREATE TABLE current (
        sentence_id INTEGER NOT NULL REFERENCES sentences (id),
        annotator TEXT NOT NULL,
        decision_id INTEGER NOT NULL REFERENCES decisions (id),
        PRIMARY KEY (sentence_id, annotator)
    ) WITHOUT ROWID;

    -- Where annotators decided differently, the last answer is the one that is exported and trained on.
    CREATE VIEW gold AS
        SELECT decisions.* FROM decisions JOIN (
            SELECT max(decision_id) AS id FROM current JOIN decisions ON decisions.id = decision_id
            WHERE kind = 'answer' GROUP BY current.sentence_id
        ) USING (id);

    CREATE TABLE names (
        id INTEGER PRIMARY KEY,
        text TEXT NOT NULL,
        label TEXT NOT NULL,
        annotator TEXT NOT NULL,
        at TEXT NOT NULL,
        UNIQUE (text, label)
    );

    CREATE TABLE models (
        id INTEGER PRIMARY KEY,
        file TEXT NOT NULL,               -- in the folder of the project, or elsewhere
        sentences INTEGER NOT NULL,       -- how many it was trained on
        seconds REAL NOT NULL,            -- how long that took
        at TEXT NOT NULL
    );

    CREATE TABLE predictions (
        sentence_id INTEGER PRIMARY KEY REFERENCES sentences (id),
        model_id INTEGER REFERENCES models (id),  -- none: read with the text
        entities TEXT NOT NULL,           -- [[label, first, stop, confidence], ...]
        best REAL, second REAL,           -- probabilities of the two best labellings
        least REAL,                       -- confidence of the least confident entity
        errors REAL,                      -- expected number of wrong tags
        vector BLOB                       -- float16, mean of the word vectors
    );

    CREATE TABLE trainings (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('running', 'done', 'stopped', 'failed')),
        pid INTEGER NOT NULL,
        decision_id INTEGER NOT NULL,     -- the last decision that it knew
        stage TEXT NOT NULL,              -- what it is doing
        done REAL NOT NULL,               -- fraction of the stage
        message TEXT NOT NULL,            -- why it failed
        began TEXT NOT NULL,
        ended TEXT
    );

    -- What a model that had not seen a decided sentence predicts for it.
    CREATE TABLE checks (
        sentence_id INTEGER PRIMARY KEY REFERENCES sentences (id),
        decision_id INTEGER NOT NULL REFERENCES decisions (id),
        entities TEXT NOT NULL,           -- [[label, first, stop, confidence], ...]
        doubt REAL NOT NULL               -- 0 for agreement, up to 1
    );

    -- The learning curve: F1 on the random draws.
    CREATE TABLE points (
        id INTEGER PRIMARY KEY,
        sentences INTEGER NOT NULL,       -- how many were trained on
        sample INTEGER NOT NULL,          -- how many were scored
        f1 REAL NOT NULL, low REAL NOT NULL, high REAL NOT NULL,
        labels TEXT NOT NULL,             -- {label: {f1, low, high, gold}} as JSON
        at TEXT NOT NULL
    );
    """,
)
"""Each brings a database from the version of its index to the next; the version is SQLite's ``user_version``."""

VERSION = len(MIGRATIONS)
