from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from server import ADMIN, PASSWORD, ROOT, Server

from hanami_sdk import Hanami

StartServer = Callable[..., Server]


@pytest.fixture(scope="session")
def data() -> Path:
    """The files that the scenarios upload."""
    return ROOT / "sdk" / "scenarios" / "data"


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """Starts servers with variables of their own."""
    servers: list[Server] = []

    def start(**variables: str) -> Server:
        servers.append(Server(tmp_path / f"data{len(servers)}", **variables))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for the tests that don't mind what others leave there."""
    server = Server(tmp_path_factory.mktemp("server") / "data")
    yield server
    server.stop()


@pytest.fixture
def hanami(server: Server) -> Iterator[Hanami]:
    with Hanami(server.address, ADMIN, PASSWORD) as client:
        yield client
