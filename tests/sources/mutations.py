"""Ways to damage a delivered file. Each is decided by a number alone: the same number damages the same file in the same way."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from invented_deliveries import Case, Table, packed, workbook_parts, written

from engine.sources.formats import Form

TEXT = frozenset({Form.TAB_TEXT, Form.QUOTED_TEXT, Form.JSON_LINES})
ALL = frozenset(Form)
Damage = Callable[[Case, random.Random], bytes]
MILLION = 1_000_000


def intact(case: Case) -> bytes:
    """The file before it is damaged."""
    return written(case.table(), case.layout, case.name)


def _again(case: Case, table: Table) -> bytes:
    return written(table, case.layout, case.name)


def cut(case: Case, rng: random.Random) -> bytes:
    raw = intact(case)
    return raw[: rng.randrange(1, len(raw))]


def bit_flips(case: Case, rng: random.Random) -> bytes:
    raw = bytearray(intact(case))
    for _ in range(rng.randint(1, 3)):
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    return bytes(raw)


def noise(case: Case, rng: random.Random) -> bytes:
    raw = bytearray(intact(case))
    start = rng.randrange(len(raw))
    raw[start : start + 40] = rng.randbytes(40)
    return bytes(raw)


def nul(case: Case, rng: random.Random) -> bytes:
    raw = bytearray(intact(case))
    raw.insert(rng.randrange(len(raw)), 0)
    return bytes(raw)


def latin_1(case: Case, _rng: random.Random) -> bytes:
    return intact(case).decode().encode("latin-1")


def utf_16(case: Case, rng: random.Random) -> bytes:
    return intact(case).decode().encode(rng.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32"]))


def mark(case: Case, _rng: random.Random) -> bytes:
    return b"\xef\xbb\xbf" + intact(case)


def reordered(case: Case, rng: random.Random) -> bytes:
    table = case.table()
    order = rng.sample(range(len(table.header)), len(table.header))
    return _again(case, Table(tuple(table.header[n] for n in order), tuple(tuple(row[n] for n in order) for row in table.rows)))


def _renamed(case: Case, rng: random.Random, name: Callable[[str], str]) -> bytes:
    table = case.table()
    n = rng.randrange(len(table.header))
    return _again(case, replace(table, header=tuple(name(h) if i == n else h for i, h in enumerate(table.header))))


def misspelt(case: Case, rng: random.Random) -> bytes:
    return _renamed(case, rng, lambda h: h.swapcase() + rng.choice(["", "s", "_"]))


def renamed(case: Case, rng: random.Random) -> bytes:
    return _renamed(case, rng, lambda _: "Wholly Other")


def twice_named(case: Case, rng: random.Random) -> bytes:
    table = case.table()
    n = rng.randrange(len(table.header))
    return _again(case, Table((*table.header, table.header[n]), tuple((*row, "more") for row in table.rows)))


def lost_column(case: Case, rng: random.Random) -> bytes:
    table = case.table()
    n = rng.randrange(len(table.header))
    return _again(case, Table(table.header[:n] + table.header[n + 1 :], tuple(row[:n] + row[n + 1 :] for row in table.rows)))


def _cell(case: Case, rng: random.Random, value: str) -> bytes:
    table = case.table()
    r, c = rng.randrange(len(table.rows)), rng.randrange(len(table.header))
    return _again(case, replace(table, rows=tuple(tuple(value if (i, j) == (r, c) else v for j, v in enumerate(row)) for i, row in enumerate(table.rows))))


def million_characters(case: Case, rng: random.Random) -> bytes:
    return _cell(case, rng, rng.choice("xé") * MILLION)


def duplicate(case: Case, rng: random.Random) -> bytes:
    table = case.table()
    row = rng.choice(table.rows)
    return _again(case, replace(table, rows=(*table.rows, *[row] * rng.randint(1, 3))))


def contradiction(case: Case, rng: random.Random) -> bytes:
    table = case.table()
    row = rng.choice(table.rows)
    keys = {*case.layout.keys, *(c for i in case.layout.identities for c in i.columns)}
    return _again(case, replace(table, rows=(*table.rows, tuple(v if h in keys else v + " otherwise" for h, v in zip(table.header, row, strict=True)))))


def orphan(case: Case, rng: random.Random) -> bytes:
    table = case.table()
    row = tuple(f"unheard of {h}" for h in table.header)
    return _again(case, replace(table, rows=(*table.rows, *[row] * rng.randint(1, 2))))


def page(_case: Case, rng: random.Random) -> bytes:
    start = rng.choice([b"<!DOCTYPE html>\n<html>", b"\n  <HTML lang='en'>", b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"])
    return start + b"<head><title>404 Not Found</title></head><body>gone</body></html>\n" * rng.randint(1, 5)


def zipped_text(case: Case, _rng: random.Random) -> bytes:
    return gzip.compress(intact(case), mtime=0)


@cache
def _bomb() -> bytes:
    return gzip.compress(gzip.compress(bytes(200 * 1024 * 1024), mtime=0), mtime=0)


def gz_bomb(_case: Case, _rng: random.Random) -> bytes:
    return _bomb()


def empty(_case: Case, rng: random.Random) -> bytes:
    return rng.choice([b"", b"\n", b"\xef\xbb\xbf", b" "])


def mixed_line_ends(case: Case, rng: random.Random) -> bytes:
    raw = intact(case)
    ends = [n for n, byte in enumerate(raw) if byte == 10]
    at = rng.choice(ends) if ends else len(raw)
    return raw[:at] + rng.choice([b"\r", b"\r\n", b"\n\n", b"\r\r\n"]) + raw[at + 1 :]


def ragged(case: Case, rng: random.Random) -> bytes:
    lines = intact(case).split(b"\n")
    n = rng.randrange(case.layout.header_line, len(lines))
    delimiter = case.layout.delimiter.encode()
    lines[n] = lines[n] + delimiter + b"more" if rng.random() < 0.5 else lines[n].replace(delimiter, b" ", 1)
    return b"\n".join(lines)


def stray_quote(case: Case, rng: random.Random) -> bytes:
    raw = intact(case)
    at = rng.randrange(raw.index(b"\n"), len(raw))
    return raw[:at] + b'"' + raw[at:]


def other_file(case: Case, rng: random.Random) -> bytes:
    others = case.others()
    return others[rng.choice(sorted(others))] if others else b"nothing\n"


def broken_json(case: Case, rng: random.Random) -> bytes:
    lines = intact(case).split(b"\n")
    lines[rng.randrange(len(lines) - 1)] = rng.choice([b"[1]", b"{", b'{"a":1,"a":2}', b'{"a":NaN}', b"[" * 100_000, b'{"a":"\\ud800"}', b"1" * 6000, b"null", b'{"prompt": "\\u0000"}'])
    return b"\n".join(lines)


def lying_footer(case: Case, rng: random.Random) -> bytes:
    raw = intact(case)
    length = rng.choice([0, 1, len(raw) - 12, len(raw), 0x7FFFFFFF, 0xFFFFFFFF, rng.randrange(len(raw)), -1])
    told = int.from_bytes(raw[-8:-4], "little") - 1 if length == -1 else length
    return raw[:-8] + told.to_bytes(4, "little") + raw[-4:]


def flipped_footer(case: Case, rng: random.Random) -> bytes:
    raw = bytearray(intact(case))
    length = int.from_bytes(raw[-8:-4], "little")
    for _ in range(rng.randint(1, 4)):
        raw[len(raw) - 8 - rng.randrange(1, length)] ^= 1 << rng.randrange(8)
    return bytes(raw)


def _book(case: Case, first_cell: str = "", **more: bytes) -> bytes:
    table = case.table()
    return packed({**workbook_parts((table.header, *table.rows), case.layout.sheet or "one", first_cell), **more})


def formula(case: Case, rng: random.Random) -> bytes:
    what = rng.choice(["<f>1+1</f>", "<f t='shared' si='0'/>", "<f>[1]Sheet1!A1</f>", "<f>HYPERLINK(&quot;http://a.example&quot;)</f>", "<f>WEBSERVICE(A2)</f>"])
    return _book(case, f'<c r="A2" t="str">{what}<v>2</v></c>')


def linked(case: Case, rng: random.Random) -> bytes:
    part = rng.choice(["xl/externalLinks/externalLink1.xml", "xl/vbaProject.bin", "xl/connections.xml", "xl/embeddings/oleObject1.bin", "xl/activeX/activeX1.xml"])
    return _book(case, **{part: b"<externalLink/>"})


def entities(case: Case, rng: random.Random) -> bytes:
    parts = workbook_parts((case.table().header, *case.table().rows), case.layout.sheet or "one")
    name = rng.choice(["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
    parts[name] = parts[name].replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c SYSTEM "/etc/passwd">]>', 1)
    return packed(parts)


@cache
def _zeros() -> bytes:
    return bytes(64 * 1024 * 1024)


def book_bomb(case: Case, _rng: random.Random) -> bytes:
    return _book(case, **{"xl/media/image1.xml": _zeros()})


def far_cell(case: Case, _rng: random.Random) -> bytes:
    parts = workbook_parts((case.table().header, *case.table().rows), case.layout.sheet or "one")
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row></sheetData>')
    return packed(parts)


def lost_part(case: Case, rng: random.Random) -> bytes:
    parts = workbook_parts((case.table().header, *case.table().rows), case.layout.sheet or "one")
    del parts[rng.choice(sorted(parts))]
    return packed(parts)


KINDS: tuple[tuple[Damage, frozenset[Form]], ...] = (
    (cut, ALL), (bit_flips, ALL), (noise, ALL), (nul, ALL), (latin_1, TEXT), (utf_16, TEXT), (mark, TEXT), (reordered, ALL), (misspelt, ALL), (renamed, ALL),
    (twice_named, ALL - {Form.JSON_LINES}), (lost_column, ALL), (million_characters, ALL), (duplicate, ALL), (contradiction, ALL), (orphan, ALL), (page, ALL),
    (zipped_text, ALL), (gz_bomb, ALL), (empty, ALL), (mixed_line_ends, TEXT), (ragged, frozenset({Form.TAB_TEXT, Form.QUOTED_TEXT})), (stray_quote, frozenset({Form.QUOTED_TEXT})),
    (other_file, ALL), (broken_json, frozenset({Form.JSON_LINES})), (lying_footer, frozenset({Form.PARQUET})), (flipped_footer, frozenset({Form.PARQUET})),
    (formula, frozenset({Form.WORKBOOK})), (linked, frozenset({Form.WORKBOOK})), (entities, frozenset({Form.WORKBOOK})), (book_bomb, frozenset({Form.WORKBOOK})),
    (far_cell, frozenset({Form.WORKBOOK})), (lost_part, frozenset({Form.WORKBOOK})),
)  # fmt: skip


@dataclass(frozen=True)
class Draw:
    """Which file of whom is damaged how, by number."""

    number: int
    damage: Damage
    case: Case

    @property
    def kind(self) -> str:
        """Name of the damage."""
        return self.damage.__name__

    def content(self) -> bytes:
        """The damaged file."""
        return self.damage(self.case, random.Random(self.number))


def draws(cases: tuple[Case, ...], end: int) -> tuple[Draw, ...]:
    """The first `end` numbers. Kinds take turns, and of the files that a kind fits the one met least so far is taken; every third round forms take turns, since few files are no text."""
    met = [0] * len(cases)
    drawn = []
    for number in range(end):
        (turn, kind), rng = divmod(number, len(KINDS)), random.Random(-number)
        damage, forms = KINDS[kind]
        fit = [n for n, case in enumerate(cases) if case.form in forms]
        if turn % 3 == 2:
            by_form = sorted({cases[n].form.value for n in fit})
            fit = [n for n in fit if cases[n].form.value == by_form[(kind + turn) % len(by_form)]]
        least = min(met[n] for n in fit)
        n = rng.choice([n for n in fit if met[n] == least])
        met[n] += 1
        drawn.append(Draw(number, damage, cases[n]))
    return tuple(drawn)
