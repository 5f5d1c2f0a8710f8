from __future__ import annotations

import sys
import types
from typing import Any
from xml.etree import ElementTree

import pytest

from hanami_sdk import LearningCurve
from hanami_sdk.models import TaskProgress
from hanami_sdk.progress import task_view


def progress(samples: int, accuracy: float | None, state: Any = "active") -> TaskProgress:
    return TaskProgress(
        percentage_finished=min(samples / 1000, 1.0),
        state=state,
        queue_timestamp="-",
        start_timestamp="-",
        end_timestamp="-",
        samples=samples,
        running_accuracy=accuracy,
    )


def test_a_curve_keeps_what_is_new_and_not_too_much() -> None:
    curve = LearningCurve()
    curve.add(progress(0, None))
    for samples in range(1, 5000):
        curve.add(progress(samples, samples / 50))
        curve.add(progress(samples, samples / 50))
    assert 100 <= len(curve.points) <= 400
    assert curve.points[-1] == (4999, 4999 / 50)
    assert curve.points == sorted(curve.points)


@pytest.mark.parametrize("points", [[], [(10, 50.0)], [(10, 50.0), (20, 100.0)]])
def test_a_curve_draws_itself(points: list[tuple[int, float]]) -> None:
    drawing = ElementTree.fromstring(LearningCurve(points)._repr_svg_())
    (line,) = drawing.iter("{http://www.w3.org/2000/svg}polyline")
    assert len(line.attrib["points"].split()) == len(points)


def test_a_notebook_shows_the_curve_and_keeps_it_up_to_date(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    shown: list[object] = []

    class ZMQInteractiveShell:
        pass

    class Handle:
        def update(self, curve: object) -> None:
            shown.append(("update", curve))

    def display(curve: object, display_id: bool) -> Handle:
        shown.append(("display", curve))
        return Handle()

    notebook: Any = types.ModuleType("IPython")
    notebook.get_ipython = ZMQInteractiveShell
    notebook.display = types.ModuleType("IPython.display")
    notebook.display.display = display
    monkeypatch.setitem(sys.modules, "IPython", notebook)
    monkeypatch.setitem(sys.modules, "IPython.display", notebook.display)

    curve = LearningCurve()
    with task_view(True, "learning", curve) as show:
        for now in (progress(10, 50.0), progress(20, 60.0), progress(1000, 90.0, "finished")):
            curve.add(now)
            show(now)
    assert shown[0] == ("display", curve)
    assert shown[-1] == ("update", curve), "the end is shown, however soon it comes"
    assert "90.0 % right" in capfd.readouterr().err
