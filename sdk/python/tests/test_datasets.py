"""What datasets hold, beyond what the scenarios try."""

from __future__ import annotations

from pathlib import Path

import pandas
import pytest

from hanami_sdk import Hanami

TABLE = pandas.DataFrame({"size": [2.0, 4.0, 6.0], "colour": ["red", "blue", "red"]})


def test_columns_and_rows_are_shown(hanami: Hanami) -> None:
    dataset = hanami.upload_csv("shown", TABLE)
    size, colour = dataset.columns()
    assert (size.name, size.type, size.minimum, size.maximum, size.mean) == (
        "size",
        "number",
        2.0,
        6.0,
        4.0,
    )
    assert colour.categories == [
        {"category": "blue", "count": 1},
        {"category": "red", "count": 2},
    ]
    preview = dataset.preview(start=1)
    assert preview["columns"] == ["size", "colour"]
    assert preview["rows"] == [[4.0, "blue"], [6.0, "red"]]
    dataset.delete()


def test_a_table_comes_back(hanami: Hanami, tmp_path: Path) -> None:
    dataset = hanami.upload_csv("comes back", TABLE)
    back = pandas.read_csv(dataset.download(tmp_path / "table.csv"))
    assert back.to_dict("list") == TABLE.to_dict("list")


def test_images_come_back(hanami: Hanami, data: Path, tmp_path: Path) -> None:
    images, labels = data / "test-images.idx", data / "test-labels.idx"
    dataset = hanami.upload_mnist("come back", images, labels)
    assert dataset.download(tmp_path / "images").read_bytes() == images.read_bytes()
    assert dataset.download(tmp_path / "labels", "label").read_bytes() == labels.read_bytes()


def test_a_dataset_gets_another_name(hanami: Hanami) -> None:
    dataset = hanami.upload_csv("called this", TABLE)
    changed = dataset.change(name="called that", visibility="shared")
    assert (changed.name, changed.visibility, changed.lines) == ("called that", "shared", 3)


@pytest.mark.parametrize("columns", [{"size": [1, 2], "colour": ["red"]}])
def test_columns_of_different_lengths_are_refused(
    hanami: Hanami, columns: dict[str, list[object]]
) -> None:
    with pytest.raises(ValueError, match="equally long"):
        hanami.upload_csv("uneven", columns)
