"""Made-up data in the shape of a publisher's occupational data: classes, predicates and proportions as there, all words invented.

Deterministic. A few dozen records are broken on purpose; SEEDS says which, and what each must be found for.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BASE = "https://example.org/occupational/"
DEF = BASE + "def#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
TASKS, TITLES, RATINGS, ELEMENTS, GROUPS = 20, 30, 83, 120, 23  # of one occupation; the last two of all
PER_OCCUPATION = 7 + TASKS * 7 + TITLES * 4 + TITLES // 2 + RATINGS * 11
FIXED = ELEMENTS * 4 + GROUPS + 2 * 2

SHAPES = """
@prefix : <https://example.org/occupational/def#> .
@prefix s: <https://example.org/occupational/shape#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix o: <https://example.org/occupational/origin/> .
@prefix scale: <https://example.org/occupational/scale/> .

s:Occupation a sh:NodeShape ; sh:targetClass :Occupation ;
  sh:property [ sh:path :code ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ; sh:pattern "^[0-9]{2}-[0-9]{4}\\\\.[0-9]{2}$" ] ,
    [ sh:path rdfs:label ; sh:minCount 1 ; sh:datatype rdf:langString ; sh:uniqueLang true ; sh:languageIn ( "en" "de" ) ] ,
    [ sh:path :description ; sh:maxCount 1 ; sh:minLength 20 ; sh:maxLength 400 ] ,
    [ sh:path :jobZone ; sh:maxCount 1 ; sh:in ( 1 2 3 4 5 ) ] ,
    [ sh:path :group ; sh:minCount 1 ; sh:nodeKind sh:IRI ; sh:class :Group ] ,
    [ sh:path [ sh:inversePath :titleOf ] ; sh:minCount 1 ] ,
    [ sh:path [ sh:inversePath :taskOf ] ; sh:maxCount 60 ] ;
  sh:sparql s:SharesMakeAHundred .

s:Task a sh:NodeShape ; sh:targetClass :Task ;
  sh:property [ sh:path :taskOf ; sh:minCount 1 ; sh:maxCount 1 ; sh:class :Occupation ] ,
    [ sh:path :statement ; sh:minCount 1 ; sh:datatype xsd:string ; sh:minLength 12 ] ,
    [ sh:path :importance ; sh:datatype xsd:decimal ; sh:minInclusive 1 ; sh:maxInclusive 5 ] ,
    [ sh:path :kind ; sh:minCount 1 ; sh:in ( "Core" "Supplemental" ) ] ,
    [ sh:path :updated ; sh:maxCount 1 ; sh:datatype xsd:date ] ,
    [ sh:path :share ; sh:datatype xsd:integer ; sh:minInclusive 0 ; sh:maxInclusive 100 ] .

s:Title a sh:NodeShape ; sh:targetClass :Title ;
  sh:property [ sh:path :titleOf ; sh:minCount 1 ; sh:nodeKind sh:IRI ; sh:class :Occupation ] ,
    [ sh:path :text ; sh:minCount 1 ; sh:maxLength 120 ; sh:languageIn ( "en" ) ] ,
    [ sh:path :short ; sh:maxCount 1 ; sh:maxLength 24 ] ,
    [ sh:path :origin ; sh:in ( o:survey o:employer o:census ) ] .

