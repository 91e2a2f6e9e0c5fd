"""The first five minutes, as a newcomer would type them: every command runs and prints what the page shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from shown_commands import not_printed, shown_commands
from wig_command import Wig

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs/tutorial/first_five_minutes.md"


def test_every_command_prints_what_the_page_shows(fresh: Wig) -> None:
    listed = shown_commands(PAGE.read_text(encoding="utf-8"))
    assert len(listed) >= 12
    for command, shown in listed:
        answer = fresh(*shlex.split(command))
        assert answer.code == (2 if "DELETE" in command else 0), f"wig {command}: {answer.err}"
        assert not_printed(shown, answer.out) == [], f"wig {command}\n{answer.out}"


def test_the_profile_of_the_how_to_page_plans_as_it_says(wedge: Wig, tmp_path: Path) -> None:
    page = (ROOT / "docs/how-to/plan_for_a_learner.md").read_text(encoding="utf-8")
    block = page[page.index("    # learner.yaml") : page.index("    wig plan --profile")]
    (tmp_path / "learner.yaml").write_text("\n".join(line[4:] for line in block.splitlines()), encoding="utf-8")
    plan = wedge("plan", "--profile", str(tmp_path / "learner.yaml"), "--json")
    assert plan.code == 0, plan.err
    assert [x["capability"] for x in plan.json["not_counted"]] == ["capability/mkt-verify-insight"]
    assert any("of the stated time" in x["reason"] for x in plan.json["path"]["left_out"])


def test_the_readme_fits_two_screens_and_its_links_lead_somewhere() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / link).exists(), link


def test_every_link_between_pages_leads_somewhere() -> None:
    for page in sorted((ROOT / "docs").rglob("*.md")):
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
