"""How well a training did while it went on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .models import TaskProgress

if TYPE_CHECKING:
    import pandas

WIDTH, HEIGHT = 480, 200
LEFT, TOP, RIGHT, BOTTOM = 44, 12, 12, 28
MOST_POINTS = 400


@dataclass
class LearningCurve:
    """Running accuracy in percent over the samples that a training has taken.

    A notebook shows it as a drawing. It is empty for a training without classes.
    """

    points: list[tuple[int, float]] = field(default_factory=list)

    def add(self, now: TaskProgress) -> None:
        """Add what is known now, if it is something new."""
        if now.running_accuracy is None or (self.points and self.points[-1][0] == now.samples):
            return
        self.points.append((now.samples, now.running_accuracy))
        if len(self.points) > MOST_POINTS:
            self.points[:] = [*self.points[:-1:2], self.points[-1]]

    def to_pandas(self) -> pandas.DataFrame:
        """Return the points as a table with the columns `samples` and `accuracy`."""
        import pandas

        return pandas.DataFrame(self.points, columns=["samples", "accuracy"])

    def _repr_svg_(self) -> str:
        """Draw the curve for a notebook."""
        last = max((samples for samples, _ in self.points), default=0)
        points = " ".join(
            f"{_x(samples, last):.1f},{_y(share):.1f}" for samples, share in self.points
        )
        grid = "".join(
            f'<path d="M{LEFT} {_y(share):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
            f'<text x="{LEFT - 6}" y="{_y(share) + 4:.1f}" text-anchor="end">{share} %</text>'
            for share in (0, 25, 50, 75, 100)
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'width="{WIDTH}" height="{HEIGHT}" role="img" font-family="sans-serif" '
            f'font-size="11" fill="#666"><title>Running accuracy over samples</title>{grid}'
            f'<polyline points="{points}" fill="none" stroke="#d6336c" stroke-width="2"/>'
            f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 8}" text-anchor="end">{last} samples</text>'
            f"</svg>"
        )


def _x(samples: int, last: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * samples / max(last, 1)


def _y(share: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - share / 100)
