"""Semantic patches: a change somebody proposes, read with its author, reason and evidence, tried over a snapshot, sorted into lanes.

In: patch files and a published snapshot. Out: patches with their places, an overlay (a temporary snapshot that is gone afterwards),
lanes with receipts. Refuses to know: which decisions a patch moves, how anything is drawn, and every publisher's file.
"""

from engine.patches.overlay import Overlay, overlay_of
from engine.patches.patch import Change, Evidence, ParameterChange, Patch, RecordChange
from engine.patches.read_patch import read_patch
from engine.patches.replay import LANES, PatchReceipt, Replay, replay_patches, write_lanes
from engine.patches.row_files import PatchRow, read_rows

__all__ = [
    "LANES", "Change", "Evidence", "Overlay", "ParameterChange", "Patch", "PatchReceipt", "PatchRow", "RecordChange", "Replay", "overlay_of",
    "read_patch", "read_rows", "replay_patches", "write_lanes",
]  # fmt: skip
