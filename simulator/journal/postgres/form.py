"""The form of the database: every table, rule and statement, in a schema of our own.

Text is kept as bytes of UTF-8, because PostgreSQL's own text cannot hold every character.
To read it: SELECT seq, convert_from(body, 'UTF8') FROM tabletop.act.
"""

from __future__ import annotations

from psycopg import Connection

from simulator.journal import practice
from simulator.journal.acts import ForeignFormError, NewerFormError
from simulator.journal.record import GENESIS

CHANNEL = "tabletop_act"
"""Where the id of an exercise is called out when an act has been stored."""

NO_EXERCISE, SEALED = "TB404", "TB423"
"""The codes by which the database refuses an act."""

USED = "23505"
"""The code by which it refuses a key for the second time."""

_FOUNDING = 0x5462546C
"""The lock that is held by whoever gives a database its form."""

_TABLES = f"""
CREATE TABLE tabletop.form (version integer NOT NULL);

CREATE TABLE tabletop.exercise (
  id text PRIMARY KEY,
  maker text NOT NULL,
  seq bigint NOT NULL DEFAULT 0,
  digest bytea NOT NULL DEFAULT '\\x{GENESIS}',
  sealed boolean NOT NULL DEFAULT false
) WITH (fillfactor = 50);
COMMENT ON COLUMN tabletop.exercise.maker IS 'Who made it, to know a retried creation by.';

CREATE TABLE tabletop.act (
  exercise text NOT NULL,
  seq bigint NOT NULL,
  key bytea NOT NULL,
  body bytea NOT NULL,
  digest bytea NOT NULL,
  PRIMARY KEY (exercise, seq)
);
-- Of the digest, for an index takes no long keys.
CREATE UNIQUE INDEX act_key ON tabletop.act (exercise, sha256(key));

CREATE TABLE tabletop.summary (
  id text PRIMARY KEY, file text NOT NULL, system text NOT NULL, scenario text NOT NULL,
  scenario_hash text NOT NULL, seed text NOT NULL, mode text NOT NULL, state text NOT NULL,
  started text NOT NULL, finished text, minutes integer NOT NULL, score integer, rating text,
  attempt text NOT NULL, engine text NOT NULL, calm text NOT NULL
);
CREATE INDEX summary_of_scenario ON tabletop.summary (scenario, started);
"""

# The same chain as in simulator/journal/record.py.
_DIGEST = r"""sha256(
      convert_to(concat(encode(e.digest, 'hex'), E'\n', e.seq + 1, E'\n',
        tabletop.letters(NEW.key), E'\n'), 'UTF8')
      || NEW.key || '\x0a'::bytea || NEW.body)"""

# The row of the exercise is the one place where acts get their order: whoever updates it has it
# locked until the commit, and is next. So no number is skipped, and none is seen before a lower
# one, as a sequence's can be.
_RULES = f"""
CREATE FUNCTION tabletop.letters(written bytea) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    -- Plain letters only: nothing had to be escaped.
    WHEN octet_length(encode(written, 'escape')) = octet_length(written) THEN octet_length(written)
    -- Else its bytes in hex, without those that continue a character.
    ELSE length(regexp_replace(encode(written, 'hex'), '(?:[89ab].)|(..)', '\\1', 'g')) / 2
  END
$$;

CREATE FUNCTION tabletop.link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE tabletop.exercise AS e SET
    seq = e.seq + 1,
    digest = {_DIGEST}
  WHERE e.id = NEW.exercise AND NOT e.sealed
  RETURNING e.seq, e.digest INTO NEW.seq, NEW.digest;
  IF NOT FOUND THEN
    IF EXISTS (SELECT FROM tabletop.exercise AS e WHERE e.id = NEW.exercise) THEN
      RAISE 'the exercise is sealed' USING ERRCODE = '{SEALED}';
    END IF;
    RAISE 'there is no such exercise' USING ERRCODE = '{NO_EXERCISE}';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION tabletop.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE '% are never changed and never deleted', TG_ARGV[0];
END $$;

CREATE TRIGGER act_in_order BEFORE INSERT ON tabletop.act
  FOR EACH ROW EXECUTE FUNCTION tabletop.link();
CREATE TRIGGER act_kept BEFORE UPDATE OR DELETE ON tabletop.act
  FOR EACH ROW EXECUTE FUNCTION tabletop.refuse('acts');
CREATE TRIGGER acts_kept BEFORE TRUNCATE ON tabletop.act
  FOR EACH STATEMENT EXECUTE FUNCTION tabletop.refuse('acts');
CREATE TRIGGER head_follows_acts BEFORE UPDATE OF id, maker, seq, digest ON tabletop.exercise
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION tabletop.refuse('exercises');
CREATE TRIGGER exercise_kept BEFORE DELETE ON tabletop.exercise
  FOR EACH ROW EXECUTE FUNCTION tabletop.refuse('exercises');
CREATE TRIGGER exercises_kept BEFORE TRUNCATE ON tabletop.exercise
  FOR EACH STATEMENT EXECUTE FUNCTION tabletop.refuse('exercises');

CREATE FUNCTION tabletop.append(which text, keys bytea[], bodies bytea[])
  RETURNS TABLE (seq bigint, body bytea, digest bytea) LANGUAGE plpgsql AS $$
-- Stores acts in one transaction and one round trip. A body comes back where another one than
-- was given had been stored under its key. Two hosts that store one key at the same instant:
-- the later one fails by the unique index, and finds the act when it asks again.
DECLARE
  fresh boolean := false;
  item record;
BEGIN
  IF current_setting('synchronous_commit') NOT IN ('on', 'remote_apply') THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;
  FOR item IN SELECT * FROM unnest(keys, bodies) AS given (key, body) LOOP
    SELECT a.seq, nullif(a.body, item.body), a.digest INTO seq, body, digest
      FROM tabletop.act AS a WHERE a.exercise = which AND sha256(a.key) = sha256(item.key);
    IF NOT FOUND THEN
      INSERT INTO tabletop.act AS a (exercise, key, body) VALUES (which, item.key, item.body)
        RETURNING a.seq, NULL, a.digest INTO seq, body, digest;
      fresh := true;
    END IF;
    RETURN NEXT;
  END LOOP;
  IF fresh THEN
    PERFORM pg_notify('{CHANNEL}', which);
  END IF;
END $$;
"""

