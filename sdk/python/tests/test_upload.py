"""Uploads over a line that breaks."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest
from server import ADMIN, PASSWORD, Server

from hanami_sdk import ConnectionFailedError, Hanami, UploadInterruptedError

TABLE = b"wave,next\n" + b"0.50000,1\n0.25000,0\n" * 100_000


class Line:
    """A way to a server that is cut each time so many bytes have been sent over a connection."""

    def __init__(self, target: str, most_bytes: int, cuts: int) -> None:
        self.target = target.removeprefix("http://").split(":")
        self.most_bytes = most_bytes
        self.cuts = cuts
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection((self.target[0], int(self.target[1])))
            threading.Thread(target=self.carry, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self.carry, args=(server, client, False), daemon=True).start()

    def carry(self, source: socket.socket, target: socket.socket, is_cut: bool) -> None:
        carried = 0
        with suppress(OSError):
            while piece := source.recv(65536):
                carried += len(piece)
                if is_cut and carried > self.most_bytes and self.cuts > 0:
                    self.cuts -= 1
                    break
                target.sendall(piece)
        for end in (source, target):
            # A shutdown wakes the thread that carries the other way.
            with closing(end), suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def lines() -> Iterator[list[Line]]:
    made: list[Line] = []
    yield made
    for line in made:
        line.listener.close()


def test_an_upload_goes_on_where_the_line_was_cut(server: Server, lines: list[Line]) -> None:
    lines.append(Line(server.address, most_bytes=500_000, cuts=3))
    told: list[int] = []
    with Hanami(lines[0].address, ADMIN, PASSWORD) as hanami:
        dataset = hanami.upload_csv("cut line", TABLE, progress=lambda done, _: told.append(done))
    assert lines[0].cuts == 0
    assert told == sorted(told)
    assert told[-1] == len(TABLE)
    assert dataset.lines == 200_000


def test_a_line_that_is_always_cut_is_an_error(server: Server, lines: list[Line]) -> None:
    lines.append(Line(server.address, most_bytes=100_000, cuts=1_000))
    with (
        pytest.raises(ConnectionFailedError),
        Hanami(lines[0].address, ADMIN, PASSWORD, retries=1) as hanami,
    ):
        hanami.upload_csv("always cut", TABLE, progress=False)


def test_an_interrupted_upload_is_taken_up_later(server: Server, lines: list[Line]) -> None:
    lines.append(Line(server.address, most_bytes=700_000, cuts=1_000))
    with (
        pytest.raises(UploadInterruptedError) as caught,
        Hanami(lines[0].address, ADMIN, PASSWORD, retries=0) as cut_off,
    ):
        cut_off.upload_csv("taken up", TABLE, progress=False)

    with Hanami(server.address, ADMIN, PASSWORD) as hanami:
        (file,) = hanami.upload_progress(caught.value.dataset_uuid).files
        assert 0 < file.received < file.size == len(TABLE)
        with pytest.raises(ValueError, match="sizes"):
            hanami.resume_upload(caught.value.dataset_uuid, TABLE[:-1])
        told: list[int] = []
        dataset = hanami.resume_upload(
            caught.value.dataset_uuid, TABLE, progress=lambda done, _: told.append(done)
        )
    assert dataset.lines == 200_000
    assert told[0] > file.received, "what had arrived was not sent again"
    assert told[-1] == len(TABLE)
