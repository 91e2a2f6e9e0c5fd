"""Compiles titles into one SQLite file: exact keys, words with their rarity, letter triples of words. Read-only ever after."""

from __future__ import annotations

import math
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from engine.contracts import BadInput, InputOutput
from engine.resolver.title_rows import CODE_KINDS, NAMING_KINDS, TitleRow
from engine.resolver.vocabulary import Phrase, SeniorityTerm, Vocabulary, load_vocabulary
from engine.resolver.words import singular, words_of

FORMAT = "2"
_SCHEMA = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=8192;
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE seniority(words TEXT, seniority TEXT, rank INTEGER, PRIMARY KEY(words, seniority)) WITHOUT ROWID;
CREATE TABLE target(id INTEGER PRIMARY KEY, key TEXT NOT NULL, label TEXT NOT NULL);
CREATE TABLE origin(id INTEGER PRIMARY KEY, source TEXT, release TEXT, licence TEXT);
CREATE TABLE key(id INTEGER PRIMARY KEY, text TEXT NOT NULL, bag TEXT NOT NULL, head TEXT NOT NULL, weight INTEGER NOT NULL);
CREATE TABLE naming(key_id INTEGER, place INTEGER, target_id INTEGER, kind TEXT, title TEXT, origin_id INTEGER, source_ref TEXT, confidence TEXT,
  PRIMARY KEY(key_id, place)) WITHOUT ROWID;
CREATE TABLE specialism(target TEXT, words TEXT, PRIMARY KEY(target, words)) WITHOUT ROWID;
CREATE TABLE token(id INTEGER PRIMARY KEY, text TEXT NOT NULL, weight INTEGER NOT NULL, keys INTEGER NOT NULL, heads INTEGER NOT NULL);
CREATE TABLE posting(token_id INTEGER, key_id INTEGER, PRIMARY KEY(token_id, key_id)) WITHOUT ROWID;
CREATE TABLE trigram(gram TEXT, token_id INTEGER, PRIMARY KEY(gram, token_id)) WITHOUT ROWID;
"""
_INDEXES = """
CREATE UNIQUE INDEX key_text ON key(text); CREATE INDEX key_bag ON key(bag); CREATE INDEX key_head ON key(head);
CREATE UNIQUE INDEX target_key ON target(key); CREATE UNIQUE INDEX token_text ON token(text); ANALYZE;
"""
_BRACKET = re.compile(r"\s*\(([^()]*)\)\s*")


def content_words(words: Phrase, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Words that carry meaning, singular, in order: stop words and single letters off."""
    return tuple(singular(w, vocabulary) for w in words if w not in vocabulary.stop_words and (len(w) > 1 or not w.isalpha()))


def bag_of(words: Phrase, vocabulary: Vocabulary) -> str:
    """The same words in any order give the same bag."""
    return " ".join(sorted(set(content_words(words, vocabulary))))


def trigrams(word: str) -> tuple[str, ...]:
    """Distinct letter triples of a word with its edges marked, sorted."""
    padded = f"^{word}$"
    return tuple(sorted({padded[i : i + 3] for i in range(len(padded) - 2)}))


def _forms(text: str) -> Iterator[str]:
    """A published title; where it closes with a bracket, also the short form or second name in it (not a mere qualifier of one word)."""
    match = _BRACKET.search(text)
    if match is None:
        yield text
        return
    yield _BRACKET.sub(" ", text).strip()
    inside = match.group(1).strip()
    if match.end() == len(text) and (inside.isupper() or " " in inside):
        yield inside


def build_title_index(path: Path, rows: Iterable[TitleRow], seniorities: Iterable[SeniorityTerm] = ()) -> int:
    """Write the index of all rows to a new file; equal rows in any order give equal content. Returns the number of distinct keys.

    Raises InputOutput RES001 where the file cannot be written, BadInput RES002 for a naming kind that nobody declared.
    """
    plain = load_vocabulary()
    terms = tuple(sorted({SeniorityTerm(words_of(" ".join(t.words), plain), t.seniority, t.rank) for t in seniorities}))
    vocabulary = load_vocabulary(terms)
    try:
        path.unlink(missing_ok=True)
        connection = sqlite3.connect(path)
        try:
            connection.executescript(_SCHEMA)
            with connection:
                count = _fill(connection, sorted(set(rows)), terms, vocabulary)
            connection.executescript(_INDEXES)
        finally:
            connection.close()
    except (OSError, sqlite3.OperationalError) as error:
        raise InputOutput.at("RES001", f"cannot write the title index {path.name}: {error}", fix="check permission and free space of the workspace") from None
    return count


