"""Which columns of a table which brick of a cluster reads, or is to answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Mapping = dict[str, Any]
"""A mapping, as `row` and `window` make it."""


def row(
    inputs: dict[str, Sequence[str]], outputs: dict[str, Sequence[str]] | None = None
) -> Mapping:
    """Let each brick read some columns of one row per step, side by side.

    A column of numbers takes one neuron, one of texts as many as it has different ones.

    >>> row({"features": ["age", "weight"]}, {"answer": ["kind"]})["inputs"]
    {'features': ['age', 'weight']}
    """
    columns = {brick: list(names) for brick, names in (outputs or {}).items()}
    inputs = {brick: list(names) for brick, names in inputs.items()}
    return {"type": "row", "inputs": inputs, "outputs": columns}


def window(inputs: dict[str, str], outputs: dict[str, str] | None = None) -> Mapping:
    """Let each brick read one column, through a window of as many rows as it has neurons."""
    return {"type": "window", "inputs": dict(inputs), "outputs": dict(outputs or {})}
