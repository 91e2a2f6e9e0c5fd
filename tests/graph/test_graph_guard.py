"""One read-only statement comes through, whatever its shape; nothing else does, however it is written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.contracts import BadInput
from engine.graph import GraphStore, refuse_unsafe
from engine.graph.cypher_tokens import Kind, tokens_of
from engine.graph.cypher_vocabulary import FORBIDDEN, FUNCTIONS, KEYWORDS, TABLE_FUNCTIONS
from engine.ontology import load_schema

SCHEMA = load_schema()

VALID: tuple[tuple[str, dict[str, Any]], ...] = (
    ("MATCH (r:Role) RETURN r.id", {}),
    ("match (r:Role) return r.id as id order by id desc skip 1 limit 5", {}),
    ("MATCH (r:Role)-[h:HAS_WORKFLOW]->(w:Workflow) WHERE h.importance >= 0.5 AND NOT w.id = 'x' RETURN r.id, w.id", {}),
    ("MATCH (r:Role) OPTIONAL MATCH (r)-[:HAS_WORKFLOW]->(w) RETURN r.id AS subject, count(w) AS workflows", {}),
    ("MATCH (o:Occupation)<-[:MAPS_TO]-(r:Role) RETURN DISTINCT o.label", {}),
    ("MATCH (o:Occupation)-[:BROADER*1..3]->(g:OccupationGroup) RETURN g.id", {}),
    ("MATCH (a:Occupation)-[:RELATED_TO* SHORTEST 1..4]-(b:Occupation) RETURN a.id", {}),
    ("MATCH (a:Occupation)-[e:RELATED_TO* 1..2 (r, n | WHERE r.confidence > 0.5)]->(b:Occupation) RETURN b.id", {}),
    ("MATCH p = (r:Role)-[:HAS_WORKFLOW|MAPS_TO]->(x) RETURN p", {}),
    ("MATCH (x:Role:Workflow) RETURN x.id", {}),
    ("MATCH (r:Role {id: $role}) RETURN r.label", {"role": "role/marketing-manager"}),
    ("MATCH (o:Occupation) WHERE o.id IN $keys RETURN o.id", {"keys": ["occupation/01"]}),
    ("UNWIND [1, 2, 3] AS x WITH x WHERE x > 1 RETURN sum(x), collect(x)", {}),
    ("UNWIND range(1, 10) AS x RETURN x % 2 AS odd, count(*) ORDER BY odd", {}),
    ("MATCH (r:Role) WITH r.id AS id, size(r.specialisms) AS n ORDER BY n LIMIT 1 RETURN id", {}),
    ("RETURN CASE WHEN 1 < 2 THEN 'a' ELSE 'b' END AS x", {}),
    ("MATCH (r:Role) WHERE EXISTS { MATCH (r)-[:MAPS_TO]->(:Occupation) } RETURN COUNT { MATCH (r)-[:HAS_WORKFLOW]->() } AS n", {}),
    ("MATCH (r:Role) WHERE (r)-[:MAPS_TO]->(:Occupation) RETURN r.id", {}),
    ("MATCH (r:Role) RETURN r.id AS id UNION ALL MATCH (w:Workflow) RETURN w.id AS id", {}),
    ("RETURN 'CREATE (n); DROP TABLE Role // not a comment' AS words", {}),
    ("RETURN \"it's\" AS a, 'say \\\"hi\\\"' AS b, 'back\\\\slash' AS c", {}),
    ("// first a comment; with CREATE\nMATCH (r:Role) /* and\nDELETE */ RETURN r.id // SET", {}),
    ("MATCH (r:Role) RETURN r.label AS `set`, r.id AS load", {}),
    ("RETURN {`copy`: 1, merge: 2} AS drop", {}),
    ("RETURN 'é – ü' AS `Übersicht`", {}),
    ("RETURN [1, 2, 3][1], [1, 2, 3][1:2], 2 ^ 3, -1, 1.5e3, .5", {}),
    ("RETURN list_transform([1, 2], x -> x + 1), cast('1' AS INT64), coalesce(NULL, 1) IS NOT NULL", {}),
    ("MATCH (r:Role) WHERE r.label STARTS WITH 'M' OR r.label CONTAINS 'x' OR r.label =~ '.*er' RETURN r", {}),
    ("MATCH (r:Role)\u00a0RETURN\u3000r.id", {}),
    ("CALL show_tables() RETURN name", {}),
    ("CALL table_info('Role') RETURN *", {}),
    ("MATCH (s:Skill)<-[k:REQUIRES_SKILL]-(o:Occupation) RETURN s.id, avg(k.importance), min(o.id), max(k.level)", {}),
    ("RETURN " + "(" * 39 + "1" + ")" * 39, {}),
)

FAULTY: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("", {}, "QRY105"), ("   // only words", {}, "QRY105"), ("MATCH (r:Role)", {}, "QRY105"), ("SHOW TABLES RETURN 1", {}, "QRY105"),
    ("RETURN " + "1 " * 20_000, {}, "QRY101"), ("RETURN " + "-" * 5_000 + "1", {}, "QRY101"),
    ("RETURN 'open", {}, "QRY103"), ("RETURN 1 /* open", {}, "QRY103"), ("RETURN `open", {}, "QRY103"),
    ("RETURN 'a\\qb'", {}, "QRY104"), ("RETURN '\\u12'", {}, "QRY104"), ("RETURN '\\ud800'", {}, "QRY104"), ("RETURN '\\u0000'", {}, "QRY104"),
    ("RETURN 'a''b'", {}, "QRY102"), ("RETURN `a``b`", {}, "QRY102"), ("RETURN 1a", {}, "QRY102"), ("RETURN a$b", {}, "QRY102"), ("RETURN $`x`", {}, "QRY102"),
    ("RETURN ``", {}, "QRY102"), ("RETURN \x00", {}, "QRY102"), ("MATCH (é) RETURN 1", {}, "QRY102"), ("RETURN 1\u037e", {}, "QRY102"),
    ("RETURN 1;", {}, "QRY107"), ("RETURN 1; RETURN 2", {}, "QRY107"),
    ("RETURN nextval('s')", {}, "QRY108"), ("RETURN `nextval`('s')", {}, "QRY108"), ("RETURN gen_random_uuid()", {}, "QRY108"), ("RETURN show_tables()", {}, "QRY108"),
    ("MATCH (a)-[*]->(b) RETURN a", {}, "QRY109"), ("MATCH (a)-[:USES*]->(b) RETURN a", {}, "QRY109"), ("MATCH (a)-[r:USES*2..]->(b) RETURN a", {}, "QRY109"),
    ("MATCH (a)-[r:USES*..7]->(b) RETURN a", {}, "QRY109"), ("MATCH (a)<-[r*30]-(b) RETURN a", {}, "QRY109"), ("MATCH (a)-[* SHORTEST]->(b) RETURN a", {}, "QRY109"),
    ("MATCH (a)-[* ALL SHORTEST 1..]->(b) RETURN a", {}, "QRY109"), ("MATCH (a)-[r*1..$n]->(b) RETURN a", {"n": 3}, "QRY109"),
    ("MATCH (a)-/* hide */[r*/* hide */]-(b) RETURN a", {}, "QRY109"), ("MATCH (a)-[r*1..2+28]->(b) RETURN a", {}, "QRY109"),
    ("RETURN (1", {}, "QRY110"), ("RETURN 1)", {}, "QRY110"), ("RETURN ([1)]", {}, "QRY110"), ("RETURN " + "(" * 1500 + "1" + ")" * 1500, {}, "QRY110"),
    ("RETURN $a", {}, "QRY111"), ("RETURN 1", {"a": 1}, "QRY111"), ("RETURN $a", {"A": 1}, "QRY111"), ("RETURN $a", {"a": None}, "QRY111"),
    ("RETURN $a", {"a": {}}, "QRY111"), ("RETURN $a", {"a": []}, "QRY111"), ("RETURN $a", {"a": [1, "x"]}, "QRY111"), ("RETURN $a", {"a": "\x00"}, "QRY111"),
    ("RETURN $a", {"a": 2**63}, "QRY111"),
    ("MATCH (r:Rolle) RETURN r", {}, "QRY112"), ("MATCH (r:`Rolle`) RETURN r", {}, "QRY112"), ("MATCH (:Role)-[:HAS_WORKFLOWS]->(w) RETURN w", {}, "QRY112"),
    ("MATCH (r:Role:Nothing) RETURN r", {}, "QRY112"), ("MATCH (r)-[:USES|:NONSENSE]->(w) RETURN w", {}, "QRY112"), ("MATCH (r:role) RETURN r", {}, "QRY112"),
    ("CALL current_setting('threads') RETURN *", {}, "QRY106"), ("CALL threads = 5", {}, "QRY106"), ("CALL `show_tables`() RETURN *", {}, "QRY106"),
)  # fmt: skip

FORBIDDEN_STATEMENTS = (
    "CREATE (n:Role {id: 'role/x'})", "MERGE (n:Role {id: 'role/x'}) RETURN n", "MATCH (r:Role) SET r.label = 'x' RETURN r", "MATCH (r:Role) DELETE r",
    "MATCH (r:Role) DETACH DELETE r", "MATCH (r:Role) REMOVE r.label RETURN r", "DROP TABLE Role", "ALTER TABLE Role ADD x STRING", "COPY Role FROM 'x.csv'",
    "COPY (MATCH (r:Role) RETURN r) TO 'x.csv'", "LOAD FROM '/etc/passwd' RETURN *", "LOAD EXTENSION httpfs", "EXPORT DATABASE 'x'", "IMPORT DATABASE 'x'",
    "INSTALL httpfs", "UNINSTALL httpfs", "ATTACH 'x' AS y (dbtype kuzu)", "DETACH y", "USE y", "BEGIN TRANSACTION", "COMMIT", "ROLLBACK", "CHECKPOINT",
    "EXPLAIN MATCH (r:Role) RETURN r", "PROFILE MATCH (r:Role) RETURN r", "COMMENT ON TABLE Role IS 'x'", "CREATE MACRO f(x) AS x + 1", "CREATE SEQUENCE s",
    "CALL project_graph('g', ['Role'], []) RETURN *", "CALL show_functions() RETURN *", "CALL json_scan('x') RETURN *", "FORCE INSTALL httpfs", "UPDATE httpfs",
    "MATCH (r:Role) RETURN r; DROP TABLE Role", "MATCH (r:Role) WITH r CREATE (:Skill {id: r.id})", "UNWIND [1] AS x CREATE (:Skill {id: 'x'}) RETURN x",
    "MATCH (r:Role) RETURN r UNION LOAD FROM 'x' RETURN *", "RETURN nextval('s')", "MATCH (a)-[*]->(b) RETURN a",
)  # fmt: skip


@pytest.mark.parametrize(("cypher", "parameters"), VALID)
def test_a_reading_statement_comes_through_and_the_engine_takes_it(store: GraphStore, cypher: str, parameters: dict[str, Any]) -> None:
    safe = refuse_unsafe(cypher, parameters, SCHEMA)
    assert refuse_unsafe(safe.text, parameters, SCHEMA).text == safe.text
    store.execute(safe.text, safe.parameters)


def test_the_text_means_the_same_after_it_was_written_anew(store: GraphStore) -> None:
    safe = refuse_unsafe("RETURN 'a\\nb\\t\\u00e9\\U0001F600' AS x, '\\ud83d\\ude00' AS y, \"it's\" AS z, 1/**/+/*x*/1 AS n", {}, SCHEMA)
    assert store.execute(safe.text).rows == (("a\nb\té😀", "😀", "it's", 2),)


@pytest.mark.parametrize(("cypher", "parameters", "code"), FAULTY)
def test_a_fault_is_named_with_its_place_and_remedy(cypher: str, parameters: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput) as caught:
        refuse_unsafe(cypher, parameters, SCHEMA)
    assert code in {d.code for d in caught.value.diagnostics}
    assert all(d.place.file == "<query>" and d.fix for d in caught.value.diagnostics)


def test_all_faults_are_collected_in_the_order_of_the_text() -> None:
    with pytest.raises(BadInput) as caught:
        refuse_unsafe("MATCH (a:Rolle)\nSET a.x = nextval('s')\nRETURN $p;", {}, SCHEMA)
    assert [(d.place.line, d.place.column, d.code) for d in caught.value.diagnostics] == [
        (1, 10, "QRY112"), (2, 1, "QRY106"), (2, 11, "QRY108"), (3, 8, "QRY111"), (3, 10, "QRY107"),
    ]  # fmt: skip
    assert "Role?" in caught.value.diagnostics[0].fix


@pytest.mark.parametrize(
    ("cypher", "fix"),
    [
        ("RETURN getenv('HOME')", "allowed are count"),
        ("RETURN cuont(1)", "did you mean count?"),
        ("MATCH (n:Nope) RETURN n", "known: Affordance, "),
        ("MATCH (n:Rolle) RETURN n", "did you mean Role?"),
        ("MATCH (n)-[:ZZZ]->(m) RETURN n", "known: AFFORDED_BY, "),
        ("MATCH (n)-[:HAS_WORKFLOWS]->(m) RETURN n", "did you mean HAS_WORKFLOW?"),
    ],
)
def test_a_remedy_suggests_only_what_could_have_been_meant(cypher: str, fix: str) -> None:
    with pytest.raises(BadInput) as caught:
        refuse_unsafe(cypher, {}, SCHEMA)
    (fault,) = caught.value.diagnostics
    assert fault.fix.startswith(fix)
    assert len(fault.fix) < 300


@pytest.mark.parametrize(
    "cypher",
    ["MATCH (set:Role) RETURN 1", "MATCH (a)-[load:USES]->(b) RETURN a", "MATCH (a:Project) RETURN 1", "WITH 1 AS x RETURN set", "RETURN 1, copy", "RETURN 1 + set", "MATCH (a) WHERE drop = 1 RETURN a"],
)
def test_backticks_are_advised_where_a_name_could_stand(cypher: str) -> None:
    with pytest.raises(BadInput, match="in backticks if it is a name"):
        refuse_unsafe(cypher, {}, SCHEMA)


@pytest.mark.parametrize("statement", FORBIDDEN_STATEMENTS)
def test_backticks_are_not_advised_for_a_clause(statement: str) -> None:
    with pytest.raises(BadInput) as caught:
        refuse_unsafe(statement, {}, SCHEMA)
    assert not [d for d in caught.value.diagnostics if "in backticks if" in d.fix]


@pytest.mark.parametrize("statement", FORBIDDEN_STATEMENTS)
def test_a_forbidden_statement_is_refused(statement: str) -> None:
    with pytest.raises(BadInput):
        refuse_unsafe(statement, {}, SCHEMA)


def test_the_vocabulary_does_not_contradict_itself() -> None:
    assert not FORBIDDEN & KEYWORDS
    assert not FORBIDDEN & FUNCTIONS
    assert not TABLE_FUNCTIONS & FUNCTIONS


GAPS = st.sampled_from([" ", "  ", "\t", "\n", "\r\n", "\f", "\x0b", "\u00a0", "\u2003", "\u3000", "\u2028", "/**/", "/* x */", "/***/", "//\n", "// ;'\"`\n", " /* // */ ", "\u200b", "\ufeff", "\u180e"])
WIDE = {chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)}
ALIKE = {"A": "А", "C": "С", "E": "Е", "O": "О", "P": "Р", "T": "Т", "S": "Ѕ", "K": "K", "I": "Ι", "a": "ａ", "s": "ſ", "(": "（", ";": ";"}


@st.composite
def disguises(draw: st.DrawFn) -> str:
    """A forbidden statement with another case, other gaps, other letters, and perhaps something harmless around it."""
    statement = draw(st.sampled_from(FORBIDDEN_STATEMENTS))
    out = []
    for character in statement:
        if character == " ":
            out.append("".join(draw(st.lists(GAPS, min_size=1, max_size=3))))
            continue
        how = draw(st.integers(0, 40))
        if how == 0:
            character = WIDE.get(character, character)
        elif how == 1:
            character = ALIKE.get(character, character)
        elif how == 2:
            character = f"\\u{ord(character):04x}"
        elif how < 20:
            character = character.swapcase()
        out.append(character)
    before = draw(st.sampled_from(["", "", "/* */", "// hi\n", "MATCH (r:Role) ", "RETURN 1 ", "RETURN 1; ", "WITH 1 AS x ", "RETURN 'a' AS ", "'", "`", "\ufeff"]))
    after = draw(st.sampled_from(["", "", ";", " RETURN 1", "; RETURN 1", " /* */", "//", "'", "`", " AS x RETURN x"]))
    return before + "".join(out) + after


def _harmless(cypher: str) -> None:
    """What the guard lets through names nothing forbidden outside quotes and backticks."""
    try:
        safe = refuse_unsafe(cypher, {}, SCHEMA)
    except BadInput:
        return
    tokens = tokens_of(safe.text)
    for index, token in enumerate(tokens):
        assert token.upper not in FORBIDDEN - {"CALL"}
        assert not token.is_symbol(";")
        if token.upper == "CALL":
            assert tokens[index + 1].upper in TABLE_FUNCTIONS
        if index + 1 < len(tokens) and tokens[index + 1].is_symbol("("):
            assert token.kind is not Kind.NAME
            assert token.kind is not Kind.WORD or token.upper in FUNCTIONS | KEYWORDS | TABLE_FUNCTIONS
    assert all(t.value.isascii() for t in tokens if t.kind is not Kind.TEXT and t.kind is not Kind.NAME)
    assert refuse_unsafe(safe.text, {}, SCHEMA).text == safe.text


@given(disguises())
@settings(max_examples=600, deadline=None)
@example("ＣＲＥＡＴＥ (n:Role)")
@example("MATCH (r:Role) /***/ SET r.x = 1 /* */ RETURN r")
@example("MATCH (r:Role) RETURN r.AS SET r.x = 1")
@example("RETURN 1 AS LOAD FROM '/etc/passwd' RETURN *")
@example("MATCH (r:Role) RETURN r. /* */ SET")
def test_no_disguise_brings_a_forbidden_statement_through(cypher: str) -> None:
    _harmless(cypher)


SOUP = st.sampled_from(
    [*sorted(FORBIDDEN), *sorted(KEYWORDS), "MATCH", "RETURN", "RETURN", "nextval", "count", "show_tables", "x", "r", "Role", "USES", "id", "`set`", "'a'", '"b"',
     "1", "2.5", "$p", *"()[]{},.:|+-*/=<>;", "..", "->", "<-", "-[", "]-", "/*", "*/", "//", "\n", "'", "`", "\\"]
)  # fmt: skip


@given(st.lists(st.tuples(SOUP, st.sampled_from(["", " ", "\n", "/**/"])), max_size=25), st.booleans())
@settings(max_examples=600, deadline=None)
def test_nothing_in_a_soup_of_words_comes_through(parts: list[tuple[str, str]], reading: bool) -> None:
    _harmless(("MATCH (r:Role) RETURN r " if reading else "") + "".join(word + gap for word, gap in parts))


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_answered_or_refused_without_a_crash(text: str) -> None:
    _harmless(text)
    _harmless(f"RETURN {text}")
