# Made from _async/socket.py by tools/generate.py.
"""A websocket of the server: opened with a text message, then one answer per frame, in order."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Literal

from google.protobuf.message import DecodeError, Message
from websockets.exceptions import ConnectionClosed, WebSocketException

from ..errors import ConnectionFailedError, WebsocketError
from .io import Websocket

if TYPE_CHECKING:
    from .connection import Connection


class Socket:
    """An open websocket."""

    def __init__(self, stack: ExitStack, websocket: Websocket) -> None:
        """Use a websocket that was opened; see `open`."""
        self._stack = stack
        self._websocket = websocket
        self.unanswered = 0

    @classmethod
    def open(
        cls, connection: Connection, target: Literal["cluster", "file_upload"], uuid: str
    ) -> Socket:
        """Connect for the cluster or the file `uuid`."""
        token = connection._valid_token()
        with ExitStack() as stack:
            try:
                websocket = connection._websocket(stack)
                hello = {"token": token, "target": target, "uuid": uuid}
                websocket.send(json.dumps(hello))
                answer = json.loads(websocket.recv())
            except (WebSocketException, ValueError) as error:
                raise _broken(error) from error
            if not answer["success"]:
                raise WebsocketError(answer.get("error") or "the server gave no reason")
            return cls(stack.pop_all(), websocket)
        raise AssertionError("the stack hides no errors")

    def send(self, frame: Message) -> None:
        """Send a frame; its answer is still to be received."""
        try:
            self._websocket.send(frame.SerializeToString())
        except WebSocketException as error:
            raise _broken(error) from error
        self.unanswered += 1

    def receive(self, answer: Message) -> None:
        """Read the next answer into `answer`."""
        try:
            message = self._websocket.recv()
            answer.ParseFromString(message.encode() if isinstance(message, str) else message)
        except (WebSocketException, DecodeError) as error:
            raise _broken(error) from error
        self.unanswered -= 1

    def close(self) -> None:
        """Say goodbye."""
        self._stack.close()


def _broken(error: Exception) -> WebsocketError | ConnectionFailedError:
    if isinstance(error, ConnectionClosed) and error.rcvd is not None:
        return WebsocketError(error.rcvd.reason or "the server gave no reason")
    return ConnectionFailedError(f"a websocket failed: {error}")
