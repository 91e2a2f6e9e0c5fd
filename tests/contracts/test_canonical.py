"""The canonical form is one form: order, decimals and types never change a digest, and floats are refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contracts import canonical_json, decimal_text, digest_of, from_micro, to_micro

LEAVES = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(exclude_categories=("Cs",)))
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=("Cs",))), inner))


@given(VALUES)
def test_a_value_has_one_digest_whatever_the_order_of_its_keys(value: object) -> None:
    def backwards(v: object) -> object:
        if isinstance(v, dict):
            return {k: backwards(v[k]) for k in reversed(list(v))}
        return [backwards(x) for x in v] if isinstance(v, list) else v

    assert digest_of(value) == digest_of(backwards(value))


@given(st.decimals(min_value=-1000, max_value=1000, places=6), st.integers(0, 6))
def test_equal_decimals_have_one_text(value: Decimal, zeros: int) -> None:
    assert decimal_text(value) == decimal_text(value.scaleb(-zeros).scaleb(zeros))
    assert Decimal(decimal_text(value)) == value


def test_a_float_is_refused_because_its_last_bits_differ_between_machines() -> None:
    with pytest.raises(TypeError, match="no stable canonical form"):
        canonical_json({"share": 0.5})


@given(st.integers(-10_000_000, 10_000_000))
def test_millionths_go_there_and_back(micro: int) -> None:
    assert to_micro(from_micro(micro)) == micro


@pytest.mark.parametrize(("value", "micro"), [("0.0000005", 0), ("0.0000015", 2), ("0.0000025", 2), (0.1, 100_000), (1, 1_000_000), ("1E+30", 10**36), ("123456789012345678901234.0000005", 123456789012345678901234 * 10**6)])
def test_quantising_rounds_half_to_even(value: str | float, micro: int) -> None:
    assert to_micro(value) == micro
