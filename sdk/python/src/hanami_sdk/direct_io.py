"""Values to and from a cluster in direct mode, over the websocket of `switch_to_direct_mode`."""

from __future__ import annotations

from collections.abc import Sequence

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from ._frames.hanami_pb2 import REQUEST_TYPE, TRAIN_TYPE, ClusterIO_Message
from .errors import WebsocketError
from .values import floats


async def send_train_input(
    ws: ClientConnection, brick: str, values: Sequence[float], last: bool
) -> None:
    """Give a brick its values, or an output brick those that are right; the last ones are learned.

    Returns once the server has taken them.
    """
    await _send(ws, TRAIN_TYPE, brick, values, last)


async def send_request_input(
    ws: ClientConnection, brick: str, values: Sequence[float], last: bool
) -> list[float] | None:
    """Give an input brick its values; after the last ones return what the cluster answers."""
    answer = await _send(ws, REQUEST_TYPE, brick, values, last)
    return list(answer.values) if last else None


async def _send(
    ws: ClientConnection, process: int, brick: str, values: Sequence[float], last: bool
) -> ClusterIO_Message:
    numbers = floats(values)
    frame = ClusterIO_Message(
        brickName=brick,
        isLast=last,
        processType=process,  # type: ignore[arg-type]
        numberOfValues=len(numbers),
        values=numbers,
    )
    try:
        await ws.send(frame.SerializeToString())
        message = await ws.recv()
    except ConnectionClosed as error:
        reason = error.rcvd.reason if error.rcvd is not None else "the connection broke"
        raise WebsocketError(reason) from error
    return ClusterIO_Message.FromString(message.encode() if isinstance(message, str) else message)
