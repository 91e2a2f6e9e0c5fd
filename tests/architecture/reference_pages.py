"""Reference pages made from the product: `python tests/architecture/reference_pages.py --write`.

Commands from the command line itself, diagnostic codes from where the engine raises them, query functions from the guard's
own list. The committed pages are compared with what this makes.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

ROOT = Path(__file__).resolve().parent.parent.parent
if __name__ == "__main__":  # run as a program from anywhere
    sys.path.insert(0, str(ROOT))

FOLDER = ROOT / "docs" / "reference"
CODE = re.compile(r"[A-Z]{3}\d{3}")
ROOMS = {
    "ADJ": "review bundles and verdicts", "ASK": "asking", "CLI": "the command line", "CMP": "comparing releases", "COV": "covering title lists", "DOC": "authored documents", "EVL": "evaluating titles", "FIL": "files of the workspace", "GRA": "the graph and its loading", "MAT": "matching labels",
    "JRN": "the memory of what was asked", "LIC": "licences at the exits", "LIN": "lineage", "ONT": "the ontology", "PRF": "learner profiles", "QRY": "queries of a stranger", "RES": "the resolver", "RUL": "rule packs and facts",
    "SHP": "the contracts", "SIM": "the similarity index", "SRC": "sources", "SYS": "the machine, and faults of ours", "VAL": "judging authored content", "VER": "verification",
    "WED": "authored content", "WHN": "why not, and what would change it", "WHY": "proofs kept in files", "WHS": "the warehouse", "WIF": "patches", "WSP": "the workspace",
}  # fmt: skip
MADE = "<!-- Made by tests/architecture/reference_pages.py from the product itself: do not edit; run it with --write. -->"


@dataclass(frozen=True, slots=True, order=True)
class Raised:
    """One place that gives a diagnostic: its code, the module, and the words with `…` for what is filled in."""

    code: str
    module: str
    words: str


@cache
def _trees() -> tuple[tuple[str, ast.Module], ...]:
    """Every module of the engine, by name."""
    return tuple((p.relative_to(ROOT).as_posix(), ast.parse(p.read_text(encoding="utf-8"))) for p in sorted((ROOT / "engine").rglob("*.py")))


@cache
def raised() -> tuple[Raised, ...]:
    """Every diagnostic that stands in the engine, by code, then module, then words."""
    found: set[Raised] = set()
    for module, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                found.update(Raised(code, module, words) for code, words in _said(node, node.args, tree))
                found.update(Raised(code, module, words) for code, words in _of_keywords(node, tree))
            elif isinstance(node, ast.Tuple):  # a fault kept as (code, words) until its place is known
                found.update(Raised(code, module, words) for code, words in _said(node, node.elts, tree))
    return tuple(sorted(found))


def codes_in_source() -> frozenset[str]:
    """Every code that stands anywhere in the engine's text, docstrings included; a range `QRY101-QRY104` counts by its ends."""
    texts = (p.read_text(encoding="utf-8") for p in (ROOT / "engine").rglob("*.py"))
    prefixes = {r.code[:3] for r in raised()}
    return frozenset(c for text in texts for c in re.findall(r"\b[A-Z]{3}\d{3}\b", text) if c[:3] in prefixes)


