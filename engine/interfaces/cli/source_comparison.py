"""`wig sources diff` and `wig sources disagreements`: releases and sources held against each other."""

from __future__ import annotations