s:Rating a sh:NodeShape ; sh:targetClass :Rating ;
  sh:property [ sh:path :ratingOf ; sh:minCount 1 ; sh:maxCount 1 ; sh:class :Occupation ] ,
    [ sh:path :element ; sh:minCount 1 ; sh:maxCount 1 ; sh:class :Element ] ,
    [ sh:path :scale ; sh:minCount 1 ; sh:in ( scale:IM scale:LV ) ] ,
    [ sh:path :value ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:decimal ; sh:minInclusive 0 ; sh:maxInclusive 7 ] ,
    [ sh:path :error ; sh:datatype xsd:decimal ; sh:minInclusive 0 ; sh:maxExclusive 3 ] ,
    [ sh:path :sample ; sh:datatype xsd:integer ; sh:minExclusive 0 ] ,
    [ sh:path :lower ; sh:lessThanOrEquals :upper ] ,
    [ sh:path :upper ; sh:datatype xsd:decimal ] ,
    [ sh:path :surveyed ; sh:datatype xsd:date ; sh:minInclusive "2000-01-01"^^xsd:date ] ,
    [ sh:path :source ; sh:hasValue <https://example.org/occupational/source/survey> ] ;
  sh:sparql s:ValueWithinScale .

s:Element a sh:NodeShape ; sh:targetClass :Element ;
  sh:property [ sh:path rdfs:label ; sh:minCount 1 ; sh:datatype rdf:langString ] ,
    [ sh:path :key ; sh:minCount 1 ; sh:pattern "^[1-9](\\\\.[A-Z](\\\\.[0-9]+)*)$" ] ,
    [ sh:path :within ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] .

<https://example.org/occupational/def> sh:declare [ sh:prefix "" ; sh:namespace "https://example.org/occupational/def#"^^xsd:anyURI ] .
s:SharesMakeAHundred sh:prefixes <https://example.org/occupational/def> ; sh:message "shares of tasks make {?sum}, not 100" ;
  sh:select "SELECT $this (SUM(?share) AS ?sum) WHERE { ?task :taskOf $this ; :share ?share } GROUP BY $this HAVING (SUM(?share) != 100)" .
s:ValueWithinScale sh:prefixes <https://example.org/occupational/def> ; sh:message "the value is beyond its scale" ;
  sh:select "SELECT $this ?value WHERE { $this :value ?value ; :scale ?scale . ?scale :maximum ?maximum . FILTER (?value > ?maximum) FILTER NOT EXISTS { $this :suppressed true } }" .
"""

_WORDS = [a + b for a in ("bal", "dor", "fen", "gril", "hast", "jun", "kel", "lum", "mer", "nov", "orb", "pil", "quar", "ros", "sten", "tal") for b in ("an", "er", "ick", "ol", "um", "ing", "ette", "ärd")]


def _iri(kind: str, number: object) -> str:
    return f"<{BASE}{kind}/{number}>"


def _typed(value: object, datatype: str) -> str:
    return f'"{value}"^^<{XSD}{datatype}>'


@dataclass(frozen=True, slots=True)
class Seed:
    """A record broken on purpose: what stands in place of its values of a predicate (a local name), and the constraint components that it breaks.

    `focus` is the kind of the node that the results are about, where that is not the record: the occupation of a task or title.
    """

    kind: str
    predicate: str
    values: tuple[str, ...]
    components: tuple[str, ...]
    focus: str = ""


SEEDS = (
    Seed("occupation", "code", (), ("MinCount",)),
    Seed("occupation", "code", ('"11-2021.00"', '"11-2021.01"'), ("MaxCount",)),
    Seed("occupation", "code", ('"11-202"',), ("Pattern",)),
    Seed("occupation", "code", (_typed("11-2021.00", "token"),), ("Datatype",)),
    Seed("occupation", "label", (), ("MinCount",)),
    Seed("occupation", "label", ('"plain"',), ("Datatype", "LanguageIn")),
    Seed("occupation", "label", ('"one"@en', '"two"@en'), ("UniqueLang",)),
    Seed("occupation", "label", ('"un"@fr',), ("LanguageIn",)),
    Seed("occupation", "description", ('"short"',), ("MinLength",)),
    Seed("occupation", "description", (f'"{"long " * 90}"',), ("MaxLength",)),
    Seed("occupation", "jobZone", (_typed(6, "integer"),), ("In",)),
    Seed("occupation", "group", ('"Management"',), ("NodeKind", "Class")),
    Seed("occupation", "group", (_iri("group", "none"),), ("Class",)),
    Seed("task", "taskOf", (), ("MinCount",)),
    Seed("task", "statement", ('"Too short"',), ("MinLength",)),
    Seed("task", "statement", ('"long enough to stand"@en',), ("Datatype",)),
    Seed("task", "importance", (_typed("5.01", "decimal"),), ("MaxInclusive",)),
    Seed("task", "importance", (_typed("0.99", "decimal"),), ("MinInclusive",)),
    Seed("task", "importance", (_typed("much", "decimal"),), ("Datatype", "MinInclusive", "MaxInclusive")),
    Seed("task", "kind", ('"core"',), ("In",)),
    Seed("task", "updated", (_typed("2026-02-30", "date"),), ("Datatype",)),
    Seed("task", "share", (_typed(5, "decimal"),), ("Datatype",)),
    Seed("task", "share", (_typed(7, "integer"),), ("SPARQL",), "occupation"),
    Seed("title", "titleOf", (_iri("task", 1),), ("Class",)),
    Seed("title", "text", (f'"{"endless " * 16}"@en',), ("MaxLength",)),
    Seed("title", "text", ('"titel"@de',), ("LanguageIn",)),
    Seed("title", "short", ('"a"', '"b"'), ("MaxCount",)),
    Seed("title", "origin", (_iri("origin", "hearsay"),), ("In",)),
    Seed("rating", "ratingOf", (_iri("occupation", "none"),), ("Class",)),
    Seed("rating", "element", (_iri("element", 1), _iri("element", 2)), ("MaxCount",)),
    Seed("rating", "scale", (_iri("scale", "XX"),), ("In",)),
    Seed("rating", "scale", (), ("MinCount",)),
    Seed("rating", "value", (), ("MinCount",)),
    Seed("rating", "value", (_typed("7.25", "decimal"),), ("MaxInclusive", "SPARQL")),
    Seed("rating", "value", (_typed("-0.5", "decimal"),), ("MinInclusive",)),
    Seed("rating", "value", (_typed("3.5", "double"),), ("Datatype",)),
    Seed("rating", "error", (_typed("3.0", "decimal"),), ("MaxExclusive",)),
    Seed("rating", "sample", (_typed(0, "integer"),), ("MinExclusive",)),
    Seed("rating", "sample", (_typed("many", "integer"),), ("Datatype", "MinExclusive")),
    Seed("rating", "lower", (_typed("6.9", "decimal"),), ("LessThanOrEquals",)),
    Seed("rating", "upper", ('"7.0"',), ("Datatype", "LessThanOrEquals")),
    Seed("rating", "surveyed", (_typed("1999-12-31", "date"),), ("MinInclusive",)),
    Seed("rating", "source", (_iri("source", "hearsay"),), ("HasValue",)),
    Seed("element", "key", ('"x.1"',), ("Pattern",)),
    Seed("element", "within", ('"element 1"',), ("NodeKind",)),
)  # fmt: skip


def seeded_record(seed: int) -> int:
    """Number of the record that a seed breaks: no two seeds meet, in the smallest data already."""
    return 5 + seed * 2 if SEEDS[seed].kind in ("occupation", "element") else 400 + seed * 29


def expected_results() -> set[tuple[str, str]]:
    """What must be found: focus IRI and local name of the constraint component."""
    found = set()
    for number, seed in enumerate(SEEDS):
        record = seeded_record(number)
        focus = f"{BASE}occupation/{record // TASKS}" if seed.focus else f"{BASE}{seed.kind}/{record}"
        found |= {(focus, c) for c in seed.components}
        if seed.kind == "task" and seed.predicate == "taskOf":
            found.add((f"{BASE}occupation/{record // TASKS}", "SPARQL"))  # the sum lacks this task's share
    return found


def occupations_of(triples: int) -> int:
    """How many occupations make about so many triples."""
    return max(60, round((triples - FIXED) / PER_OCCUPATION))


def write_data(path: Path, triples: int) -> int:
    """Write about so many triples as N-Triples; how many they are."""
    made, written = random.Random(20261121), 0
    broken = {(SEEDS[n].kind, seeded_record(n)): SEEDS[n] for n in range(len(SEEDS))}
    with open(path, "w", encoding="utf-8") as file:
        for kind, number, values in _records(made, occupations_of(triples)):
            seed = broken.get((kind, number))
            if seed is not None:
                values = [(p, v) for p, v in values if p != seed.predicate] + [(seed.predicate, v) for v in seed.values]
            subject = _iri(kind, number)
            file.write("".join(f"{subject} <{TYPE if p == 'type' else LABEL if p == 'label' else DEF + p}> {v} .\n" for p, v in values))
            written += len(values)
    return written


def _text(made: random.Random, words: int) -> str:
    return " ".join(made.choices(_WORDS, k=words))


def _records(made: random.Random, occupations: int) -> Iterator[tuple[str, object, list[tuple[str, str]]]]:
    """Kind, number, and values by predicate of every record."""
    types = {kind: ("type", f"<{DEF}{kind.capitalize()}>") for kind in ("occupation", "task", "title", "rating", "element", "group", "scale")}
    for name, maximum in (("IM", 5), ("LV", 7)):
        yield "scale", name, [types["scale"], ("maximum", _typed(f"{maximum}.0", "decimal"))]
    for number in range(GROUPS):
        yield "group", number, [types["group"]]
    for number in range(ELEMENTS):
        yield "element", number, [types["element"], ("label", f'"{_text(made, 2)}"@en'), ("key", f'"{1 + number % 6}.A.{number}"'), ("within", _iri("element", number // 7))]
    source = ("source", _iri("source", "survey"))
    for occupation in range(occupations):
        of = _iri("occupation", occupation)
        yield "occupation", occupation, [
            types["occupation"], ("code", f'"{11 + occupation % 45:02}-{occupation % 10_000:04}.{occupation // 10_000:02}"'), ("label", f'"{_text(made, 3)}"@en'), ("label", f'"{_text(made, 2)}"@de'),
            ("description", f'"{_text(made, 18)}"'), ("jobZone", _typed(1 + occupation % 5, "integer")), ("group", _iri("group", occupation % GROUPS)),
        ]  # fmt: skip
        for number in range(occupation * TASKS, (occupation + 1) * TASKS):
            yield "task", number, [
                types["task"], ("taskOf", of), ("statement", f'"{_text(made, 12)}."'), ("importance", _typed(f"{made.randrange(100, 501) / 100:.2f}", "decimal")),
                ("kind", '"Core"' if number % 3 else '"Supplemental"'), ("updated", _typed(f"20{made.randrange(10, 26)}-0{made.randrange(1, 10)}-{made.randrange(10, 29)}", "date")), ("share", _typed(5, "integer")),
            ]  # fmt: skip
        for number in range(occupation * TITLES, (occupation + 1) * TITLES):
            short = [("short", f'"{made.choice(_WORDS)}"')] if number % 2 else []
            yield "title", number, [types["title"], ("titleOf", of), ("text", f'"{_text(made, 3)} {number}"@en'), ("origin", _iri("origin", ("survey", "employer", "census")[number % 3])), *short]
        for number in range(occupation * RATINGS, (occupation + 1) * RATINGS):
            value = made.randrange(0, 501)
            yield "rating", number, [
                types["rating"], ("ratingOf", of), ("element", _iri("element", number % ELEMENTS)), ("scale", _iri("scale", "LV" if number % 2 else "IM")), ("value", _typed(f"{value / 100:.2f}", "decimal")),
                ("error", _typed(f"{made.randrange(0, 200) / 100:.2f}", "decimal")), ("sample", _typed(made.randrange(8, 90), "integer")), ("lower", _typed(f"{max(0, value - 30) / 100:.2f}", "decimal")),
                ("upper", _typed(f"{(value + 30) / 100:.2f}", "decimal")), ("surveyed", _typed(f"20{made.randrange(10, 26)}-1{made.randrange(0, 3)}-{made.randrange(10, 29)}", "date")), source,
            ]  # fmt: skip
