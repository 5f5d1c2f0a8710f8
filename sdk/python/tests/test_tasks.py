"""Options of tasks and following them, beyond what the scenarios try."""

from __future__ import annotations

from pathlib import Path

import pandas
import pytest
from conftest import StartServer
from server import ADMIN, PASSWORD

from hanami_sdk import AsyncHanami, BadRequestError, Cluster, Dataset, Hanami, mappings, templates

FRUIT = pandas.DataFrame(
    {"weight": [1.0, 2.0, 8.0, 9.0] * 50, "kind": ["plum", "plum", "pear", "pear"] * 50}
)
MAPPING = mappings.row({"features": ["weight"]}, {"answer": ["kind"]})
TEMPLATE = templates.chain(("features", 1), ("answer", 2), inner=16)


@pytest.fixture
def fruit(hanami: Hanami) -> Dataset:
    return hanami.upload_csv("fruit", FRUIT)


@pytest.fixture
def cluster(hanami: Hanami) -> Cluster:
    for old in hanami.clusters():
        if old.name == "fruit":
            old.delete()
    return hanami.create_cluster("fruit", TEMPLATE)


def test_a_training_has_epochs_and_is_validated(fruit: Dataset, cluster: Cluster) -> None:
    task = cluster.train(
        fruit, epochs=3, shuffle=True, seed=7, validation_share=0.1, mapping=MAPPING
    )
    end = task.wait(progress=False)
    assert (end.samples, end.total_samples, end.epoch) == (540, 540, 3)
    assert [report.epoch for report in end.validation] == [1, 2, 3]
    assert end.validation[-1].accuracy == 100.0
    assert end.running_loss is not None


def test_a_request_keeps_all_outputs_and_is_scored(
    fruit: Dataset, cluster: Cluster, tmp_path: Path
) -> None:
    cluster.train(fruit, epochs=5, mapping=MAPPING).wait(progress=False)
    request = cluster.request(fruit, mapping=MAPPING, full_outputs=True)
    request.wait(progress=False)
    result = request.result()
    assert (result.dataset_type, result.column, result.rows) == ("csv", "kind", 200)
    outputs = result.outputs()
    assert (len(outputs), len(outputs[0])) == (200, 2)
    score = result.check(fruit)
    assert (score.accuracy, score.samples) == (100.0, 200)
    assert score.confusion == [[100, 0], [0, 100]]
    assert score.classes is not None
    assert [entry["class"] for entry in score.classes] == ["pear", "plum"]
    table = pandas.read_csv(result.download(tmp_path / "result.csv"))
    assert list(table.columns) == ["row", "value", "answer_0", "answer_1"]
    assert table["value"].tolist() == result.data
    assert result.change(name="all about fruit").name == "all about fruit"


def test_what_does_not_fit_is_told(fruit: Dataset, cluster: Cluster) -> None:
    mapping = mappings.row({"features": ["wait"]}, {"answer": ["kind"]})
    with pytest.raises(BadRequestError, match="weight") as caught:
        cluster.train(fruit, mapping=mapping)
    assert caught.value.code == "dataset-mismatch"


def test_events_follow_a_task_to_its_end(fruit: Dataset, cluster: Cluster) -> None:
    task = cluster.train(fruit, epochs=100, mapping=MAPPING)
    seen = list(task.events())
    assert seen[-1].state == "finished"
    shares = [now.percentage_finished for now in seen]
    assert shares == sorted(shares)


async def test_events_follow_a_task_with_asyncio(start_server: StartServer) -> None:
    async with AsyncHanami(start_server().address, ADMIN, PASSWORD) as hanami:
        fruit = await hanami.upload_csv("fruit", FRUIT)
        cluster = await hanami.create_cluster("fruit", TEMPLATE)
        task = await cluster.train(fruit, epochs=20, mapping=MAPPING)
        seen = [now async for now in task.events()]
        assert seen[-1].state == "finished"
        assert task.curve.points
