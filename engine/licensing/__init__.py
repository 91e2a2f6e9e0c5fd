"""What a licence lets leave the machine: every exit asks here, and carries attributions with what it carries."""

__all__: list[str] = []
