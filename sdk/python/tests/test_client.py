from __future__ import annotations

import asyncio
import copy
import logging
import pickle
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import numpy
import pandas
import pytest
from conftest import StartServer
from server import ADMIN, PASSWORD, Server

from hanami_sdk import (
    AsyncHanami,
    BadRequestError,
    ConnectionFailedError,
    Hanami,
    NotFoundError,
    TaskAbortedError,
    TooManyRequestsError,
    UnauthorizedError,
    templates,
)
from hanami_sdk._address import Address
from hanami_sdk.models import TaskProgress

NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("garden", "http://garden:11418"),
        ("garden:80", "http://garden:80"),
        ("http://garden:80/", "http://garden:80"),
        ("https://garden", "https://garden:11418"),
        ("[::1]:99", "http://[::1]:99"),
    ],
)
def test_scheme_port_and_slash_are_optional(text: str, url: str) -> None:
    assert str(Address.parse(text)) == url


@pytest.mark.parametrize("text", ["", "ftp://garden", "garden:99999", "me@garden", "garden/path"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="can't use the address"):
        Hanami(text, "admin", "password")


def test_an_error_tells_status_code_request_and_message(hanami: Hanami) -> None:
    with pytest.raises(NotFoundError) as caught:
        hanami.cluster(NOWHERE)
    error = caught.value
    assert (error.status, error.code) == (404, "not-found")
    assert error.request_id is not None
    assert error.request_id in str(error)
    assert error.message in str(error)


def test_secrets_are_not_shown(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), Hanami(server.address, ADMIN, PASSWORD) as hanami:
        cluster = hanami.create_cluster("shown to all")
        token = hanami._token
        assert token
        shown = [repr(hanami), repr(cluster), str(vars(cluster)), caplog.text]
        cluster.delete()
    for text in shown:
        assert PASSWORD not in text
        assert token not in text


def test_a_copy_of_a_client_is_the_client(hanami: Hanami) -> None:
    assert copy.deepcopy({"client": hanami})["client"] is hanami


def test_a_client_is_not_pickled(hanami: Hanami) -> None:
    with pytest.raises(TypeError, match="password"):
        pickle.dumps(hanami)


def test_a_wrong_password_is_told_at_once(server: Server) -> None:
    with pytest.raises(UnauthorizedError) as caught, Hanami(server.address, ADMIN, "not the one"):
        pass
    assert caught.value.code == "wrong-credentials"


def test_many_callers_renew_a_token_once(start_server: StartServer) -> None:
    server = start_server()
    with Hanami(server.address, ADMIN, PASSWORD) as hanami:
        hanami._token = "expired"
        with ThreadPoolExecutor(8) as pool:
            for clusters in pool.map(lambda _: hanami.clusters(), range(24)):
                assert clusters == []
        logins = [entry for entry in hanami.audit_log() if entry.endpoint == "v1/token"]
    assert len(logins) == 2, "one to begin with, one for all who found the token expired"


async def test_many_coroutines_renew_a_token_once(start_server: StartServer) -> None:
    server = start_server()
    async with AsyncHanami(server.address, ADMIN, PASSWORD) as hanami:
        hanami._token = "expired"
        await asyncio.gather(*(hanami.clusters() for _ in range(24)))
        logins = [entry for entry in await hanami.audit_log() if entry.endpoint == "v1/token"]
    assert len(logins) == 2


class Busy(BaseHTTPRequestHandler):
    """Says that it is busy so many times before it answers."""

    address: ClassVar[str]
    refusals: ClassVar[int] = 0
    retry_after: ClassVar[str] = "0"
    seen: ClassVar[list[str]]

    def do_GET(self) -> None:
        self.seen.append(self.path)
        if len(self.seen) <= self.refusals:
            self.send_response(429)
            self.send_header("retry-after", self.retry_after)
            body = b'{"code": "too-many", "detail": "later", "request_id": "r"}'
        else:
            self.send_response(200)
            body = b'{"header": ["uuid", "type"], "body": [["u", "cpu"]]}'
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def busy() -> Iterator[type[Busy]]:
    class Handler(Busy):
        seen: ClassVar[list[str]] = []

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Handler.address = f"127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Handler
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_busy_server_is_asked_again(busy: type[Busy]) -> None:
    busy.refusals = 2
    with Hanami(busy.address, token="t") as hanami:
        assert [host.type for host in hanami.hosts()] == ["cpu"]
    assert len(busy.seen) == 3


def test_a_server_that_stays_busy_is_an_error(busy: type[Busy]) -> None:
    busy.refusals = 100
    with (
        Hanami(busy.address, token="t", retries=2) as hanami,
        pytest.raises(TooManyRequestsError),
    ):
        hanami.hosts()
    assert len(busy.seen) == 3


def test_a_server_that_is_busy_for_long_is_not_waited_for(busy: type[Busy]) -> None:
    busy.refusals = 100
    busy.retry_after = "300"
    with Hanami(busy.address, token="t") as hanami, pytest.raises(TooManyRequestsError):
        hanami.hosts()
    assert len(busy.seen) == 1


class Closing(BaseHTTPRequestHandler):
    """Answers one request of each connection, and closes it when the next one has come.

    Takes the second token that it gives.
    """

    protocol_version = "HTTP/1.1"
    seen: ClassVar[list[str]]
    is_used = False

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.seen.append(f"{self.command} {self.path.removeprefix('/control/v1/')}")
        if self.is_used:
            self.close_connection = True
            return
        self.is_used = True
        body = b'{"header": [], "body": []}'
        status = 200
        if self.path.endswith("/token"):
            body = b'{"token": "%d"}' % len(self.seen)
        elif self.headers["x-auth-token"] == "1":
            status = 401
            body = b'{"code": "invalid-token", "title": "t", "detail": "d", "status": 401}'
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = answer

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def closing() -> Iterator[tuple[str, list[str]]]:
    class Handler(Closing):
        seen: ClassVar[list[str]] = []

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}", Handler.seen
    server.shutdown()
    thread.join()
    server.server_close()


