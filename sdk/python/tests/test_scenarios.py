from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import pytest
from conftest import StartServer
from dialects import Clients, Functions
from scenario import FOLDER, Scenario

SCENARIOS = sorted(path.name for path in FOLDER.glob("*.json") if path.name != "frames.json")
# Module functions are given a token and have nothing to renew it with.
FOR_FUNCTIONS = [name for name in SCENARIOS if name != "renewal.json"]


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


def run(name: str, start_server: StartServer, dialect: type, *options: object) -> None:
    scenario = json.loads((FOLDER / name).read_text())
    server = start_server(**scenario.get("server", {}))
    call = dialect(server.address, *options)
    try:
        Scenario(call).run(scenario["steps"])
    finally:
        call.close()


def test_there_are_scenarios() -> None:
    assert {"workflow.json", "errors.json", "windows.json", "renewal.json"} <= set(SCENARIOS)


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_client_without_asyncio(name: str, start_server: StartServer) -> None:
    run(name, start_server, Clients)


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_client_for_asyncio(
    name: str, start_server: StartServer, loop: asyncio.AbstractEventLoop
) -> None:
    run(name, start_server, Clients, loop)


@pytest.mark.parametrize("name", FOR_FUNCTIONS)
def test_the_module_functions(
    name: str, start_server: StartServer, loop: asyncio.AbstractEventLoop
) -> None:
    run(name, start_server, Functions, loop)
