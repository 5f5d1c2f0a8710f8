"""The samples of the READMEs run, in order, as if typed into one session."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import StartServer

README = Path(__file__).resolve().parent.parent / "README.md"
PRODUCT = README.parents[2] / "README.md"
SAMPLE = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


def test_the_samples_run(
    start_server: StartServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    address = start_server().address
    samples = SAMPLE.findall(README.read_text())
    assert len(samples) > 8
    session: dict[str, object] = {}
    for sample in samples:
        exec(sample.replace("http://127.0.0.1:11418", address), session)


def test_the_quick_start_of_the_product_runs() -> None:
    (sample,) = SAMPLE.findall(PRODUCT.read_text())
    session: dict[str, object] = {}
    exec(sample, session)
    assert "model" in session
