"""Functions on strings (SPARQL 1.1 section 17.4.3) over terms in SQL. A string is plain or has a language; others are errors."""

from __future__ import annotations

from engine.contracts import BadInput
from engine.shapes.sparql.arithmetic import refusal, whole
from engine.shapes.sparql.kinds import LANGUAGE_CODE, NODES, STRING_CODE, TEXTS, Kind, Kinds, is_of
from engine.shapes.sparql.values import BOOLEAN, TEXT, NumberValue, TermValue, Truth, Unsupported, null, text_of
from engine.shapes.sql import PatternRefused, quoted, re2_of
from engine.shapes.terms import BLANK_CODE, IRI_CODE, Literal
from engine.shapes.views.predicate_views import PredicateViews

_STRINGS: Kinds = frozenset((Kind.STRING,))
# letters whose full case mapping is not one letter to one, or looks at its neighbours; the database maps them one to one
_SCRIPTS = [chr(c) for start, end in ((0x80, 0x600), (0x1E00, 0x2000), (0xFB00, 0xFB20)) for c in range(start, end)]
SPECIAL = {
    "upper": "".join(c for c in _SCRIPTS if len(c.upper()) != 1),
    "lower": "".join(c for c in _SCRIPTS if len(c.lower()) != 1) + "Σ",
}


def string(term: TermValue) -> str:
    """SQL of the text of a string, NULL where the term is none."""
    if not term.kinds & TEXTS:
        return null(TEXT)
    return term.v if term.kinds <= TEXTS else f"CASE WHEN {is_of(term.d, TEXTS, term.kinds)} THEN {term.v} END"


def shown(term: TermValue, views: PredicateViews) -> TermValue:
    """STR: the lexical form or the text of an IRI; an error for a blank node. Raises Unsupported for computed decimals and doubles."""
    if term.inexact:
        raise Unsupported("STR", "the text of a computed number is left open by the standard")
    text = views.iri_text(term.v)
    if not term.kinds <= _STRINGS and not (term.kinds & NODES == NODES & term.kinds and term.kinds <= NODES and text == term.v and Kind.BLANK not in term.kinds):
        whens = [f"WHEN {term.d} = {IRI_CODE} THEN {text}"] if Kind.IRI in term.kinds else []
        whens += [f"WHEN {term.d} > {BLANK_CODE} THEN {term.v}"] if term.kinds - NODES else []
        text = f"CASE {' '.join(whens)} END" if whens else null(TEXT)
    return text_of(text, str(STRING_CODE), _STRINGS)


def language_of(term: TermValue) -> TermValue:
    """LANG: the language in lower case, '' where none; an error for what is no literal."""
    if term.kinds <= NODES:
        return text_of(null(TEXT), str(STRING_CODE), _STRINGS)
    return text_of(f"CASE WHEN {is_of(term.d, term.kinds - NODES, term.kinds)} THEN {term.l} END", str(STRING_CODE), _STRINGS)


def language_matches(language: TermValue, wanted: TermValue) -> Truth:
    """LANGMATCHES by basic filtering (RFC 4647 section 3.3.1)."""
    tag, pattern = f"lower({_plain(language)})", f"lower({_plain(wanted)})"
    return Truth(f"CASE WHEN {pattern} = '*' THEN {tag} <> '' ELSE {tag} = {pattern} OR starts_with({tag}, {pattern} || '-') END")


def _plain(term: TermValue) -> str:
    if not term.kinds & _STRINGS:
        return null(TEXT)
    return term.v if term.kinds <= _STRINGS else f"CASE WHEN {is_of(term.d, _STRINGS, term.kinds)} THEN {term.v} END"


def length(term: TermValue) -> NumberValue:
    """STRLEN in characters."""
    return whole(f"length({string(term)})")


def cased(term: TermValue, function: str) -> TermValue:
    """UCASE or LCASE (`upper` or `lower`): the same kind of string; letters with an irregular mapping stop the statement."""
    text = string(term)
    special = f"regexp_matches({text}, {quoted('[' + SPECIAL[function] + ']')})"
    result = f"CASE WHEN strlen({text}) = length({text}) OR NOT {special} THEN {function}({text}) ELSE {refusal('a letter that has no single counterpart in the other case', TEXT)} END"
    return TermValue(term.kinds & TEXTS, parts=(result, f"CASE WHEN {text} IS NOT NULL THEN {term.d} END", f"CASE WHEN {text} IS NOT NULL THEN {term.l} END"))


def tested(text: TermValue, argument: TermValue, function: str) -> Truth:
    """CONTAINS, STRSTARTS or STRENDS (`contains`, `starts_with`, `ends_with`) of compatible strings."""
    return Truth(f"CASE WHEN {_compatible(text, argument)} THEN {function}({string(text)}, {string(argument)}) END")


def _compatible(text: TermValue, argument: TermValue) -> str:
    """Argument compatibility (SPARQL 17.4.3.1.2): a plain argument, or one of the same language."""
    if not text.kinds & TEXTS or not argument.kinds & TEXTS:
        return "FALSE"
    plain = is_of(argument.d, _STRINGS, argument.kinds)
    language = f"({argument.d} = {LANGUAGE_CODE} AND {text.d} = {LANGUAGE_CODE} AND {argument.l} = {text.l})" if Kind.LANGUAGE in argument.kinds & text.kinds else "FALSE"
    return f"({is_of(text.d, TEXTS, text.kinds)} AND ({plain} OR {language}))"


def concatenated(terms: list[TermValue]) -> TermValue:
    """CONCAT: with a language where all strings have the same one."""
    if not terms:
        return text_of("''", str(STRING_CODE), _STRINGS)
    text = "(" + " || ".join(string(t) for t in terms) + ")"
    if not all(Kind.LANGUAGE in t.kinds for t in terms):
        return text_of(text, str(STRING_CODE), _STRINGS)
    one = terms[0]
    alike = " AND ".join(f"({t.d} = {LANGUAGE_CODE} AND {t.l} = {one.l})" for t in terms)
    code = f"CASE WHEN {text} IS NULL THEN NULL WHEN {alike} THEN {LANGUAGE_CODE} ELSE {STRING_CODE} END"
    language = f"CASE WHEN {text} IS NULL THEN NULL WHEN {alike} THEN {one.l} ELSE '' END"
    return TermValue(TEXTS, parts=(text, code, language))


def matched(text: TermValue, pattern: TermValue, flags: TermValue | None) -> Truth:
    """REGEX with a constant pattern. Raises BadInput SHP207 for a pattern that RE2 cannot run as the standard means it."""
    texts = []
    for part in (pattern, flags):
        if part is not None and not (isinstance(part.constant, Literal) and part.kinds <= _STRINGS):
            raise Unsupported("REGEX", "a pattern or flags that are no constant plain string")
        texts.append(part.constant.value if part is not None and isinstance(part.constant, Literal) else "")
    try:
        re2 = re2_of(*texts)
    except PatternRefused as refused:
        raise BadInput.at("SHP207", f"the pattern {quoted(texts[0])} of REGEX cannot be run: {refused}", why="a pattern that is not run would let every value pass", fix="write it without that construct; the patterns that run are those of RE2") from None
    if not text.kinds & TEXTS:
        return Truth(null(BOOLEAN))
    return Truth(f"regexp_matches({string(text)}, {quoted(re2)})")
