"""`wig sources status`: what came in, what is missing, and why."""

from __future__ import annotations

from engine.interfaces.cli.door import JsonOption, SnapshotOption, WorkspaceOption, guarded, print_json, print_text, snapshot_of
from engine.interfaces.cli.sourcing import sources_app


@sources_app.command("status")
@guarded
def sources_status(as_json: JsonOption = False, workspace: WorkspaceOption = None, snapshot: SnapshotOption = None) -> None:
    """What the current snapshot was built from: releases, files, counts, duplicates, orphans, gaps."""
    from engine.build import read_findings
    from engine.interfaces.drawing import status_document, status_text

    found = snapshot_of(workspace, snapshot)
    if as_json:
        print_json(status_document(found.receipt(), read_findings(found)))
    else:
        print_text(status_text(found.receipt(), read_findings(found)))