_DECISIONS = """
CREATE TABLE tabletop.decision (
  seq bigint PRIMARY KEY, key bytea NOT NULL, kind text NOT NULL, subject text NOT NULL,
  body bytea NOT NULL, at text NOT NULL
);
CREATE UNIQUE INDEX decision_key ON tabletop.decision (sha256(key));
CREATE TRIGGER decision_kept BEFORE UPDATE OR DELETE ON tabletop.decision
  FOR EACH ROW EXECUTE FUNCTION tabletop.refuse('decisions');
CREATE TRIGGER decisions_kept BEFORE TRUNCATE ON tabletop.decision
  FOR EACH STATEMENT EXECUTE FUNCTION tabletop.refuse('decisions');
"""

_PRACTICE = ";\n".join(
    (
        "SET LOCAL search_path = tabletop",
        # Times and names are compared letter by letter, whatever the database's language.
        "CREATE INDEX summary_rehearsed ON summary (scenario, mode, state, started)",
        *practice.tables('text COLLATE "C"', "integer"),
    )
)

# A host checks an act against what it has folded, so the act may be meant for one place only. It
# says so by its number, and the update that gives out numbers is where the two are compared: the
# row is locked by then, and nobody is between the comparison and the commit. An act that comes too
# late is no error, for hosts that share an exercise come too late every day.
_PLACES = f"""
CREATE OR REPLACE FUNCTION tabletop.link() RETURNS trigger LANGUAGE plpgsql AS $$
-- An act with a number is stored at that place or not at all; one without goes to the end.
DECLARE
  place bigint := NEW.seq;
BEGIN
  IF current_setting('synchronous_commit') NOT IN ('on', 'remote_apply') THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;
  UPDATE tabletop.exercise AS e SET
    seq = e.seq + 1,
    digest = {_DIGEST}
  WHERE e.id = NEW.exercise AND NOT e.sealed AND (place IS NULL OR place = e.seq + 1)
  RETURNING e.seq, e.digest INTO NEW.seq, NEW.digest;
  IF FOUND THEN
    RETURN NEW;
  END IF;
  IF NOT EXISTS (SELECT FROM tabletop.exercise AS e WHERE e.id = NEW.exercise) THEN
    RAISE 'there is no such exercise' USING ERRCODE = '{NO_EXERCISE}';
  END IF;
  IF place IS NULL
    OR EXISTS (SELECT FROM tabletop.exercise AS e WHERE e.id = NEW.exercise AND e.sealed) THEN
    RAISE 'the exercise is sealed' USING ERRCODE = '{SEALED}';
  END IF;
  RETURN NULL;
END $$;

DROP FUNCTION tabletop.append(text, bytea[], bytea[]);
CREATE FUNCTION tabletop.append(which text, keys bytea[], bodies bytea[], after bigint DEFAULT NULL)
  RETURNS TABLE (seq bigint, body bytea, digest bytea) LANGUAGE plpgsql AS $$
-- Stores acts in one transaction and one round trip: all of them, at the end or only if the end is
-- `after`; or none, and then the last row has no seq. A body comes back where another one than was
-- given had been stored under its key. Two hosts that store one key at the same instant: the later
-- one fails by the unique index, and finds the act when it asks again.
DECLARE
  fresh boolean := false;
BEGIN
  FOR n IN 1 .. cardinality(keys) LOOP
    -- Looked for again when it came too late: another host may have been quicker with this key.
    FOR look IN 1 .. 2 LOOP
      SELECT a.seq, nullif(a.body, bodies[n]), a.digest INTO seq, body, digest
        FROM tabletop.act AS a WHERE a.exercise = which AND sha256(a.key) = sha256(keys[n]);
      EXIT WHEN FOUND OR look = 2;
      INSERT INTO tabletop.act AS a (exercise, seq, key, body)
        VALUES (which, after + 1, keys[n], bodies[n])
        RETURNING a.seq, NULL, a.digest INTO seq, body, digest;
      IF FOUND THEN
        fresh := true;
        after := after + 1;
        EXIT;
      END IF;
    END LOOP;
    RETURN NEXT;
    EXIT WHEN seq IS NULL;
  END LOOP;
  IF fresh THEN
    PERFORM pg_notify('{CHANNEL}', which);
  END IF;
END $$;
"""

