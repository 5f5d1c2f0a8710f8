"""Reads scenarios (see sdk/scenarios/README.md); how calls are made is given from outside."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from server import ROOT

from hanami_sdk import ApiError, WebsocketError

FOLDER = ROOT / "sdk" / "scenarios"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
ABSENT = object()

Call = Callable[[str, str, dict[str, Any]], Any]
"""Makes a call: who does what with which arguments."""


class Scenario:
    """A run of a scenario."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.variables: dict[str, Any] = {}

    def run(self, steps: list[dict[str, Any]]) -> None:
        for step in steps:
            if "repeat" in step:
                for _ in range(step["repeat"]):
                    self.run(step["steps"])
            else:
                self.step(step)

    def step(self, step: dict[str, Any]) -> None:
        arguments = self.filled(step.get("with", {}))
        try:
            result = self.call(step.get("as", "admin"), step["call"], arguments)
        except (ApiError, WebsocketError) as error:
            assert "error" in step, f"{step}: {error}"
            assert is_expected(error, step["error"]), f"{step}: {error!r}"
            return
        assert "error" not in step, f"{step} went well: {result}"
        for pointer, matcher in self.filled(step.get("expect", {})).items():
            found = at(result, pointer)
            assert matches(found, matcher), f"{step}: {pointer!r} is {found!r}"
        for name, pointer in step.get("save", {}).items():
            self.variables[name] = at(result, pointer)

    def filled(self, value: Any) -> Any:
        """The value with variables and paths in their places."""
        if isinstance(value, str) and value.startswith("$data/"):
            return str(FOLDER / value[1:])
        if isinstance(value, str) and value.startswith("$"):
            return self.variables[value[1:]]
        if isinstance(value, dict):
            return {key: self.filled(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.filled(item) for item in value]
        return value


def is_expected(error: ApiError | WebsocketError, expected: dict[str, Any]) -> bool:
    if isinstance(error, WebsocketError):
        return "websocket" in expected and expected["websocket"] in str(error)
    return (
        error.status == expected.get("status")
        and error.code == expected.get("code", error.code)
        and expected.get("detail", "") in error.message
        and error.request_id is not None
    )


def at(value: Any, pointer: str) -> Any:
    """What the JSON pointer points to."""
    for key in pointer.split("/")[1:]:
        try:
            value = value[int(key)] if isinstance(value, list) else value[key]
        except (KeyError, IndexError):
            return ABSENT
    return value


def matches(value: Any, matcher: Any) -> bool:
    if not isinstance(matcher, dict):
        return bool(value == matcher)
    ((kind, argument),) = matcher.items()
    if kind == "absent":
        return value is ABSENT
    if value is ABSENT:
        return False
    match kind:
        case "between":
            return bool(argument[0] <= value <= argument[1])
        case "uuid":
            return UUID.fullmatch(value) is not None
        case "timestamp":
            return TIMESTAMP.fullmatch(value) is not None
        case "length":
            return bool(len(value) == argument)
        case "contains" if isinstance(value, str):
            return str(argument) in value
        case "contains":
            return any(is_element(element, argument) for element in value)
        case "lacks":
            return not any(is_element(element, argument) for element in value)
    raise ValueError(f"no matcher is called {kind!r}")


def is_element(element: Any, wanted: Any) -> bool:
    if not isinstance(wanted, dict):
        return bool(element == wanted)
    return all(matches(element.get(name, ABSENT), matcher) for name, matcher in wanted.items())
