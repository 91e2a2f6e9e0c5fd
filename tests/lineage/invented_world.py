"""A small world for lineage and licences: invented O*NET rows and two invented benchmark tasks, built once, asked through the command."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from typer.testing import CliRunner
from wig_command import Answer

from engine.graph import Snapshot, Workspace
from engine.interfaces.cli.application import app

DATA = Path(__file__).resolve().parent.parent / "sources" / "data"
SECRETS = ("Zanzibarine prompt about glow", "Quillonic prompt about strings", "Umbriferous rubric line", "ferrule_ledger.xlsx", "wilma.quartz@example.org")
PRACTICE = "gdpval@2025-10"
MARKET = "market@nordic-postings-2026-10-01"


@dataclass(frozen=True)
class World:
    """A workspace, the folder it was built from, and the command on it."""

    folder: Path
    delivered: Path

    @property
    def snapshot(self) -> Snapshot:
        """The current snapshot."""
        return Workspace(self.folder).required()

    def wig(self, *arguments: str) -> Answer:
        """Run `wig` in this process."""
        done = CliRunner().invoke(app, [*arguments, "--workspace", str(self.folder)], env={"COLUMNS": "100", "WIG_SOURCE_DIR": None})
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return Answer(done.exit_code, done.stdout, done.stderr)


def deliver_practice(folder: Path) -> None:
    """An invented benchmark delivery in the official layout: one task names an occupation of the invented O*NET, one names nobody."""
    folder.mkdir(parents=True)
    rows = {
        "task_id": ["aa11", "bb22"], "sector": ["Light", "Air"], "occupation": ["Lantern Planners", "Nobody's Occupation"],
        "prompt": list(SECRETS[:2]), "reference_files": [[f"reference_files/{SECRETS[3]}"], []],
    }  # fmt: skip
    pq.write_table(pa.table(rows), folder / "tasks.parquet")
    rubric = json.dumps({"prompt": SECRETS[0], "rubric": SECRETS[2]})
    (folder / "train_filtered_with_rubric.jsonl").write_text(rubric + "\n", encoding="utf-8")
    (folder / "reference_links.csv").write_text(f"task_id,sector,occupation,url_raw,url_encoded\naa11,Light,Lantern Planners,https://example.org/{SECRETS[3]},x\n", encoding="utf-8")


def deliver_market(folder: Path) -> None:
    """An invented list of titles with a column of addresses that its manifest does not declare."""
    folder.mkdir(parents=True)
    manifest = {
        "name": "nordic-postings", "title": "Nordic postings", "owner": "An invented board", "licence": "CC-BY-4.0", "allowed_use": "runtime", "file": "titles.csv",
        "format": "csv", "title_column": "title", "count_column": "seen",
    }  # fmt: skip
    lines = [*(f'{name} = "{value}"' for name, value in manifest.items()), "collected = 2026-10-01", 'columns = ["title", "seen"]']
    (folder / "intake.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    titles = ("Marketing Manager,3,", f"Lantern Planner,2,{SECRETS[4]}", "Kite Tester,none,", "Baker,1,", "Cook,2,", "Pilot,4,")
    (folder / "titles.csv").write_text("\n".join(("title,seen,contact", *titles)) + "\n", encoding="utf-8")
