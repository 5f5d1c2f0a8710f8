"""A websocket of the server: opened with a text message, then one answer per frame, in order."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Literal

from google.protobuf.message import DecodeError, Message
from websockets.exceptions import ConnectionClosed, WebSocketException

from ..errors import ConnectionFailedError, WebsocketError
from .io import Websocket

if TYPE_CHECKING:
    from .connection import AsyncConnection


class AsyncSocket:
    """An open websocket."""

    def __init__(self, stack: AsyncExitStack, websocket: Websocket) -> None:
        """Use a websocket that was opened; see `open`."""
        self._stack = stack
        self._websocket = websocket
        self.unanswered = 0

    @classmethod
    async def open(
        cls, connection: AsyncConnection, target: Literal["cluster", "file_upload"], uuid: str
    ) -> AsyncSocket:
        """Connect for the cluster or the file `uuid`."""
        token = await connection._valid_token()
        async with AsyncExitStack() as stack:
            try:
                websocket = await connection._websocket(stack)
                hello = {"token": token, "target": target, "uuid": uuid}
                await websocket.send(json.dumps(hello))
                answer = json.loads(await websocket.recv())
            except (WebSocketException, ValueError) as error:
                raise _broken(error) from error
            if not answer["success"]:
                raise WebsocketError(answer.get("error") or "the server gave no reason")
            return cls(stack.pop_all(), websocket)
        raise AssertionError("the stack hides no errors")

    async def send(self, frame: Message) -> None:
        """Send a frame; its answer is still to be received."""
        try:
            await self._websocket.send(frame.SerializeToString())
        except WebSocketException as error:
            raise _broken(error) from error
        self.unanswered += 1

    async def receive(self, answer: Message) -> None:
        """Read the next answer into `answer`."""
        try:
            message = await self._websocket.recv()
            answer.ParseFromString(message.encode() if isinstance(message, str) else message)
        except (WebSocketException, DecodeError) as error:
            raise _broken(error) from error
        self.unanswered -= 1

    async def close(self) -> None:
        """Say goodbye."""
        await self._stack.aclose()


def _broken(error: Exception) -> WebsocketError | ConnectionFailedError:
    if isinstance(error, ConnectionClosed) and error.rcvd is not None:
        return WebsocketError(error.rcvd.reason or "the server gave no reason")
    return ConnectionFailedError(f"a websocket failed: {error}")