def _fill(connection: sqlite3.Connection, rows: list[TitleRow], terms: tuple[SeniorityTerm, ...], vocabulary: Vocabulary) -> int:
    targets: dict[str, int] = {}
    origins: dict[tuple[str, str, str], int] = {}
    keys: dict[str, int] = {}
    words_by_key: list[Phrase] = []
    places: Counter[int] = Counter()
    named: set[tuple[int, int, str]] = set()
    namings: list[tuple[int, int, int, str, str, int, str, str]] = []
    target_rows: list[tuple[int, str, str]] = []
    specialisms: set[tuple[str, str]] = set()
    for row in rows:
        if row.kind not in NAMING_KINDS:
            raise BadInput.at("RES002", f"unknown naming kind `{row.kind}` of the title `{row.text[:60]}`", fix="use one of " + ", ".join(NAMING_KINDS))
        if row.kind == "specialism":
            specialisms.add((row.target, " ".join(words_of(row.text, vocabulary))))
            continue
        if row.target not in targets:
            targets[row.target] = len(targets) + 1
            target_rows.append((targets[row.target], row.target, row.label))
        target = targets[row.target]
        origin = origins.setdefault((row.source, row.release, row.licence), len(origins) + 1)
        for form in _forms(row.text):
            words = words_of(form, vocabulary)
            if not words:
                continue
            text = " ".join(words)
            key = keys.get(text)
            if key is None:
                key = keys[text] = len(keys) + 1
                words_by_key.append(() if row.kind in CODE_KINDS else words)  # a code is found whole or not at all
            if (key, target, row.kind) in named:
                continue
            named.add((key, target, row.kind))
            places[key] += 1
            namings.append((key, places[key], target, row.kind, row.text, origin, row.source_ref, str(row.confidence)))
    connection.executemany("INSERT INTO target VALUES (?,?,?)", target_rows)
    connection.executemany("INSERT INTO origin VALUES (?,?,?,?)", [(i, *o) for o, i in origins.items()])
    connection.executemany("INSERT INTO naming VALUES (?,?,?,?,?,?,?,?)", sorted(namings))
    connection.executemany("INSERT INTO specialism VALUES (?,?)", sorted(specialisms))
    connection.executemany("INSERT OR IGNORE INTO seniority VALUES (?,?,?)", [(" ".join(t.words), t.seniority, t.rank) for t in terms])
    unknown = _fill_words(connection, list(keys), words_by_key, vocabulary)
    connection.executemany("INSERT INTO meta VALUES (?,?)", [("format", FORMAT), ("keys", str(len(keys))), ("unknown_weight", str(unknown))])
    return len(keys)


def _fill_words(connection: sqlite3.Connection, texts: list[str], words_by_key: list[Phrase], vocabulary: Vocabulary) -> int:
    """Words with rarity (thousandths of the natural logarithm, whole numbers), postings and triples; returns the weight of a word never seen."""
    contents = [content_words(words, vocabulary) for words in words_by_key]
    seen: Counter[str] = Counter()
    heads: Counter[str] = Counter()
    for content in contents:
        seen.update(set(content))
        if content:
            heads[content[-1]] += 1
    number = {word: index for index, word in enumerate(sorted(seen), 1)}
    total = sum(1 for words in words_by_key if words)
    weight = {word: round(1000 * math.log((total + 1) / count)) for word, count in seen.items()}
    connection.executemany("INSERT INTO token VALUES (?,?,?,?,?)", [(number[w], w, weight[w], seen[w], heads[w]) for w in sorted(seen)])
    connection.executemany("INSERT INTO posting VALUES (?,?)", sorted((number[w], index) for index, content in enumerate(contents, 1) for w in set(content)))
    connection.executemany("INSERT INTO trigram VALUES (?,?)", sorted((gram, number[w]) for w in seen if len(w) > 3 for gram in trigrams(w)))
    connection.executemany(
        "INSERT INTO key VALUES (?,?,?,?,?)",
        [
            (index, text, " ".join(sorted(set(content))), content[-1] if content else "", sum(weight[w] for w in set(content)))
            for index, (text, content) in enumerate(zip(texts, contents, strict=True), 1)
        ],
    )
    return round(1000 * math.log(2 * (total + 1)))
