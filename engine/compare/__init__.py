"""Two builds, releases or sources held against each other: what came, went, was reworded or moved, and which decisions move because of it."""

__all__: list[str] = []
