from __future__ import annotations

import json
from typing import Any

import pytest
from google.protobuf.message import DecodeError, Message
from scenario import FOLDER

from hanami_sdk._frames import hanami_pb2

VECTORS = json.loads((FOLDER / "frames.json").read_text())


def message(vector: dict[str, Any]) -> Message:
    fields = dict(vector.get("fields", {}))
    if "data" in fields:
        fields["data"] = bytes.fromhex(fields["data"])
    made: Message = getattr(hanami_pb2, vector["message"])(**fields)
    return made


def named(vector: dict[str, Any]) -> str:
    return str(vector["about"])


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=named)
def test_fields_become_these_bytes(vector: dict[str, Any]) -> None:
    assert message(vector).SerializeToString().hex() == vector["hex"]


@pytest.mark.parametrize("vector", VECTORS["vectors"] + VECTORS["decode_only"], ids=named)
def test_these_bytes_become_fields(vector: dict[str, Any]) -> None:
    expected = message(vector)
    found = type(expected).FromString(bytes.fromhex(vector["hex"]))
    # Whole messages would not be equal: an unknown field is kept.
    assert found.ListFields() == expected.ListFields()


@pytest.mark.parametrize("vector", VECTORS["invalid"], ids=named)
def test_what_is_no_message_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(DecodeError):
        type(message(vector)).FromString(bytes.fromhex(vector["hex"]))
