from __future__ import annotations

import array
import pickle
import signal
import threading

import numpy as np
import pytest

from hanami_sdk import Network, templates

TEMPLATE = templates.chain(("numbers", 2), ("differ", 1), inner=32)
INPUTS = [[0, 0], [0, 1], [1, 0], [1, 1]]
TARGETS = [[0], [1], [1], [0]]


def taught() -> Network:
    network = Network(TEMPLATE)
    network.train(INPUTS * 100, TARGETS * 100)
    return network


def test_it_learns_and_answers_rows() -> None:
    network = taught()
    answers = np.asarray(network.predict(INPUTS))
    assert answers.shape == (4, 1)
    assert (answers.ravel() > 0.5).tolist() == [False, True, True, False]
    assert network.stats["steps"] == 400
    assert (network.inputs, network.outputs) == ({"numbers": 2}, {"differ": 1})
    assert network.template.startswith("version: 1")


def test_an_answer_is_explained_by_its_inputs() -> None:
    network = taught()
    told = network.explain([1, 0])
    assert told.answer == network.predict([1, 0])[0, 0]
    parts = told.contributions.tolist()
    assert sum(parts) + told.rest == pytest.approx(told.sum, abs=1e-4)
    assert parts[0] != 0
    assert parts[1] == 0
    with pytest.raises(ValueError, match="no output 1"):
        network.explain([1, 0], 1)
    with pytest.raises(ValueError, match="one row"):
        network.explain(INPUTS)


def test_training_tells_what_was_answered_before() -> None:
    network, step_by_step = Network(TEMPLATE), Network(TEMPLATE)
    told = network.train(INPUTS * 5, TARGETS * 5).tolist()
    for x, y, before in zip(INPUTS * 5, TARGETS * 5, told, strict=True):
        assert step_by_step.train(x, y).tolist() == [before]


def test_all_forms_of_rows_are_the_same() -> None:
    network = taught()
    wanted = network.predict(INPUTS).tolist()
    flat = [value for row in INPUTS for value in row]
    forms = [
        np.array(INPUTS, dtype=np.float32),
        np.array(INPUTS, dtype=np.float64),
        np.array(INPUTS, dtype=np.float32, order="F"),
        array.array("f", flat),
        flat,
    ]
    for rows in forms:
        assert network.predict(rows).tolist() == wanted
    assert network.predict([]).tolist() == []


def test_bytes_and_pickle_go_on_exactly() -> None:
    network = taught()
    copies = [Network.from_bytes(network.to_bytes()), pickle.loads(pickle.dumps(network))]
    wanted = network.train(INPUTS, TARGETS).tolist()
    for copy in copies:
        assert copy.train(INPUTS, TARGETS).tolist() == wanted
        assert copy.to_bytes() == network.to_bytes()


def test_mistakes_are_told() -> None:
    network = taught()
    with pytest.raises(ValueError, match="rows of 2 values"):
        network.predict([1, 2, 3])
    with pytest.raises(ValueError, match="equally many rows"):
        network.train(INPUTS, [[0]])
    with pytest.raises(ValueError, match="version"):
        Network("bricks: none")
    with pytest.raises(ValueError, match="snapshot"):
        Network.from_bytes(network.to_bytes()[:-1])
    assert network.stats["steps"] == 400


def test_threads_share_it() -> None:
    network = taught()
    wanted = network.predict(INPUTS).tolist()
    found: list[object] = []

    def ask() -> None:
        found.extend(network.predict(INPUTS).tolist() == wanted for _ in range(50))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 200


def test_an_interrupt_ends_a_long_training() -> None:
    network = Network(TEMPLATE)
    # Zeros would make no signals, and be learned before the other thread gets to see a step.
    rows = np.ones((4_000_000, 2), dtype=np.float32)

    def interrupt() -> None:
        while network.stats["steps"] == 0:
            pass
        signal.raise_signal(signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        network.train(rows, rows[:, :1].copy())
    thread.join()
    assert 0 < network.stats["steps"] < len(rows)