_FORMS = (_TABLES + _RULES, _DECISIONS, _PRACTICE, _PLACES)
"""What makes each version of the form of the one before it."""

VERSION = len(_FORMS)
"""The version of the form. A database with a higher one is refused."""

_FORM_TABLE = "SELECT FROM pg_tables WHERE schemaname = 'tabletop' AND tablename = 'form'"

SETTINGS = """
SELECT set_config('application_name', 'tabletop', false),
  set_config('default_transaction_isolation', 'read committed', false),
  set_config('statement_timeout', %(statement)s, false),
  set_config('lock_timeout', %(lock)s, false),
  set_config('client_encoding', 'UTF8', false),
  set_config('synchronous_commit', CASE current_setting('synchronous_commit')
    WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false)
"""
CREATE = "INSERT INTO tabletop.exercise (id, maker) VALUES (%s, %s) ON CONFLICT DO NOTHING"
MAKER = "SELECT maker FROM tabletop.exercise WHERE id = %s"
IDS = 'SELECT id FROM tabletop.exercise ORDER BY id COLLATE "C"'
APPEND = """
SELECT seq, body, digest FROM tabletop.append(%s, %s::bytea[], %s::bytea[], %s::bigint)
"""
APPEND_ONE = f"""
INSERT INTO tabletop.act (exercise, key, body, seq) VALUES (%s, %s, %s, %s::bigint + 1)
RETURNING seq, digest, pg_notify('{CHANNEL}', exercise)
"""
READ = "SELECT seq, key, body, digest FROM tabletop.act WHERE exercise = %s AND seq > %s ORDER BY 1"
HEAD = "SELECT seq, digest, sealed FROM tabletop.exercise WHERE id = %s"
SEAL = "UPDATE tabletop.exercise SET sealed = %(sealed)s WHERE id = %(id)s AND sealed <> %(sealed)s"
DECIDED = "SELECT seq, key, kind, subject, body, at FROM tabletop.decision"
DECIDE = """
INSERT INTO tabletop.decision (seq, key, kind, subject, body, at)
SELECT coalesce(max(seq), 0) + 1, %s, %s, %s, %s, %s FROM tabletop.decision RETURNING seq
"""
CLOCK = "SELECT extract(epoch FROM clock_timestamp())::float8"


def found(db: Connection) -> None:
    """Give the database its form, from whichever it has; several hosts may try at once."""
    with db.transaction():
        db.execute("SELECT pg_advisory_xact_lock(%s)", (_FOUNDING,))
        version = examine(db)
        if version == VERSION:
            return
        # Asked first: making a schema that is there needs a right that not every user has.
        if not db.execute("SELECT FROM pg_namespace WHERE nspname = 'tabletop'").fetchall():
            db.execute("CREATE SCHEMA tabletop")
        for form in _FORMS[version:]:
            db.execute(form.encode())
        db.execute("DELETE FROM tabletop.form")
        db.execute("INSERT INTO tabletop.form VALUES (%s)", (VERSION,))


def take_turns(db: Connection) -> None:
    """Wait until no other host writes to the library; then none does until the transaction ends."""
    db.execute("SELECT pg_advisory_xact_lock(%s)", (_FOUNDING + 1,))


def examine(db: Connection) -> int:
    """Return the version of the form that the database has, 0 if it has none; change nothing.

    Raises ForeignFormError, NewerFormError.
    """
    # Looked for in the tables: to_regclass may answer from before the wait for a lock.
    if not db.execute(_FORM_TABLE).fetchall():
        return 0
    versions = [row[0] for row in db.execute("SELECT version FROM tabletop.form").fetchall()]
    if len(versions) != 1 or versions[0] < 1:
        raise ForeignFormError("its schema named tabletop is not ours")
    if versions[0] > VERSION:
        raise NewerFormError(f"form {versions[0]}, this program knows {VERSION}")
    return int(versions[0])