def _said(node: ast.Call | ast.Tuple, parts: Sequence[ast.expr], tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Codes among the parts, each with the words in the part after it."""
    keywords = {k.arg: k.value for k in node.keywords} if isinstance(node, ast.Call) else {}
    for at, part in enumerate(parts):
        for words in _sentences(parts[at + 1] if at + 1 < len(parts) else keywords.get("what"), node, tree) if _codes(part) else ():
            yield from ((code, words) for code in _codes(part))


def _of_keywords(call: ast.Call, tree: ast.Module) -> Iterator[tuple[str, str]]:
    keywords = {k.arg: k.value for k in call.keywords}
    if "code" in keywords:
        for words in _sentences(keywords.get("what"), call, tree):
            yield from ((code, words) for code in _codes(keywords["code"]))


def _codes(node: ast.expr) -> tuple[str, ...]:
    """Codes of an argument: a constant, or either branch of a choice."""
    if isinstance(node, ast.IfExp):
        return (*_codes(node.body), *_codes(node.orelse))
    return (node.value,) if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value) else ()


def _sentences(node: ast.expr | None, call: ast.expr, tree: ast.Module) -> tuple[str, ...]:
    """What is said, for every branch; a name is followed to its assignments in the function around the call."""
    if isinstance(node, ast.Constant):
        return (str(node.value),)
    if isinstance(node, ast.JoinedStr):
        return ("".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values),)
    if isinstance(node, ast.IfExp):
        return (*_sentences(node.body, call, tree), *_sentences(node.orelse, call, tree))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return tuple(a + b for a in _sentences(node.left, call, tree) for b in _sentences(node.right, call, tree))
    if isinstance(node, ast.Name):
        values = [s.value for s in ast.walk(_function_around(call, tree)) if isinstance(s, ast.Assign) and any(isinstance(t, ast.Name) and t.id == node.id for t in s.targets)]
        return tuple(dict.fromkeys(words for value in values if not isinstance(value, ast.Name) for words in _sentences(value, call, tree))) or ("…",)
    return ("…",)


def _function_around(call: ast.expr, tree: ast.Module) -> ast.AST:
    around = [f for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) and f.lineno <= call.lineno <= (f.end_lineno or 0)]
    return max(around, key=lambda f: f.lineno, default=tree)


def diagnostics_page() -> str:
    """Every diagnostic code with what it says and where it comes from."""
    lines = [
        "# Diagnostics", "", MADE, "",
        "Every refusal has a code, says what was met and where, why it is a problem and how to mend it. `…` stands for what is filled in.",
        "The exit code is that of the refusal: 2 bad input, 3 integrity, 4 input or output, 5 locked; 70 is a fault of ours.",
    ]  # fmt: skip
    found = raised()
    for prefix in sorted({r.code[:3] for r in found}):
        lines += ["", f"## {prefix}: {ROOMS.get(prefix, 'others')}", "", "| code | says | raised in |", "|---|---|---|"]
        for code in sorted({r.code for r in found if r.code.startswith(prefix)}):
            here = [r for r in found if r.code == code]
            said = [words for words in dict.fromkeys(r.words for r in here) if re.search(r"[a-z]{2}", words)]
            modules = ", ".join(f"`{m.removeprefix('engine/')}`" for m in dict.fromkeys(r.module for r in here))
            lines.append(f"| {code} | {'; or '.join(map(_cell, said)) or _cell(_told_elsewhere(code))} | {modules} |")
    return "\n".join(lines) + "\n"


def _told_elsewhere(code: str) -> str:
    """What a docstring says of a code, or the sentence filed under it, where its words are put together at run time."""
    filed = "…"
    for _, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                told = " ".join((ast.get_docstring(node) or "").split())
                met = re.search(rf"{code} (\([^)]*\)|[^,;.()]*)", told)
                if met and met[1].strip("() "):
                    return met[1].strip("() ")
            elif isinstance(node, ast.Dict):
                filed = filed if filed != "…" else next((str(v.value) for k, v in zip(node.keys, node.values, strict=True) if isinstance(v, ast.Constant) and k is not None and code in _codes(k)), filed)
            elif isinstance(node, ast.Call) and any(code in _codes(a) for a in node.args):
                filed = next((str(a.value) for a in node.args if isinstance(a, ast.Constant) and " " in str(a.value)), filed)
    return filed


def _cell(text: str) -> str:
    return re.sub("…{2,}", "…", " ".join(text.split())).replace("|", "\\|")


def commands_page() -> str:
    """Every command with its arguments and options, as the door declares them."""
    from engine.interfaces.cli.application import app

    lines = [
        "# Commands", "", MADE, "",
        "`--help` after any command shows its part of this page. Answers go to standard output, messages and progress to standard error.",
        "Exit codes: 0 yes, 1 a true negative verdict, 2 bad input, 3 integrity, 4 input or output, 5 locked.",
    ]  # fmt: skip
    for name, callback in _commands(app, "wig"):
        parameters = list(_parameters(callback))
        usage = " ".join([name, *(p.usage for p in parameters if p.positional), *(["[OPTIONS]"] if any(not p.positional for p in parameters) else [])])
        lines += ["", f"## {name}", "", f"    {usage}", "", "\n\n".join(" ".join(part.split()) for part in (inspect.getdoc(callback) or "").split("\n\n"))]
        if parameters:
            lines += ["", "| argument or option | default | meaning |", "|---|---|---|", *(f"| `{p.name}` | {p.default} | {p.meaning} |" for p in parameters)]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument or option as a reader meets it."""

    name: str
    usage: str
    positional: bool
    default: str
    meaning: str


def _commands(app: Any, name: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The root for its own options, then every command, groups after the commands beside them, each in the order in which it was added."""
    if app.registered_callback is not None:
        yield name, app.registered_callback.callback
    for command in app.registered_commands:
        yield f"{name} {command.name or command.callback.__name__}", command.callback
    for group in app.registered_groups:
        yield from _commands(group.typer_instance, f"{name} {group.name}")


def _parameters(callback: Callable[..., Any]) -> Iterator[Parameter]:
    written = inspect.unwrap(callback)
    hints = get_type_hints(written, include_extras=True)
    for name, declared in inspect.signature(written).parameters.items():
        kind, info = get_args(hints[name])[:2]
        inner = [k for k in get_args(kind) if k is not type(None)] if isinstance(kind, UnionType) else [kind]
        many = get_origin(inner[0]) is list
        required = declared.default is inspect.Parameter.empty
        positional = type(info).__name__ == "ArgumentInfo"
        default = "" if required or declared.default in (None, False) else f"`{declared.default}`"
        bounds = f" From {info.min} to {info.max}." if info.min is not None and info.max is not None else f" At least {info.min}." if info.min is not None else ""
        meaning = _cell(info.help or "") + bounds + (" May be repeated." if many and "repeated" not in (info.help or "") else "")
        meaning += f" Also by the environment variable `{info.envvar}`." if info.envvar else ""
        if positional:
            shown = str(info.metavar or name).upper() + ("..." if many else "")
            yield Parameter(shown, shown if required else f"[{shown}]", True, "required" if required else default, meaning)
        else:
            declared_flags = [f for f in (info.default, *(info.param_decls or ())) if isinstance(f, str) and f.startswith("-")]
            flags = declared_flags or [f"--{name.replace('_', '-')}"]
            value = "" if inner[0] is bool else f" {_value_name((get_args(inner[0]) or inner)[0])}"
            yield Parameter(", ".join(flags) + value, "", False, "required" if required else default, meaning)


def _value_name(kind: Any) -> str:
    return {"str": "TEXT", "Path": "PATH", "int": "INTEGER", "float": "NUMBER", "datetime": "DAY"}[kind.__name__]


def query_functions_page() -> str:
    """What a query may use: the guard's own lists."""
    from engine.graph import MAX_HOPS
    from engine.graph.cypher_vocabulary import FIRST_WORDS, FORBIDDEN, FUNCTIONS, KEYWORDS, TABLE_FUNCTIONS

    def listed(words: Iterable[str], small: bool = False) -> str:
        return ", ".join(f"`{w.lower() if small else w}`" for w in sorted(words))

    return "\n".join((
        "# What a query may use", "", MADE, "",
        "`wig query` takes one read-only Cypher statement; [how to query the graph](../how-to/query_the_graph.md) shows it at work, and",
        "[the ontology](ontology.md) lists classes, relations and columns. What is not on this page is refused before the engine sees it.",
        f"A path may have at most {MAX_HOPS} hops, written out: `*1..{MAX_HOPS}`. Upper and lower case are the same.", "",
        "## Functions", "", listed(FUNCTIONS, small=True), "",
        "## Table functions, after `CALL`", "", listed(TABLE_FUNCTIONS, small=True), "",
        "## Words a statement may begin with", "", listed(FIRST_WORDS), "",
        "## Keywords", "", listed(KEYWORDS), "",
        "## Refused wherever they stand", "",
        "`CALL` before one of the table functions above is the exception. As the name of a column, after `.` or `AS`, a refused word is only a name.", "",
        listed(FORBIDDEN),
    )) + "\n"  # fmt: skip


def contracts_page() -> str:
    """Every contract, from the shape files and their examples."""
    import contracts_page as page

    return page.contracts_page(MADE)


def sources_page() -> str:
    """Every source, from the ledger."""
    import sources_page as page

    return page.sources_page(MADE)


PAGES = {"commands.md": commands_page, "contracts.md": contracts_page, "diagnostics.md": diagnostics_page, "query_functions.md": query_functions_page, "sources.md": sources_page}


def main() -> int:
    """Write what differs with --write, else only name it; exit status 1 where a page has drifted."""
    drifted = [n for n, make in PAGES.items() if not (FOLDER / n).is_file() or (FOLDER / n).read_text(encoding="utf-8") != make()]
    for name in drifted:
        if "--write" in sys.argv[1:]:
            (FOLDER / name).write_text(PAGES[name](), encoding="utf-8")
        print(("wrote " if "--write" in sys.argv[1:] else "has drifted: ") + name)
    return 1 if drifted and "--write" not in sys.argv[1:] else 0


if __name__ == "__main__":
    raise SystemExit(main())
