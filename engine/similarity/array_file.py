"""Named arrays in one file that is opened by memory map: a line of JSON that says what stands where, then the bytes of each array.

In: arrays by name. Out: the same arrays, read-only, of which only the parts that are asked are ever read. Equal arrays give equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from engine.contracts import Corrupt, InputOutput

FORMAT = "wig-arrays-1"
_ALIGNED = 64
_DTYPES = ("<i2", "<i4", "<i8", "<u8", "|u1")

Arrays = Mapping[str, Any]


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write them in name order. Raises InputOutput SIM401 where the disk does not take them."""
    table, place = {}, 0
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        table[name] = {"dtype": array.dtype.newbyteorder("<").str, "shape": list(array.shape), "start": place}
        place += -(-array.nbytes // _ALIGNED) * _ALIGNED
    head = json.dumps({"format": FORMAT, "arrays": table}, sort_keys=True).encode() + b"\n"
    head = head[:-1] + b" " * (-len(head) % _ALIGNED) + b"\n"
    try:
        with path.open("wb") as out:
            out.write(head)
            for name in sorted(arrays):
                array = np.ascontiguousarray(arrays[name])
                out.write(array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes())
                out.write(b"\0" * (-array.nbytes % _ALIGNED))
    except OSError as error:
        raise InputOutput.at("SIM401", f"cannot write {path.name}", why=str(error), fix="free some space, or choose another folder") from None


def open_arrays(path: Path) -> Arrays:
    """The arrays of a file. Raises InputOutput SIM402 where it cannot be read, Corrupt SIM301 where it is no such file or cut short."""
    try:
        with path.open("rb") as file:
            head = file.readline(1 << 20)
        told = json.loads(head)
        if told["format"] != FORMAT:
            raise ValueError(f"format {told['format']}")
        whole = np.memmap(path, dtype=np.uint8, mode="r", offset=0)
        return {name: _one(whole, len(head), entry) for name, entry in told["arrays"].items()}
    except OSError as error:
        raise InputOutput.at("SIM402", f"cannot read {path.name}", why=str(error), fix="build it again with `wig build`") from None
    except (ValueError, KeyError, TypeError) as error:
        raise Corrupt.at("SIM301", f"{path.name} is no index of likeness", why=str(error), fix="build it again with `wig build`") from None


def _one(whole: Any, head: int, entry: Mapping[str, Any]) -> Any:
    dtype, shape = entry["dtype"], tuple(entry["shape"])
    if dtype not in _DTYPES:
        raise ValueError(f"numbers of kind {dtype}")
    size = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
    start = head + int(entry["start"])
    if start + size > len(whole):
        raise ValueError("the file is cut short")
    return np.asarray(whole[start : start + size]).view(dtype).reshape(shape)
