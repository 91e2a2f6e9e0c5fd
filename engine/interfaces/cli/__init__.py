"""The command `wig`."""

from engine.interfaces.cli.application import main

__all__ = ["main"]
