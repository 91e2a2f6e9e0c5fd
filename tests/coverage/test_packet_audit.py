"""The audit of served packets: it holds on what the engine answers, and finds every kind of answer that should not have been given."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from amended_rules import desk_with
from covered_lists import DAY, Wig, answers, covered, invented, write_text
from wig_command import COMMAND

import engine
from engine.ask import Desk
from engine.contracts import BadInput
from engine.coverage import ANSWERS, audit_packets, failing_titles, served_packets
from engine.graph import Snapshot
from engine.rules import Rulebook, load_rulebook

if TYPE_CHECKING:
    from engine.contracts.learner import CurriculumPacket

SERVED = ("family", "depth", "evidence", "accountability", "caveats")


@pytest.fixture(scope="module")
def out(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audited")
    covered(snapshot, write_text(folder / "list.txt", invented(2_000, 150)), folder / "out", packets=True)
    return folder / "out"


def test_what_the_engine_answers_passes(snapshot: Snapshot, out: Path) -> None:
    audit, rows = audit_packets(out / "coverage.parquet", Desk(snapshot), DAY), answers(out)
    served = [r for r in rows if r["outcome"] == "served"]
    assert audit.holds
    assert served
    assert {r["service_tier"] for r in served} == {"serve_now", "serve_with_fallback"}
    for check in audit.checks:
        some = served if check.name in SERVED else rows
        assert check.name in (*SERVED, "agreement", "silence")
        assert (check.passed.titles, check.passed.rows) == (len(some), sum(r["rows"] for r in some)), check.name
        assert (check.failed.titles, check.failed.rows) == (0, 0)
    assert set(audit.grounds) == {r["ground"] for r in served}
    assert json.loads((out / "receipt.json").read_bytes())["covers"]["audit"]["checks"]["family"]["passed"]["titles"] == len(served)


def _one(rows: list[dict[str, Any]], **wanted: Any) -> dict[str, Any]:
    return next(r for r in rows if all(r[k] == v for k, v in wanted.items()))


def _told(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda row: row.update(values)


FAULTS: dict[str, tuple[dict[str, Any], Callable[[dict[str, Any]], None], str, str]] = {
    "the packet of another role": ({"service_tier": "serve_now", "role_id": "role/store-manager"}, _told(ground="role/content-marketer"), "family", "other_ground"),
    "the packet of a function for a role": ({"service_tier": "serve_now"}, _told(ground="function/growth-and-revenue"), "family", "no_role"),
    "the packet of a role for a function": ({"fallback_tier": "function", "outcome": "served"}, _told(ground="role/store-manager"), "family", "no_function"),
    "another function than the answer names": ({"fallback_tier": "function", "outcome": "served"}, _told(function="function/nothing"), "family", "other_ground"),
    "a function that the role is not in": ({"role_id": "role/store-manager"}, _told(function="function/data-and-technology"), "family", "other_function"),
    "an occupation that the role is not mapped to": ({"role_id": "role/store-manager"}, _told(occupation_code="29-1141.00"), "family", "other_occupation"),
    "no ground": ({"service_tier": "serve_now"}, _told(ground=None), "family", "no_ground"),
    "a ground that the graph does not hold": ({"service_tier": "serve_now"}, _told(ground="role/no-such", role_id="role/no-such"), "depth", "unread"),
    "no caveat on a function": ({"fallback_tier": "function", "outcome": "served"}, lambda r: r.update(reasons=[x for x in r["reasons"] if "caveats" not in x]), "caveats", "function_unsaid"),
    "a held title with ground": ({"outcome": "held"}, _told(ground="role/store-manager"), "silence", "ground_open"),
    "a blocked title that would be planned": ({"outcome": "unmapped"}, _told(runtime_action="plan_local_synthetic"), "silence", "planned"),
    "a title in full that is called held": ({"service_tier": "serve_now"}, _told(outcome="held"), "agreement", "served_otherwise"),
    "a title with fallback that is called unknown": ({"service_tier": "serve_with_fallback"}, _told(outcome="unmapped"), "agreement", "served_otherwise"),
    "a held title that is called served": ({"outcome": "held"}, _told(outcome="served"), "agreement", "held_otherwise"),
    "a blocked title that is called served": ({"outcome": "unmapped"}, _told(outcome="served"), "agreement", "blocked_otherwise"),
    "a title in full without ground that is called held": ({"service_tier": "serve_now"}, _told(outcome="held", ground=None), "family", "no_ground"),
    "no outcome": ({"service_tier": "serve_now"}, _told(outcome=None), "agreement", "unsaid"),
    "no service tier": ({"outcome": "unmapped"}, _told(service_tier=None), "agreement", "unsaid"),
    "a served title that would be withheld": ({"outcome": "served"}, _told(runtime_action="hold_for_review"), "silence", "withheld"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_with_its_title(fault: str, snapshot: Snapshot, out: Path, tmp_path: Path) -> None:
    where, plant, check, rule = FAULTS[fault]
    rows = answers(out)
    row = _one(rows, **where)
    plant(row)
    pq.write_table(pa.Table.from_pylist(rows, ANSWERS), tmp_path / "coverage.parquet")
    audit = audit_packets(tmp_path / "coverage.parquet", Desk(snapshot), DAY)
    assert not audit.holds
    assert (check, rule) in {(f.check, f.rule) for f in audit.failures}
    assert {title for title, _, _ in failing_titles(tmp_path / "coverage.parquet", audit)} == {row["title"]}
    assert all(f.sentence and f.titles == (row["title"],) for f in audit.failures)


def test_a_disagreement_of_tier_and_outcome_is_counted_and_its_packet_audited(snapshot: Snapshot, out: Path, tmp_path: Path) -> None:
    """Titles in full that are called held are audited as what their tier says they are, and each is a failure."""
    rows, before = answers(out), audit_packets(out / "coverage.parquet", Desk(snapshot), DAY)
    for row in rows:
        if row["service_tier"] == "serve_now":
            row["outcome"] = "held"
    pq.write_table(pa.Table.from_pylist(rows, ANSWERS), tmp_path / "coverage.parquet")
    audit = audit_packets(tmp_path / "coverage.parquet", Desk(snapshot), DAY)
    found = {c.name: c for c in audit.checks}
    assert found["agreement"].failed.titles == sum(r["service_tier"] == "serve_now" for r in rows)
    assert found["agreement"].failed.rows == sum(r["rows"] for r in rows if r["service_tier"] == "serve_now")
    assert {c.name: c for c in before.checks}["family"] == found["family"]


def test_the_pack_says_which_tiers_have_packets_and_what_is_asked_of_them(snapshot: Snapshot, out: Path, tmp_path: Path) -> None:
    served, order = "when: {service_tier: [serve_now, serve_with_fallback]}, then: {scope: packet}", "value: [family, depth, evidence, accountability, caveats]"
    desk = desk_with(snapshot, tmp_path, (served, "when: {service_tier: serve_with_fallback}, then: {scope: packet}"), (order, "value: [caveats, depth]"))
    audit, rows = audit_packets(out / "coverage.parquet", desk, DAY), answers(out)
    assert [c.name for c in audit.checks] == ["caveats", "depth", "agreement", "silence"]
    assert audit.tiers == ("serve_with_fallback",)
    assert {c.passed.titles for c in audit.checks[:2]} == {sum(r["service_tier"] == "serve_with_fallback" for r in rows)}
    assert {c.passed.titles for c in audit.checks[2:]} == {len(rows)}


def test_the_pack_says_which_caveats_count(snapshot: Snapshot, out: Path, tmp_path: Path) -> None:
    said = {x.removeprefix("service.caveats.").partition(":")[0]: r["title"] for r in answers(out) for x in r["reasons"] if x.startswith("service.caveats.")}
    declared = ["by_function", "by_archetype", "role_unsure"]
    caveat = min(set(said) - set(declared))  # one that the pack as it stands does not ask for
    last = "      - {id: said, when: {}, then: {caveats: passed}"
    added = f"      - {{id: overheard, when: {{caveat_rules: contains {caveat}}}, then: {{caveats: failed}}, because: it is said}}\n"
    desk = desk_with(snapshot, tmp_path, (f"values: [{', '.join(declared)}]", f"values: [{', '.join(declared)}, {caveat}]"), (last, added + last))
    audit = audit_packets(out / "coverage.parquet", desk, DAY)
    wanted = {r["title"] for r in answers(out) if any(x.startswith(f"service.caveats.{caveat}:") for x in r["reasons"])}
    assert {title for title, _, failure in failing_titles(out / "coverage.parquet", audit) if failure.rule == "overheard"} == wanted


def test_the_pack_knows_what_the_other_packs_answer() -> None:
    book = load_rulebook()
    pack, service = book.pack("audit"), book.pack("service")
    caveats = {r.id for r in service.tables["caveats"].rules}
    assert set(pack.inputs["caveat_rules"].values) <= caveats
    answered = {c.name: c.values for c in service.tables["service_tier"].outputs}
    for name in ("service_tier", "runtime_action", "outcome"):
        assert pack.inputs[name].values == answered[name], name
    assert pack.inputs["fallback_tier"].values == service.inputs["fallback_tier"].values
    verdicts = {t.name for t in pack.tables.values() if any(set(c.values) == {"passed", "failed"} for c in t.outputs)}
    asked = [*book.parameter("audit", "packet_checks", DAY), *book.parameter("audit", "title_checks", DAY)]
    assert sorted(asked) == sorted(verdicts)


@pytest.mark.parametrize("lacking", ["the pack", "scope", "title_checks"])
def test_a_snapshot_of_older_rules_is_refused_before_the_work(lacking: str, snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = load_rulebook()
    found = book.pack("audit")
    without = replace(found, tables={n: t for n, t in found.tables.items() if n != lacking}, parameters={n: p for n, p in found.parameters.items() if n != lacking})
    older = Rulebook([p for n, p in book.packs.items() if n != "audit"] + [without] * (lacking != "the pack"))
    monkeypatch.setattr(Desk, "rulebook", older)
    with pytest.raises(BadInput) as refused:
        covered(snapshot, write_text(tmp_path / "list.txt", ["Nurse"]), tmp_path / "out")
    (met,) = refused.value.diagnostics
    assert met.code == "COV123"
    assert met.fix
    assert not (tmp_path / "out").exists()


def _packet(*workflows: tuple[str, str, tuple[tuple[str, ...], ...]]) -> CurriculumPacket:
    """A packet of workflows: who answers, what comes out, and for each task the kinds of its evidence."""
    work = [
        SimpleNamespace(accountable=who, deliverable=what, tasks=[SimpleNamespace(evidence=[SimpleNamespace(kind=k) for k in kinds]) for kinds in tasks])
        for who, what, tasks in workflows
    ]  # fmt: skip
    return cast("CurriculumPacket", SimpleNamespace(workflows=work))


FIGURES = {
    "nothing": ((), (0, 0, 0, 0, False)),
    "workflows without a task": ((("Lead", "Plan", ()),), (1, 0, 0, 0, True)),
    "the least of several": ((("Lead", "Plan", (("rating",), ("rating", "judgement"))), ("Lead", "Plan", (("rating", "survey"), ("rating",), ("rating",)))), (2, 2, 1, 3, True)),
    "a task on nobody's word": ((("Lead", "Plan", (("rating",), ())),), (1, 2, 0, 1, True)),
    "nobody answers for one of them": ((("Lead", "Plan", (("rating",),)), (" ", "Plan", (("rating",),))), (2, 1, 1, 1, False)),
    "nothing comes out of one of them": ((("Lead", "", (("rating",),)), ("Lead", "Plan", (("rating",),))), (2, 1, 1, 1, False)),
}  # fmt: skip


@pytest.mark.parametrize("case", FIGURES)
def test_a_packet_in_figures(case: str, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    workflows, figures = FIGURES[case]
    monkeypatch.setattr(served_packets, "read_packet", lambda *_: _packet(*workflows))
    met = served_packets.ServedPackets(Desk(snapshot)).facts("role/store-manager")
    assert met is not None
    assert (met.workflows, met.fewest_tasks, met.fewest_evidence, met.kinds, met.accountable) == figures
    assert met.functions
    assert met.occupations


def test_figures_are_those_of_the_graph(snapshot: Snapshot) -> None:
    """Counted in the graph by other questions than the reading of a packet asks."""
    desk, packets = Desk(snapshot), served_packets.ServedPackets(Desk(snapshot))
    grounds = [str(r[0]) for r in desk.graph.execute("MATCH (g:Role {status: 'approved'}) RETURN g.id ORDER BY g.id LIMIT 6").rows]
    assert grounds
    for ground in grounds:
        met = packets.facts(ground)
        assert met is not None
        tasks = desk.graph.execute("MATCH (g:Role {id: $g})-[:HAS_WORKFLOW]->(w:Workflow {status: 'approved'})-[:COVERS]->(t:Task) RETURN w.id, count(DISTINCT t.id)", {"g": ground}).rows
        assert met.workflows == len(tasks)
        assert met.fewest_tasks == min(int(n) for _, n in tasks)
        assert met.occupations == {str(r[0]).partition("/")[2] for r in desk.graph.execute("MATCH (g:Role {id: $g})-[:MAPS_TO]->(o:Occupation) RETURN o.id", {"g": ground}).rows}
    assert packets.grounds() == tuple(grounds)
    assert packets.facts("role/no-such") is None


def test_a_failed_audit_ends_with_exit_status_1_and_lists_every_title(tmp_path: Path) -> None:
    """With a demand that no packet meets, in a copy of the product."""
    home = tmp_path / "product"
    shutil.copytree(Path(engine.__file__).parent, home / "engine", ignore=shutil.ignore_patterns("__pycache__", "data"))
    root = Path(__file__).resolve().parents[2]
    for name in ("ontology", "shapes", "rules", "graph_data"):
        shutil.copytree(root / name, home / name)
    pack = home / "rules" / "audit" / "pack.yaml"
    text = pack.read_text(encoding="utf-8")
    assert "value: 3}" in text
    pack.write_text(text.replace("value: 3}", "value: 300}", 1), encoding="utf-8")
    env = {k: v for k, v in os.environ.items() if not k.startswith("WIG_")} | {"PYTHONPATH": str(home), "WIG_WORKSPACE": str(tmp_path / "workspace")}

    def wig(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, env=env, timeout=120, check=False)

    assert wig("build", "--only", "wedge").returncode == 0
    titles = write_text(tmp_path / "list.txt", ["Marketing Manager", "Store Manager", "Store Manager", "Nurse"])
    done = wig("coverage", str(titles), "--out", str(tmp_path / "out"), "--packets", "--json", "--workers", "1")
    assert done.returncode == 1, done.stderr
    checks = json.loads(done.stdout)["covers"]["audit"]["checks"]
    assert checks["depth"]["failed"] == {"titles": 2, "rows": 3}
    assert checks["family"]["failed"] == {"titles": 0, "rows": 0}
    with (tmp_path / "out" / "failing_titles.csv").open(encoding="utf-8", newline="") as file:
        assert [(r["title"], r["rows"], r["check"], r["rule"]) for r in csv.DictReader(file)] == [("Marketing Manager", "1", "depth", "not_full"), ("Store Manager", "2", "depth", "not_full")]
    assert wig("coverage", str(titles), "--out", str(tmp_path / "out"), "--workers", "1").returncode == 0


def test_packets_are_audited_in_one_command(wig: Wig, tmp_path: Path) -> None:
    code, out, err = wig("coverage", str(write_text(tmp_path / "list.txt", invented(60))), "--out", str(tmp_path / "out"), "--packets", "--workers", "1")
    assert code == 0, err
    assert "holds: every title passes every check" in out
    assert not (tmp_path / "out" / "failing_titles.csv").exists()
