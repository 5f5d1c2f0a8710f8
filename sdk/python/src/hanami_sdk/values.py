"""Numbers and tables in the forms that Python has for them, as the wire wants them.

NumPy and pandas are recognised by what their objects can do, so neither has to be installed.
"""

from __future__ import annotations

import csv
import io
import math
import os
import struct
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

Values = Iterable[float]
"""Values of a brick: a sequence of numbers, such as a list or a NumPy array."""

Source = str | os.PathLike[str] | bytes
"""Where the bytes of an upload come from: the path of a file, or the bytes themselves."""


@runtime_checkable
class Frame(Protocol):
    """A table that can write itself as CSV, such as a pandas `DataFrame`."""

    def to_csv(self, *, index: bool) -> str:
        """Return the table as CSV."""


Table = Source | Frame | Mapping[str, Sequence[Any]]
"""A table: a CSV file, its bytes, a `DataFrame`, or columns by name."""


def floats(values: Values) -> list[float]:
    """Return the values as Python numbers."""
    flat = values.reshape(-1) if hasattr(values, "reshape") else values
    return flat.tolist() if hasattr(flat, "tolist") else [float(value) for value in flat]


Samples = Any
"""Samples for `predict` and `learn`: rows of numbers as a list, a list of lists or an array; or an
object with these by the name of the brick. NaN and `None` stand for what is not known."""


def samples(data: Samples) -> Any:
    """Return samples as JSON has them."""
    if isinstance(data, Mapping):
        return {brick: samples(rows) for brick, rows in data.items()}
    if hasattr(data, "tolist"):
        data = data.tolist()
    if isinstance(data, (list, tuple)):
        return [samples(item) for item in data]
    # JSON has no NaN.
    return None if data is None or math.isnan(data) else data


def table(data: Table) -> Path | bytes:
    """Return the file of a table, or its bytes as CSV."""
    if isinstance(data, Mapping):
        return _columns(data)
    if isinstance(data, Frame):
        return data.to_csv(index=False).encode()
    return source(data)


def source(data: Source) -> Path | bytes:
    """Return the path, or the bytes."""
    return bytes(data) if isinstance(data, (bytes, bytearray, memoryview)) else Path(data)


def _columns(columns: Mapping[str, Sequence[Any]]) -> bytes:
    lists = [_list(column) for column in columns.values()]
    if len({len(column) for column in lists}) > 1:
        raise ValueError("the columns of a table must be equally long")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(cell) for cell in row] for row in zip(*lists, strict=True))
    return text.getvalue().encode()


def _list(column: Sequence[Any]) -> list[Any]:
    return column.tolist() if hasattr(column, "tolist") else list(column)


def _cell(cell: Any) -> Any:
    """Return a cell as the server reads it: empty where nothing is known, `true` and `false`."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    return str(cell).lower() if isinstance(cell, bool) else cell


def idx_images(images: Any) -> bytes:
    """Return images as an IDX file: a uint8 array of shape (images, height, width)."""
    shape = tuple(images.shape)
    if len(shape) != 3 or str(images.dtype) != "uint8":
        raise ValueError(
            f"images must be a uint8 array of shape (images, height, width), "
            f"not {images.dtype} of shape {shape}"
        )
    return struct.pack(">4I", 0x803, *shape) + bytes(images.tobytes())


def idx_labels(labels: Any) -> bytes:
    """Return labels, integers from 0 to 255, as an IDX file."""
    numbers = labels.tolist() if hasattr(labels, "tolist") else list(labels)
    return struct.pack(">2I", 0x801, len(numbers)) + bytes(numbers)
