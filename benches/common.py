"""What the benches share: the record that each of them writes, and the network they measure."""

from __future__ import annotations

import datetime
import gzip
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hanami_sdk import Network

# The same figure gives the same bytes.
matplotlib.rcParams["svg.hashsalt"] = "hanami"
# Text as text: smaller, and it can be searched.
matplotlib.rcParams["svg.fonttype"] = "none"

MNIST = Path(__file__).parent.parent / "datasets" / "mnist"


class Record:
    """The outcome of a bench as Markdown: printed as it grows, and kept in a file at the end.

    The file is `<date>-<topic>.md` in the folder that is the program's only argument; plots lie
    beside it. Without the argument nothing is kept.
    """

    def __init__(self, topic: str, about: str, seeds: Iterable[int]) -> None:
        """Begin with what makes the figures repeatable: machine, date, versions and seeds."""
        self.date = datetime.datetime.now(datetime.UTC).date().isoformat()
        self.name = f"{self.date}-{topic}"
        self.folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
        self.lines: list[str] = []
        self.say(f"# Bench: {topic}, {self.date}\n")
        self.say(f"Printed by `cargo xtask bench {topic}`. {about}\n")
        self.say(f"- Machine: {machine()}")
        self.say(f"- Versions: {versions()}")
        self.say(f"- Seeds: {', '.join(map(str, seeds))}\n")

    def say(self, text: str = "") -> None:
        """Add a paragraph or a line."""
        print(text, flush=True)
        self.lines.append(text)

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Add a table, row by row as they come."""
        self.say(f"| {' | '.join(head)} |")
        self.say(f"|{'---|' * len(head)}")
        for row in rows:
            self.say(f"| {' | '.join(row)} |")
        self.say()

    def plot(self, name: str, axes: Axes) -> None:
        """Add a plot made by `axes` as an SVG beside the record."""
        title, figure = axes.get_title(), axes.get_figure()
        file = f"{self.name}-{name}.svg"
        self.say(f"![{title}]({file})\n")
        if self.folder:
            figure.savefig(self.folder / file, metadata={"Date": None}, bbox_inches="tight")

    def save(self) -> None:
        """Write the file."""
        if self.folder:
            text = "\n".join(self.lines).rstrip() + "\n"
            (self.folder / f"{self.name}.md").write_text(text)


def axes(title: str, x: str, y: str) -> Axes:
    """Return the axes of a new plot."""
    axes = Figure(figsize=(8, 4.5)).subplots()
    axes.set(title=title, xlabel=x, ylabel=y)
    axes.grid(alpha=0.3)
    return axes


def machine() -> str:
    """Processor, cores and system."""
    cpus = Path("/proc/cpuinfo")
    names = [
        line.split(": ", 1)[1]
        for line in (cpus.read_text().splitlines() if cpus.exists() else [])
        if line.startswith("model name")
    ]
    name = names[0] if names else platform.processor()
    instructions = chain((1, 1)).stats["instructions"]
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    return f"{name}, {os.cpu_count()} cores, {instructions}, {system}"


def versions() -> str:
    """Python and those of the packages measured that are here."""
    found = [f"Python {platform.python_version()}"]
    for package in ("hanami-sdk", "numpy", "scikit-learn", "torch", "river"):
        try:
            found.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            found.append(f"no {package}")
    return ", ".join(found)


def note(text: str) -> None:
    """Tell whoever waits how far the bench is; not part of the record."""
    print(text, file=sys.stderr, flush=True)


def chain(widths: Sequence[int], **settings: object) -> Network:
    """Return an empty network of bricks in a row: the input, inner ones, the output.

    `settings` are entries of the template's block of that name.
    """
    names = {0: "        input: in\n", len(widths) - 1: "        output: out\n"}
    lines = [f"    {key}: {value}\n" for key, value in settings.items()]
    bricks = [
        f"    {i + 1},1,1\n{names.get(i, '')}        number_of_neurons: {width}\n"
        for i, width in enumerate(widths)
    ]
    return Network(f"version: 1\nsettings:\n{''.join(lines)}bricks:\n{''.join(bricks)}")


def one_hot(classes: np.ndarray, count: int) -> np.ndarray:
    """Rows of zeros with a one at the class."""
    return np.eye(count, dtype=np.float32)[classes]


def teach(
    network: Network,
    inputs: np.ndarray,
    targets: np.ndarray,
    passes: int = 1,
    seed: int | None = None,
) -> np.ndarray:
    """Teach all rows one at a time, in a new random order each pass if there is a seed.

    Returns what the network answered in the last pass, before it learned each row, in the order
    in which they were learned.
    """
    inputs, targets = np.float32(inputs), np.float32(targets)
    chance = np.random.default_rng(seed)
    for _ in range(passes):
        order = slice(None) if seed is None else chance.permutation(len(inputs))
        answers = network.train(inputs[order], targets[order])
    return np.asarray(answers)


def predict(network: Network, inputs: np.ndarray) -> np.ndarray:
    """Answer all rows."""
    return np.asarray(network.predict(np.float32(inputs)))


def mnist(part: str) -> tuple[np.ndarray, np.ndarray]:
    """Raw pixels (rows of 784 bytes) and digits of a part, `train` or `t10k`."""
    images = gzip.decompress((MNIST / f"{part}-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((MNIST / f"{part}-labels-idx1-ubyte.gz").read_bytes())
    pixels = np.frombuffer(images, np.uint8, offset=16).reshape(-1, 784)
    return pixels, np.frombuffer(labels, np.uint8, offset=8).astype(int)
