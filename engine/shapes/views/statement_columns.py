"""Canonical N-Triples to columns: lines are cut where their spaces and quotation marks stand, without a loop over them.

In: bytes of whole lines as the parser's serialiser writes them. Out: Arrow tables s, v, d, l by predicate. Refuses to
know: files, databases, any other writing of N-Triples.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine.contracts import BadInput, EngineError, Place
from engine.shapes.terms import BLANK_CODE, DATATYPE_CODES, IRI_CODE, RDF, XSD
from engine.shapes.views.term_codes import TermCodes

_NEW_LINE, _SPACE, _QUOTE, _LESS, _BACKSLASH = b'\n "<\\'
_CUTS = 7  # a line falls into seven parts; subject, predicate, value and what follows it are the second, fourth, sixth and last
_SUBJECT, _PREDICATE, _VALUE, _TAIL = 1, 3, 5, 6
# labels that the parser draws at random for blank nodes that have none (and the names that these get in their place)
_UNNAMED = "^_:([a-f][0-9a-f]{23,31}$|anon-)"


@dataclass(frozen=True, slots=True)
class Rows:
    """Statements of one predicate: a table s, v, d, l. `unnamed`: some blank node in it has no lasting label."""

    predicate: str
    table: pa.Table
    unnamed: bool


class StatementColumns:
    """Cuts chunks of lines of one file. `blank_prefix` is put before labels of blank nodes, so that those of two files never meet."""

    def __init__(self, codes: TermCodes, place: Place, blank_prefix: str = "") -> None:
        self._codes, self._place, self._blank_prefix = codes, place, blank_prefix

    def cut(self, chunk: bytes) -> tuple[list[Rows], Any]:
        """Rows by predicate in order of first appearance, each in order of appearance with repeats kept; and the keys of
        blank nodes without a lasting label, in order of first appearance.

        Raises BadInput SHP110 where a statement is of RDF 1.2 (a triple as a term, a base direction).
        """
        data = np.frombuffer(chunk, dtype=np.uint8)
        ends = np.flatnonzero(data == _NEW_LINE)
        starts = np.concatenate(([0], ends[:-1] + 1))
        spaces = np.flatnonzero(data == _SPACE)
        first = np.searchsorted(spaces, starts)
        objects = spaces[first + 1] + 1
        is_iri, is_literal, subject_is_iri = data[objects] == _LESS, data[objects] == _QUOTE, data[starts] == _LESS
        triple_terms = np.flatnonzero(is_iri & (data[objects + 1] == _LESS))
        if len(triple_terms):  # they hold spaces: nothing behind would be cut where it should
            raise self._newer("a triple as a term", chunk[starts[triple_terms[0]] : ends[triple_terms[0]]].decode(), "state the triple by itself, or describe it with rdf:Statement")
        quotes = np.flatnonzero(data == _QUOTE)
        # the last quotation mark of a line closes its literal: neither a language nor an IRI can hold one
        closing = quotes[np.searchsorted(quotes, ends) - 1] if len(quotes) else ends
        cuts = np.empty((len(ends), _CUTS), dtype=np.int64)
        cuts[:, 0], cuts[:, 1], cuts[:, 2] = starts, starts + subject_is_iri, spaces[first] - subject_is_iri
        cuts[:, 3], cuts[:, 4] = spaces[first] + 2, objects - 2
        cuts[:, 5], cuts[:, 6] = objects + (is_iri | is_literal), np.where(is_literal, closing, ends - 2 - is_iri)
        parts = pa.LargeStringArray.from_buffers(cuts.size, pa.py_buffer(np.append(cuts.ravel(), len(chunk))), pa.py_buffer(chunk))

        def part(which: int, rows: npt.NDArray[np.int64]) -> Any:
            return parts.take(pa.array(rows * _CUTS + which))

        lines = np.arange(len(ends))
        predicates = part(_PREDICATE, lines).dictionary_encode()
        codes, languages = self._tails(part(_TAIL, lines).dictionary_encode(), is_iri, is_literal)
        escaped = np.zeros(len(ends), dtype=bool)
        escaped[np.searchsorted(ends, np.flatnonzero(data == _BACKSLASH))] = True
        blank_subject, blank_object = ~subject_is_iri, ~(is_iri | is_literal)
        blank_lines = [np.flatnonzero(blank_subject), np.flatnonzero(blank_object)]
        in_order = np.argsort(np.concatenate([blank_lines[0] * 2, blank_lines[1] * 2 + 1]))
        labels = pa.concat_arrays([part(_SUBJECT, blank_lines[0]), part(_VALUE, blank_lines[1])]).take(pa.array(in_order)).unique()
        unnamed = labels.filter(pc.match_substring_regex(labels, _UNNAMED))
        found = []
        indices = predicates.indices.to_numpy()
        order = np.argsort(indices, kind="stable")
        bounds = np.searchsorted(indices[order], np.arange(len(predicates.dictionary) + 1))
        for number, iri in enumerate(predicates.dictionary.to_pylist()):
            rows = order[bounds[number] : bounds[number + 1]]
            subjects = self._labelled(part(_SUBJECT, rows), blank_subject[rows])
            values = self._labelled(_unescaped(part(_VALUE, rows), escaped[rows]), blank_object[rows])
            table = pa.table({"s": subjects, "v": values, "d": pa.array(codes[rows]), "l": languages.take(pa.array(rows))})
            found.append(Rows(iri, table, bool(len(unnamed)) and bool((blank_subject[rows] | blank_object[rows]).any())))
        return found, self._labelled(unnamed, np.ones(len(unnamed), dtype=bool))

    def _newer(self, what: str, met: str, fix: str) -> EngineError:
        return BadInput.at("SHP110", f"{what}: {met[:120]}", why="contracts are defined over RDF 1.1, which has no such thing", fix=fix, place=self._place)

    def _tails(self, tails: Any, is_iri: npt.NDArray[np.bool_], is_literal: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.int32], Any]:
        """Codes and language tags from what follows each value: `"@en .`, `"^^<iri> .` or no more than a closing sign."""
        codes, languages = [], []
        for tail in tails.dictionary.to_pylist():
            text = tail.rstrip(" .\n")
            if text.startswith('"@'):
                if "--" in text:
                    raise self._newer("a text with a base direction", text[1:], "leave the direction out")
                languages.append(text[2:].lower())
                codes.append(DATATYPE_CODES[RDF + "langString"])
            else:
                languages.append("")
                codes.append(self._codes.code(text[4:-1] if text.startswith('"^^') else XSD + "string"))
        indices = tails.indices.to_numpy()
        found = np.array(codes, dtype=np.int32)[indices]
        return np.where(is_literal, found, np.where(is_iri, IRI_CODE, BLANK_CODE)).astype(np.int32), pa.array(languages, pa.string()).take(tails.indices)

    def _labelled(self, texts: Any, blank: npt.NDArray[np.bool_]) -> Any:
        if not self._blank_prefix or not blank.any():
            return texts
        named = pc.replace_substring(texts.filter(pa.array(blank)), "_:", "_:" + self._blank_prefix, max_replacements=1)
        return pc.replace_with_mask(texts, pa.array(blank), named)


def _unescaped(values: Any, escaped: npt.NDArray[np.bool_]) -> Any:
    """Escapes decoded where there are any: those of canonical N-Triples are all escapes of JSON too, and that reader is fast."""
    if not escaped.any():
        return values
    texts = values.filter(pa.array(escaped)).to_pylist()
    decoded = json.loads("[" + ",".join(f'"{t}"' for t in texts) + "]", strict=False)
    return pc.replace_with_mask(values, pa.array(escaped), pa.array(decoded, values.type))
