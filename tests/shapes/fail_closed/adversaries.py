"""Cases against fail-closed reading, made into files: from YAML beside this module, and those that are too large to write down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

EX = "http://example.org/"
HEADER = (
    "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
    "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
)
DATA = 'ex:p a ex:Person ; ex:name "Ada" ; ex:age 36 ; ex:knows ex:p .\n'
MARK = "#!"


@dataclass(frozen=True)
class Adversary:
    """One case: files by name, which are data and which shapes, and what must come of it.

    `code` is a pattern for the codes; `shapes_named` are the shapes of which one must be named (none: nobody is asked
    for); `results` counts validation results where the case is harmless.
    """

    topic: str
    says: str
    files: dict[str, bytes]
    data: tuple[str, ...] = ("data.ttl",)
    shapes: tuple[str, ...] = ("shapes.ttl",)
    code: str = ""
    shapes_named: tuple[str, ...] = ()
    results: tuple[int | str, ...] = ()
    count: int = 0
    says_also: str = ""
    exits: tuple[int, ...] = (2,)
    lines: dict[str, set[int]] = field(default_factory=dict)


def written_cases(http: str, fifo: str) -> list[Adversary]:
    """The cases of the YAML files; `http` and `fifo` are addresses that nobody may ask."""
    found = []
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml")):
        found += [_adversary(path.stem, case, http, fifo) for case in yaml.safe_load(path.read_text(encoding="utf-8"))]
    return found


def _adversary(topic: str, case: dict[str, Any], http: str, fifo: str) -> Adversary:
    def filled(text: str) -> str:
        text = text.replace("CANARY_HTTP", http).replace("CANARY_ADDRESS", "file:" + "//" + fifo).replace("CANARY_FILE", fifo).replace("DIGITS", "9" * 1_000_000).replace("LONG", "a" * 50_000)
        text = re.sub("PARENTHESES(.*)PARENTHESES", lambda m: "(" * 100_000 + m[1] + ")" * 100_000, text)
        text = re.sub("GROUPS(.*)GROUPS", lambda m: "{" * 100_000 + m[1] + "}" * 100_000, text)
        return text.replace("PLUSES", "+1" * 100_000)

    if "property" in case:
        case["shapes"] = f"ex:S a sh:NodeShape ; sh:targetClass ex:Person ;  {MARK}\n  sh:property [ sh:path ex:name ; {case['property']} ] .  {MARK}"
    elif "node" in case:
        case["shapes"] = f"ex:S a sh:NodeShape ; sh:targetClass ex:Person ; {case['node']} .  {MARK}"
    elif "path" in case:
        case["shapes"] = f"ex:S a sh:PropertyShape ; sh:targetClass ex:Person ; sh:minCount 1 ;  {MARK}\n  sh:path {case['path']} .  {MARK}"
    elif "select" in case:
        query = case["select"].replace("\\", "\\\\").replace('"', '\\"')
        case["shapes"] = f'ex:S a sh:NodeShape ; sh:targetClass ex:Person ;  {MARK}\n  sh:sparql [  {MARK}\n    sh:select """{query}""" ] .  {MARK}'
    suffix, data_suffix = case.get("as", ".ttl"), case.get("data_as", ".ttl")
    texts = {
        "shapes" + suffix: case["raw"] if "raw" in case else case.get("shapes_prefix", "") + HEADER + case.get("shapes", ""),
        "data" + data_suffix: case["data_raw"] if "data_raw" in case else HEADER + case.get("data", DATA),
        "context.jsonld": '{"@context": {"a": "http://example.org/a"}}',
    }
    if "more" in case:
        texts["more.ttl"] = HEADER + case["more"]
    files = {name: filled(text).encode() for name, text in texts.items()}
    if "bytes" in case:
        files["shapes" + suffix] = bytes.fromhex(case["bytes"])
    files["shapes" + suffix] += bytes.fromhex(case.get("bytes_after", ""))
    for kind, name in (("shapes", "shapes" + suffix), ("data", "data" + data_suffix)):
        if kind in (case.get("missing"), case.get("folder")):
            del files[name]
            if "folder" in case:
                files[name + "/inside"] = b""
    named, results, exits = case.get("shape", "S"), case.get("results", ()), case.get("exit", (2,))
    return Adversary(
        topic=topic, says=case["says"], files=files, data=("data" + data_suffix,), shapes=("shapes" + suffix, *(["more.ttl"] if "more" in case else [])),
        code=case.get("code", ""), shapes_named=tuple(named) if isinstance(named, list) else (named,) if named and "code" in case else (),
        results=tuple(results) if isinstance(results, (list, tuple)) else (results,), count=case.get("count", 0), says_also=case.get("says_also", ""),
        exits=tuple(exits), lines={name: {i for i, line in enumerate(text.splitlines(), 1) if MARK in line} for name, text in texts.items() if MARK in text},
    )  # fmt: skip


# ---------------------------------------------------------------- too large to write down


def huge_cases() -> Iterator[Adversary]:
    """Each is refused, or judged rightly, within the limits; `results` says which outcomes are right."""

    def case(says: str, shapes: str, *, code: str = "", results: tuple[int | str, ...] = (), data: str = DATA, named: tuple[str, ...] = ()) -> Adversary:
        return Adversary("huge", says, {"shapes.ttl": (HEADER + shapes).encode(), "data.ttl": (HEADER + data).encode()}, code=code, results=results, shapes_named=named)

    target = "ex:S a sh:NodeShape ; sh:targetClass ex:Person ; "
    fine = target + "sh:class ex:Person .\n"
    yield case("a circle of 15,000 shapes", target + "sh:node ex:S0 .\n" + "".join(f"ex:S{i} sh:node ex:S{(i + 1) % 15_000} .\n" for i in range(15_000)), code="SHP201|SHP112")
    yield case("a chain of 3,000 shapes", target + "sh:node ex:S0 .\n" + "".join(f"ex:S{i} sh:node ex:S{i + 1} .\n" for i in range(3_000)) + "ex:S3000 sh:class ex:Robot .", results=(1, "refused"))
    for levels in (8, 40):
        yield case(f"property shapes that double {levels} times", target + "sh:node ex:S0 .\n" + "".join(
            f"ex:S{i} a sh:NodeShape ; sh:property [ sh:path ex:knows ; sh:node ex:S{i + 1} ], [ sh:path ex:knows ; sh:node ex:S{i + 1} ; sh:minCount 1 ] .\n" for i in range(levels)
        ) + f"ex:S{levels} sh:class ex:Robot .", results=(1,) if levels == 8 else ("refused",))  # fmt: skip
    doubled = "".join(f"ex:S{i} a sh:NodeShape ; sh:and ( [ sh:node ex:S{i + 1} ] [ sh:not [ sh:not ex:S{i + 1} ] ] ) .\n" for i in range(40))
    yield case("shapes that double forty times", target + "sh:node ex:S0 .\n" + doubled + "ex:S40 sh:class ex:Robot .", results=(1, "refused"))
    chain = "".join(f"ex:S{i} sh:node ex:S{i + 1} .\n" for i in range(24))
    yield case("a chain of 25 shapes", target + "sh:node ex:S0 .\n" + chain + "ex:S24 sh:class ex:Robot .", results=(1,))
    yield case("brackets 100,000 deep", target + "sh:not " + "[ sh:not " * 100_000 + "[]" + "]" * 100_000 + " .", results=("refused",))
    yield case("brackets 100,000 deep that never close", target + "sh:not " + "[ sh:not " * 100_000, results=("refused",))
    yield case("lists 100,000 deep", target + "sh:in " + "( " * 100_000 + ")" * 100_000 + " .", results=("refused", 1))
    yield case("paths 20,000 deep", "ex:S a sh:PropertyShape ; sh:targetClass ex:Person ; sh:minCount 1 ; sh:path " + "[ sh:inversePath " * 20_000 + "ex:name" + " ]" * 20_000 + " .", results=("refused",))
    yield case("paths 300 deep", "ex:S a sh:PropertyShape ; sh:targetClass ex:Person ; sh:minCount 1 ; sh:path " + "[ sh:inversePath " * 300 + "ex:name" + " ]" * 300 + " .", results=(0, "refused"))
    choice = "ex:name"
    for depth in range(1, 17):
        choice = f"[ sh:zeroOrMorePath [ sh:alternativePath ( {choice} [ sh:inversePath ex:knows ] ) ] ]"
        if depth in (6, 16):
            yield case(f"{depth} stars in stars", f"ex:S a sh:PropertyShape ; sh:targetClass ex:Person ; sh:minCount 9 ; sh:path {choice} .", results=(1,) if depth == 6 else ("refused",))
    yield case("a list of 150,000 values", target + "sh:in ( " + " ".join(f"ex:v{i}" for i in range(150_000)) + " ) .", results=(1, "refused"))
    yield case("a list of 50,000 values", target + "sh:in ( " + " ".join(f"ex:v{i}" for i in range(50_000)) + " ) .", results=(1, "refused"))
    yield case("a list that runs in a circle of 30,000", target + "sh:in _:l0 .\n" + "".join(f"_:l{i} rdf:first {i} ; rdf:rest _:l{(i + 1) % 30_000} .\n" for i in range(30_000)), code="SHP205|SHP112", named=("S",))
    yield case("20,000 values of one parameter", target + "sh:hasValue " + ", ".join(f"ex:v{i}" for i in range(20_000)) + " .", results=("refused",))
    yield case("1,000 values of one parameter", target + "sh:hasValue " + ", ".join(f"ex:v{i}" for i in range(1_000)) + " .", results=(1_000,))
    yield case("20,000 misspelt parameters", target + " ; ".join(f"sh:minCoun{i} 1" for i in range(20_000)) + " .", code="SHP202|SHP112", named=("S",))
    yield case("10,000 bad patterns", target + "".join(f"sh:property [ sh:path ex:name ; sh:pattern '(({i}' ] ; " for i in range(10_000)) + " .", code="SHP207|SHP112", named=("S",))
    yield case("2,000 qualified siblings", target + "".join(
        f"sh:property [ sh:path ex:knows ; sh:qualifiedValueShape [ sh:class ex:C{i} ] ; sh:qualifiedMaxCount 1 ; sh:qualifiedValueShapesDisjoint true ] ; " for i in range(2_000)
    ) + " .", results=(0, "refused"))  # fmt: skip
    yield case("a literal of 5 MB", fine + 'ex:S sh:message "' + "\\n" * 2_500_000 + '" .', results=(0, "refused"))
    yield case("a comment of 5 MB", fine + "# " + "x" * 5_000_000, results=(0, "refused"))
    yield case("a name of 5 MB", fine + "ex:S ex:note ex:" + "x" * 5_000_000 + " .", results=(0, "refused"))
    yield case("a literal of 5 MB that never ends", fine + 'ex:S sh:message "' + "\\n" * 2_500_000, code="SHP11[02]")
    yield case("a pattern of 1 MB", target + 'sh:property [ sh:path ex:name ; sh:pattern "' + "(a|b)*" * 170_000 + '" ] .', results=(0, "refused"))
    yield case("a pattern 100,000 deep", target + 'sh:property [ sh:path ex:name ; sh:pattern "' + "(" * 100_000 + ")" * 100_000 + '" ] .', results=(0, "refused"))
    yield case("a query of 2 MB", target + 'sh:sparql [ sh:select "SELECT $this WHERE { ' + "$this ex:p ?o . " * 120_000 + '}" ] .', results=("refused",))
    yield case("nothing but opening brackets", "[" * 1_000_000, code="SHP11[02]")
    yield case("nothing but quotation marks", '"' * 1_000_001, code="SHP11[02]")
    yield case("data with brackets 100,000 deep", fine, data="ex:p a ex:Person ; ex:knows " + "[ ex:knows " * 100_000 + "[]" + "]" * 100_000 + " .", results=(0, "refused"))
    yield case("data that walk 20,000 steps in a circle", target + "sh:property [ sh:path [ sh:oneOrMorePath ex:knows ] ; sh:class ex:Person ] .",
        data="".join(f"ex:p{i} ex:knows ex:p{(i + 1) % 20_000} .\n" for i in range(20_000)) + "ex:p0 a ex:Person .", results=(19_999, "refused"))  # fmt: skip
