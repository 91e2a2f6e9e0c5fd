"""What a proof says of a part that names a second job: a misspelt one is never called filed, and the proof holds either way."""

from __future__ import annotations

import pytest
from proof_documents import Proved

from engine.replay import Checker


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Marketing Manager / Registered Nurse", "`registered nurse` is filed as `"),
        ("Marketing Manager / Registred Nurse", "`registred nurse` is taken for `"),
        ("Marketing Manager (Registered Nurse)", "`registered nurse` is filed as `"),
    ],
    ids=["as written", "misspelt", "in brackets"],
)
def test_a_second_job_is_told_as_it_was_found(proved: Proved, checker: Checker, title: str, said: str) -> None:
    document = proved(title)
    parts = [node["says"] for node in document["proof"]["nodes"] if (node["kind"], node["name"]) == ("measure", "part")]
    assert parts
    assert all(says.startswith(said) for says in parts)
    assert all(says.endswith("all but for its spelling") == ("taken for" in said) for says in parts)
    assert checker.check(document).holds
