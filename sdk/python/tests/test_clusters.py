"""Clusters, checkpoints and who may use them, beyond what the scenarios try."""

from __future__ import annotations

import math
from pathlib import Path

import numpy
import pytest
from conftest import StartServer
from server import ADMIN, PASSWORD

from hanami_sdk import AsyncHanami, BadRequestError, Hanami, NotFoundError, templates

TEMPLATE = templates.chain(("numbers", 2), ("differ", 1), inner=32)
INPUTS = [[0, 0], [0, 1], [1, 0], [1, 1]]
TARGETS = [[0], [1], [1], [0]]


def test_samples_are_learned_and_predicted_over_http(hanami: Hanami) -> None:
    cluster = hanami.create_cluster("over http", TEMPLATE)
    assert cluster.learn(numpy.array(INPUTS * 50), numpy.array(TARGETS * 50)) == 200
    assert cluster.learn({"numbers": [0, 1]}, {"differ": [1]}) == 201
    answers = cluster.predict(INPUTS)["differ"]
    assert [answer[0] > 0.5 for answer in answers] == [False, True, True, False]
    assert cluster.predict([0, 1])["differ"] == answers[1]
    unknown = cluster.predict([math.nan, 1])["differ"]
    assert unknown == cluster.predict([None, 1])["differ"]
    with pytest.raises(BadRequestError, match="numbers"):
        cluster.predict([1, 2, 3])
    cluster.delete()


def test_an_answer_is_explained_by_its_inputs(hanami: Hanami) -> None:
    cluster = hanami.create_cluster("explained", TEMPLATE)
    cluster.learn(INPUTS * 50, TARGETS * 50)
    told = cluster.explain(numpy.array([1, 0]), "differ", 0)
    assert told.answer == cluster.predict([1, 0])["differ"][0]
    assert told.answer == pytest.approx(1 / (1 + math.exp(-told.sum)), abs=1e-5)
    parts = told.contributions["numbers"]
    assert sum(parts) + told.rest == pytest.approx(told.sum, abs=1e-4)
    assert parts[0] != 0
    assert parts[1] == 0
    assert cluster.explain({"numbers": [1, 0]}) == told
    with pytest.raises(BadRequestError, match="output brick"):
        cluster.explain([1, 0], "numbers")
    activity = {brick.kind: brick.activity for brick in cluster.refresh().bricks}
    assert activity["input"] == pytest.approx(0.5)
    cluster.delete()


async def test_samples_are_learned_with_asyncio(start_server: StartServer) -> None:
    async with AsyncHanami(start_server().address, ADMIN, PASSWORD) as hanami:
        cluster = await hanami.create_cluster("over http", TEMPLATE)
        assert await cluster.learn(INPUTS, TARGETS) == 4
        assert len((await cluster.predict(INPUTS))["differ"]) == 4
        await cluster.set_mode("DIRECT")
        async with await cluster.direct() as direct:
            samples = [
                ({"numbers": x}, {"differ": y}) for x, y in zip(INPUTS, TARGETS, strict=True)
            ]
            assert await direct.train_many(samples * 20) == 80
            many = [answer async for answer in direct.request_many({"numbers": x} for x in INPUTS)]
            assert many == [await direct.request({"numbers": x}) for x in INPUTS]
        network = (await cluster.refresh()).network
        assert network is not None
        assert network.steps == 84


def test_a_cluster_tells_what_it_is_made_of(hanami: Hanami) -> None:
    cluster = hanami.create_cluster("made of bricks", TEMPLATE)
    cluster.learn(INPUTS, TARGETS)
    cluster = cluster.refresh()
    assert cluster.template is not None
    assert cluster.template.startswith("version: 1")
    assert [(brick.kind, brick.name, brick.position) for brick in cluster.bricks] == [
        ("input", "numbers", (1, 1, 1)),
        ("inner", None, (2, 1, 1)),
        ("output", "differ", (3, 1, 1)),
    ]
    assert cluster.network is not None
    assert cluster.network.steps == 4
    assert cluster.host_uuid == hanami.hosts()[0].uuid
    cluster.delete()


def test_a_template_is_checked_without_making_a_cluster(hanami: Hanami) -> None:
    before = hanami.clusters()
    checked = hanami.check_template(TEMPLATE)
    assert (checked.valid, checked.error) == (True, None)
    assert [(brick.kind, brick.name, brick.hears) for brick in checked.bricks] == [
        ("input", "numbers", []),
        ("inner", None, [0]),
        ("output", "differ", [1]),
    ]
    assert checked.settings is not None
    assert checked.settings.seed == 1
    wrong = hanami.check_template(TEMPLATE.replace("1,1,1", "1,1"))
    assert not wrong.valid
    assert wrong.error is not None
    assert (wrong.error.line, wrong.error.column, wrong.error.length) == (3, 5, 3)
    assert "^^^" in wrong.error.message
    assert hanami.clusters() == before


def test_a_checkpoint_goes_through_a_file(hanami: Hanami, tmp_path: Path) -> None:
    cluster = hanami.create_cluster("to a file", TEMPLATE)
    cluster.learn(INPUTS * 20, TARGETS * 20)
    saving = cluster.save("saved by python")
    saving.wait(progress=False)
    file = saving.checkpoint().download(tmp_path / "my backup.hanami")
    assert list(tmp_path.iterdir()) == [file]

    uploaded = hanami.upload_checkpoint("from a file", file)
    assert (uploaded.name, uploaded.steps) == ("from a file", 80)
    copy = hanami.create_cluster("from a file", checkpoint=uploaded)
    assert copy.predict(INPUTS) == cluster.predict(INPUTS)
    with pytest.raises(BadRequestError) as caught:
        hanami.upload_checkpoint("damaged", file.read_bytes()[:-1])
    assert caught.value.code == "invalid-checkpoint"
    with pytest.raises(NotFoundError):
        hanami.download_checkpoint(cluster, tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_names_and_visibility_change(hanami: Hanami) -> None:
    cluster = hanami.create_cluster("private", TEMPLATE)
    changed = cluster.change(name="for all to see", visibility="public")
    assert (changed.uuid, changed.name, changed.visibility) == (
        cluster.uuid,
        "for all to see",
        "public",
    )
    cluster.delete()
