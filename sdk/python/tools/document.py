"""Write the reference documentation of the installed package: python tools/document.py FOLDER."""

from __future__ import annotations

import sys
import types
import warnings
from pathlib import Path
from typing import Any

import pdoc

import hanami_sdk

MODULES = [
    "checkpoint",
    "cluster",
    "dataset",
    "direct_io",
    "errors",
    "hanami_exceptions",
    "hanami_token",
    "hosts",
    "logs",
    "mappings",
    "models",
    "project",
    "request_result",
    "task",
    "templates",
    "user",
    "values",
]


def adopt(cls: type[Any]) -> None:
    """Make what a class inherits from private ones its own; pdoc leaves it out otherwise."""
    for base in cls.__mro__[1:]:
        if not base.__module__.startswith("hanami_sdk."):
            continue
        for name, member in vars(base).items():
            if isinstance(member, types.FunctionType) and name not in vars(cls):
                member.__module__ = cls.__module__
                member.__qualname__ = f"{cls.__qualname__}.{name}"
                setattr(cls, name, member)


def main() -> None:
    """Document everything that is public."""
    for name in hanami_sdk.__all__:
        # Also imports what is only imported when it is asked for.
        value = getattr(hanami_sdk, name)
        setattr(hanami_sdk, name, value)
        if not issubclass(value, hanami_sdk.HanamiError):
            adopt(value)
    # Annotations of adopted methods are shown as they are written, without links.
    warnings.filterwarnings("ignore", "Error parsing type annotation")
    pdoc.render.configure(docformat="numpy")
    modules = ["hanami_sdk", *(f"hanami_sdk.{name}" for name in MODULES)]
    pdoc.pdoc(*modules, output_directory=Path(sys.argv[1]))


if __name__ == "__main__":
    main()
