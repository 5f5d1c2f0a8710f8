"""Showing how far something has come: bars by tqdm, and curves in notebooks."""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .curve import LearningCurve
from .models import TaskProgress

Progress = bool | Callable[..., None] | None
"""`True` for a bar, `False` for silence, a function to be told, or `None`: a bar where someone is
likely to look at it, that is in a terminal or a notebook, and if tqdm is installed."""

SECONDS_BETWEEN_DRAWINGS = 0.5


@contextmanager
def upload_view(progress: Progress, name: str, total: int) -> Iterator[Callable[[int, int], None]]:
    """Show an upload of `total` bytes; yields a function to tell the bytes that have arrived."""
    if callable(progress):
        yield progress
    elif _is_wanted(progress):
        with _bar(total=total, desc=name, unit="B", unit_scale=True) as bar:
            yield lambda done, _total: _move(bar, done)
    else:
        yield lambda _done, _total: None


@contextmanager
def task_view(
    progress: Progress, name: str, curve: LearningCurve
) -> Iterator[Callable[[TaskProgress], None]]:
    """Show a task; yields a function to tell how far it has come."""
    if callable(progress):
        yield progress
    elif _is_wanted(progress):
        form = "{desc}: {percentage:3.0f}%|{bar}| {elapsed}<{remaining}{postfix}"
        with _bar(total=1.0, desc=name, bar_format=form) as bar:
            yield _TaskView(bar, curve)
    else:
        yield lambda _now: None


class _TaskView:
    """A bar, and below it in a notebook a curve."""

    def __init__(self, bar: Any, curve: LearningCurve) -> None:
        self._bar = bar
        self._curve = curve
        self._handle: Any = None
        self._drawn = 0.0

    def __call__(self, now: TaskProgress) -> None:
        if now.running_accuracy is not None:
            self._bar.set_postfix_str(f"{now.running_accuracy:.1f} % right", refresh=False)
        _move(self._bar, now.percentage_finished)
        if _in_notebook() and self._curve.points:
            self._draw(is_last=now.state != "active")

    def _draw(self, is_last: bool) -> None:
        from IPython.display import display

        if self._handle is None:
            self._handle = display(self._curve, display_id=True)
        elif is_last or time.monotonic() - self._drawn > SECONDS_BETWEEN_DRAWINGS:
            self._handle.update(self._curve)
        else:
            return
        self._drawn = time.monotonic()


def _is_wanted(progress: bool | None) -> bool:
    if progress is not None:
        return progress
    return _has_tqdm() and (_in_notebook() or sys.stderr.isatty())


def _has_tqdm() -> bool:
    return importlib.util.find_spec("tqdm") is not None


def _in_notebook() -> bool:
    shell = sys.modules.get("IPython")
    return shell is not None and type(shell.get_ipython()).__name__ == "ZMQInteractiveShell"


def _bar(**options: Any) -> Any:
    if not _has_tqdm():
        raise ImportError("progress=True needs tqdm: pip install 'hanami-sdk[progress]'")
    from tqdm.auto import tqdm

    return tqdm(**options)


def _move(bar: Any, done: float) -> None:
    bar.update(done - bar.n)
