"""Nothing is unlocked without explicit approval evidence: withdraw it, and the title, module or workflow is no longer offered."""

from __future__ import annotations

from wig_command import CopiedWig

FAMILY = "graph_data/families/marketing_growth.yaml"


def test_a_role_that_is_only_drafted_is_held_and_never_planned(copied: CopiedWig) -> None:
    text = (copied.home / FAMILY).read_text(encoding="utf-8")
    start = text.index("  - id: marketing-manager")
    copied.edit(FAMILY, text[start : text.index("status: approved", start) + 16], text[start : text.index("status: approved", start)] + "status: draft")
    answer = copied("plan", "Marketing Manager", "--json")
    assert answer.code == 1
    assert (answer.json["service_tier"], answer.json["runtime_action"]) == ("multi_llm_adjudication_required", "hold_for_review")
    assert "path" not in answer.json


def test_a_module_or_workflow_that_is_not_approved_is_left_out(copied: CopiedWig) -> None:
    text = (copied.home / FAMILY).read_text(encoding="utf-8")
    for key in ("  - id: mkt-orchestrate", "  - id: mkt-campaign-planning"):
        start = text.index(key)
        at = text.index("status: approved", start)
        text = text[:at] + "status: draft" + text[at + len("status: approved") :]
    (copied.home / FAMILY).write_text(text, encoding="utf-8")
    plan = copied("plan", "Marketing Manager", "--json")
    assert plan.code == 0
    assert "workflow/mkt-campaign-planning" not in {w["key"] for w in plan.json["packet"]["workflows"]}
    (left,) = [x for x in plan.json["path"]["left_out"] if x["module"].startswith("module/mkt-orchestrate")]
    assert "not approved" in left["reason"]


def test_a_status_without_evidence_breaks_its_contract(copied: CopiedWig) -> None:
    text = (copied.home / FAMILY).read_text(encoding="utf-8")
    start = text.index("  - id: marketing-manager")
    at = text.index("    approval:", start)
    (copied.home / FAMILY).write_text(text[:at] + text[text.index("\n", at) + 1 :], encoding="utf-8")
    answer = copied("build", "--only", "wedge")
    assert answer.code == 2
    assert "ApprovalContract" in answer.err
    assert "families/marketing_growth.yaml:" in answer.err
    assert not (copied.workspace / "current").exists()