OVER_CLOSED_CONNECTIONS = [
    "POST token",
    *["GET cluster/all"] * 2,
    *["POST token"] * 2,
    *["GET cluster/all"] * 2,
    *["PUT token"] * 2,
    "POST cluster",
]
"""Reads and log-ins go out again; what changes something goes out once."""


def test_log_ins_survive_connections_that_were_kept_in_vain(
    closing: tuple[str, list[str]],
) -> None:
    address, seen = closing
    with Hanami(address, ADMIN, PASSWORD) as hanami:
        assert hanami.clusters() == []
        hanami.switch_project("garden")
        with pytest.raises(ConnectionFailedError):
            hanami.create_cluster("digits")
    assert seen == OVER_CLOSED_CONNECTIONS


async def test_coroutines_survive_connections_that_were_kept_in_vain(
    closing: tuple[str, list[str]],
) -> None:
    address, seen = closing
    async with AsyncHanami(address, ADMIN, PASSWORD) as hanami:
        assert await hanami.clusters() == []
        await hanami.switch_project("garden")
        with pytest.raises(ConnectionFailedError):
            await hanami.create_cluster("digits")
    assert seen == OVER_CLOSED_CONNECTIONS


def test_nobody_there_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with (
        pytest.raises(ConnectionFailedError, match=address),
        Hanami(address, ADMIN, PASSWORD, retries=1),
    ):
        pass


def test_a_table_comes_from_pandas_numpy_and_columns(hanami: Hanami) -> None:
    columns = {"wave": [0.5, None, 1.5], "next": [True, False, True]}
    frame = pandas.DataFrame({"wave": [0.5, float("nan"), 1.5], "next": [True, False, True]})
    arrays = {"wave": numpy.array([0.5, numpy.nan, 1.5]), "next": numpy.array([True, False, True])}
    for name, table in (("columns", columns), ("frame", frame), ("arrays", arrays)):
        dataset = hanami.upload_csv(f"from {name}", table)  # type: ignore[arg-type]
        assert (dataset.lines, dataset.type) == (3, "csv")
        dataset.delete()


def test_images_come_from_numpy(hanami: Hanami) -> None:
    images = numpy.zeros((20, 4, 4), dtype=numpy.uint8)
    labels = numpy.arange(20) % 2
    images[labels == 0, :2] = 200
    images[labels == 1, 2:] = 200
    told: list[tuple[int, int]] = []
    dataset = hanami.upload_images(
        "halves", images, labels, progress=lambda done, total: told.append((done, total))
    )
    assert (dataset.lines, dataset.inputs) == (20, 16)
    size = 16 + images.size + 8 + 20
    assert told[-1] == (size, size)

    cluster = hanami.create_cluster("halves", templates.chain(("pixels", 16), ("half", 10)))
    for _ in range(5):
        train = cluster.train(dataset)
        train.wait(progress=False)
    assert train.curve.points
    assert train.curve._repr_svg_().startswith("<svg")
    assert list(train.curve.to_pandas().columns) == ["samples", "accuracy"]
    request = cluster.request(dataset)
    request.wait(progress=False)
    result = request.result()
    assert result.to_numpy().tolist() == labels.tolist()
    assert result.to_pandas().name == "request"
    assert result.check(dataset).accuracy == 100.0


def test_images_of_another_form_are_refused(hanami: Hanami) -> None:
    with pytest.raises(ValueError, match="uint8"):
        hanami.upload_images("floats", numpy.zeros((2, 4, 4)), [0, 1])


def test_bad_data_leaves_nothing_behind(hanami: Hanami) -> None:
    with pytest.raises(BadRequestError):
        hanami.upload_csv("bad table", b"wave,next\n1,2,3\n")
    assert all(dataset.name != "bad table" for dataset in hanami.datasets())


def test_waiting_tells_and_gives_up(hanami: Hanami, tmp_path: Path) -> None:
    table = tmp_path / "long.csv"
    table.write_text("wave,next\n" + "0.5,1\n0.25,0\n" * 200_000)
    dataset = hanami.upload_csv("long", table)
    cluster = hanami.create_cluster("long", templates.chain(("wave", 8), ("next", 1)))
    task = cluster.train(dataset)
    told: list[TaskProgress] = []
    with pytest.raises(TimeoutError):
        task.wait(progress=told.append, timeout=0.1)
    assert told[0].state in ("queued", "active")
    task.delete()
    with pytest.raises((TaskAbortedError, NotFoundError)):
        task.wait(progress=False)
    cluster.delete()


def test_a_bar_is_drawn_on_demand(hanami: Hanami, capfd: pytest.CaptureFixture[str]) -> None:
    dataset = hanami.upload_csv("drawn", b"wave,next\n" + b"1,0\n0,1\n" * 50, progress=True)
    cluster = hanami.create_cluster("drawn", templates.chain(("wave", 1), ("next", 1)))
    cluster.train(dataset, "learning").wait(progress=True)
    shown = capfd.readouterr().err
    assert "drawn" in shown
    assert "learning: 100%" in shown
