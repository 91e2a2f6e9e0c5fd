"""The page of the contracts, made from the shape files and their examples: each named shape under its name, so that a finding can lead there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from engine.shapes import Blank, Iri, Literal, Shape, Shapes, Term, algebra, paths, read_shapes
from engine.shapes.algebra import Constraint
from engine.shapes.paths import Path as ShaclPath

ROOT = Path(__file__).resolve().parent.parent.parent
GENERATED = ("structure", "references")
BOUNDS = {"MinExclusive": "above", "MinInclusive": "at least", "MaxExclusive": "below", "MaxInclusive": "at most"}
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


def contracts_page(made: str) -> str:
    """Every named shape with what it asks, why, of what, and what breaks it. `made` is the line that says how the page is made."""
    folder = ROOT / "shapes"
    written = sorted(p.stem for p in folder.glob("*.ttl") if p.stem not in GENERATED)
    files = {name: _File(name, folder) for name in (*written, *GENERATED)}
    by_hand = sum(f.asked for n, f in files.items() if n in written)
    lines = [
        "# Contracts", "", made, "",
        "What every record must keep to before a graph is published. A finding of `wig validate` leads to the contract that it breaks, by its name here.",
        f"{by_hand} contracts are written by hand in `shapes/`, each with edits of a small conforming world that break it (`shapes/examples/`). The others follow",
        "from [the ontology](ontology.md): types, cardinalities, ranges and units, allowed values, and what each relation may join.", "",
        *(f"- [{n}](#{n}): {len(f.named)} shapes" for n, f in files.items()),
    ]  # fmt: skip
    for name, file in files.items():
        lines += ["", f"## {name}", "", *file.about, *(line for node in file.named for line in file.section(node))]
    return "\n".join(lines) + "\n"


class _File:
    """One shape file, ready to be told."""

    def __init__(self, name: str, folder: Path) -> None:
        path = folder / f"{name}.ttl"
        self.generated = name in GENERATED
        self.about = [line.removeprefix("# ") for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("# ") and "`wig ontology compile`" not in line]
        self.shapes: Shapes = read_shapes([path])
        self.queries = {c.source: c for s in self.shapes.shapes.values() for c in s.constraints if isinstance(c, algebra.Sparql) and isinstance(c.source, Iri)}
        self.named = sorted((n for n in (*self.shapes.shapes, *self.queries) if isinstance(n, Iri)), key=_name)
        self.labels = {line.split(" ", 1)[0]: line.split('"')[1] for line in self.shapes.triples if f"<{LABEL}>" in line}
        self.examples: dict[str, list[str]] = {}
        examples = folder / "examples" / f"{name}.violating.yaml"
        for example in yaml.safe_load(examples.read_text(encoding="utf-8")) if examples.is_file() else []:
            for shape in {f.partition(".")[0] for f in ([example["fires"]] if isinstance(example["fires"], str) else example["fires"])}:
                self.examples.setdefault(shape, []).append(example["example"])

    @property
    def asked(self) -> int:
        """How many named shapes say what to mend."""
        return sum(bool(self._said(n, "message")) for n in self.named)

    def section(self, node: Iri) -> list[str]:
        """The section of one named shape."""
        message, why = self._said(node, "message"), self._said(node, "description")
        users = sorted({s.node for s in self.shapes.shapes.values() if node in (*_members(s), *(c.source for c in s.constraints if isinstance(c, algebra.Sparql)))}, key=_key)
        parts = [f"*{self.labels[node.n3()]}*"]
        named = sorted({_name(self.shapes.owner.get(u, u) if isinstance(u, Blank) else u) for u in users})
        parts += [f"part of {', '.join(_link(u) for u in named)}"] if named else []
        lines = ["", f"### {_name(node)}", "", ", ".join(parts) + "."]
        lines += ["", f"**{message[0].upper()}{message[1:]}.** {why}"] if message else []
        return [*lines, "", *(f"- {fact}" for fact in self._facts(node))]

    def _facts(self, node: Iri) -> Iterator[str]:
        shape = self.shapes.shapes.get(node)
        if shape is None:
            yield f"asks that nothing answers `{' '.join(self.queries[node].query.split('PREFIX')[-1].split('>', 1)[1].split())}`"
        else:
            if shape.targets:
                yield f"of {'; '.join(_targets(shape.targets))}"
            inner = [c for c in shape.constraints if not isinstance(c, algebra.PropertyShapeOf | algebra.Sparql)]
            if shape.path is not None or inner:
                yield f"asks of {f'`{_path(shape.path)}`' if shape.path is not None else 'the record'}: {self._phrases(inner)}"
            parts = [self.shapes.shapes[c.shape] for c in shape.constraints if isinstance(c, algebra.PropertyShapeOf)]
            queries = [c.source for c in shape.constraints if isinstance(c, algebra.Sparql) and isinstance(c.source, Iri)]
            if linked := [_link(_name(n)) for n in (*(p.node for p in parts), *queries) if isinstance(n, Iri)]:
                yield f"holds together {', '.join(linked)}"
            yield from (self._part(p) for p in parts if isinstance(p.node, Blank))
        for sentence in self.examples.get(_name(node), []):
            yield f"broken by {sentence}"
        if self.generated and shape is not None:
            yield f"broken by {_broken(shape, self.shapes)}"

    def _part(self, part: Shape) -> str:
        told = next((m.value for m in part.messages), "")
        why = next((d.value for d in part.descriptions), "")
        return f"asks of `{_path(part.path)}`: {self._phrases(part.constraints)}" + (f". *{told[0].upper()}{told[1:]}.* {why}" if told else "")

    def _phrases(self, constraints: Sequence[Constraint]) -> str:
        return ", ".join(self._phrase(c) for c in constraints)

    def _phrase(self, constraint: Constraint) -> str:
        match constraint:
            case algebra.MinCount(n) | algebra.QualifiedMinCount(count=n) | algebra.MaxCount(n) | algebra.QualifiedMaxCount(count=n):
                counted = f" for which {self._shape(constraint.shape)}" if isinstance(constraint, algebra.QualifiedMinCount | algebra.QualifiedMaxCount) else ""
                return ("at least " if isinstance(constraint, algebra.MinCount | algebra.QualifiedMinCount) else "at most ") + f"{n} {'value' if n == 1 else 'values'}{counted}"
            case algebra.ClassOf(iri):
                return f"of class `{_local(iri)}`"
            case algebra.Datatype(iri):
                return f"type {_local(iri)}"
            case algebra.NodeKind(kinds):
                return f"kind {' or '.join(sorted(kinds))}"
            case algebra.Bound(component, limit):
                return f"{BOUNDS[component]} {limit.value}"
            case algebra.MinLength(n):
                return f"{n} or more characters" if n > 1 else "not empty"
            case algebra.MaxLength(n):
                return f"at most {n} characters"
            case algebra.Pattern(pattern):
                return f"written like `{pattern}`"
            case algebra.In(values):
                return f"one of {', '.join(_term(v) for v in values)}"
            case algebra.HasValue(value):
                return f"the value {_term(value)}"
            case algebra.Equals(iri):
                return f"the same as `{_local(iri)}`"
            case algebra.Disjoint(iri):
                return f"no value of `{_local(iri)}`"
            case algebra.LessThan(iri, or_equals):
                return f"{'at most' if or_equals else 'less than'} `{_local(iri)}`"
            case algebra.Not(shape):
                return f"not: {self._shape(shape)}"
            case algebra.Or(shapes):
                return "either " + ", or ".join(self._shape(s) for s in shapes)
        raise ValueError(f"no words for {constraint}")

    def _shape(self, node: Term) -> str:
        if isinstance(node, Iri):
            return _link(_name(node))
        shape = self.shapes.shapes[node]
        parts = [self.shapes.shapes[c.shape] for c in shape.constraints if isinstance(c, algebra.PropertyShapeOf)]
        own = [c for c in shape.constraints if not isinstance(c, algebra.PropertyShapeOf)]
        return " and ".join([*([self._phrases(own)] if own else []), *(f"`{_path(p.path)}` has {self._phrases(p.constraints)}" for p in parts)])

    def _said(self, node: Iri, what: str) -> str:
        found: tuple[Literal, ...]
        if node in self.queries:
            wanted = f"{node.n3()} <http://www.w3.org/ns/shacl#{what}> "
            return next((line.removeprefix(wanted).rsplit('"', 1)[0].lstrip('"') for line in self.shapes.triples if line.startswith(wanted)), "")
        shape = self.shapes.shapes[node]
        found = shape.messages if what == "message" else shape.descriptions
        return next((m.value for m in found), "")


def _members(shape: Shape) -> Iterator[Term]:
    for constraint in shape.constraints:
        match constraint:
            case algebra.PropertyShapeOf(node) | algebra.Not(node) | algebra.NodeShapeOf(node) | algebra.QualifiedMinCount(shape=node) | algebra.QualifiedMaxCount(shape=node):
                yield node
            case algebra.Or(nodes) | algebra.And(nodes) | algebra.Xone(nodes):
                yield from nodes


def _broken(shape: Shape, shapes: Shapes) -> str:
    """What breaks a generated shape, in the words of its first demand."""
    kind = next((_local(t.iri) for t in shape.targets if isinstance(t, algebra.TargetClass)), "")
    parts = [shapes.shapes[c.shape] for c in shape.constraints if isinstance(c, algebra.PropertyShapeOf)]
    if not parts:
        return f"`{_local(next(t.predicate for t in shape.targets if isinstance(t, algebra.TargetSubjectsOf)))}` at a record of another class"
    required = next((p for p in parts if any(isinstance(c, algebra.MinCount) for c in p.constraints)), None)
    return f"one `{kind}` without `{_path(required.path)}`" if required else f"one `{kind}` whose `{_path(parts[0].path)}` leads to nothing that is here"


def _targets(targets: Sequence[algebra.Target]) -> Iterator[str]:
    classes = [f"`{_local(t.iri)}`" for t in targets if isinstance(t, algebra.TargetClass)]
    if classes:
        yield f"every {', '.join(classes)}"
    for target in targets:
        if isinstance(target, algebra.TargetSubjectsOf):
            yield f"everything that has `{_local(target.predicate)}`"
        elif isinstance(target, algebra.TargetObjectsOf):
            yield f"everything that `{_local(target.predicate)}` leads to"


def _path(path: ShaclPath | None) -> str:
    """A path as SPARQL writes it, by local names."""
    match path:
        case paths.Predicate(iri):
            return _local(iri)
        case paths.Inverse(step):
            return f"^{_path(step)}"
        case paths.Sequence(steps):
            return " / ".join(map(_path, steps))
        case paths.Alternative(steps):
            return "(" + " or ".join(map(_path, steps)) + ")"
    raise ValueError(f"no words for {path}")


def _local(iri: str) -> str:
    return iri.rsplit("#", 1)[-1]


def _name(node: Term) -> str:
    return _local(node.value)


def _key(node: Term) -> str:
    return node.n3()


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def _term(term: Term) -> str:
    return f"`{_local(term.value)}`"
