"""The way of a file to the server, in chunks over a websocket.

Some chunks are sent ahead of their answers, so that a far server's line is kept full. Chunks are
written by their position, so one may be sent twice: when a connection breaks, the next one begins
with the first chunk that was not acknowledged.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

from .. import _retry
from .._frames.hanami_pb2 import FileUpload_Message, FileUploadResponse_Message
from ..errors import ConnectionFailedError, WebsocketError
from .connection import AsyncConnection
from .io import sleep
from .socket import AsyncSocket

CHUNK_BYTES = 128 * 1024
CHUNKS_IN_FLIGHT = 8


class Part:
    """A file to upload, or its bytes, and which ranges of it have not arrived yet."""

    def __init__(self, data: Path | bytes) -> None:
        """Take the size that is declared to the server; what a file grows by later is not sent."""
        self._data = data
        self.size = len(data) if isinstance(data, bytes) else data.stat().st_size
        self.missing = [(0, self.size)]

    @property
    def arrived(self) -> int:
        """Bytes that have arrived."""
        return self.size - sum(end - start for start, end in self.missing)

    def chunks(self) -> Iterator[tuple[int, bytes]]:
        """Yield what is missing, each chunk with its position."""
        for start, end in list(self.missing):
            for position in range(start, end, CHUNK_BYTES):
                yield position, self._read(position, min(CHUNK_BYTES, end - position))

    def acknowledge(self, position: int, length: int) -> None:
        """Note that a chunk has arrived; they do in the order of `chunks`."""
        _, end = self.missing.pop(0)
        if position + length < end:
            self.missing.insert(0, (position + length, end))

    def _read(self, position: int, length: int) -> bytes:
        if isinstance(self._data, bytes):
            return self._data[position : position + length]
        with self._data.open("rb") as file:
            file.seek(position)
            chunk = file.read(length)
        if len(chunk) < length:
            raise OSError(f"{self._data} has become shorter while it was uploaded")
        return chunk


async def send_parts(
    connection: AsyncConnection,
    parts: list[tuple[str, Part]],
    show: Callable[[int, int], None],
) -> None:
    """Send files, each with its uuid; `show` is told the bytes that have arrived, and all."""
    total = sum(part.size for _, part in parts)
    for uuid, part in parts:
        attempt = 0
        while part.missing:
            before = part.arrived
            try:
                await _send(connection, uuid, part, lambda: show(_arrived(parts), total))
            except ConnectionFailedError:
                attempt = 0 if part.arrived > before else attempt + 1
                if attempt > connection._retries:
                    raise
                await sleep(_retry.pause(attempt))


def _arrived(parts: list[tuple[str, Part]]) -> int:
    return sum(part.arrived for _, part in parts)


async def _send(
    connection: AsyncConnection, uuid: str, part: Part, tell: Callable[[], None]
) -> None:
    """Send what has not arrived yet, over one connection."""
    socket = await AsyncSocket.open(connection, "file_upload", uuid)
    sent: deque[tuple[int, int]] = deque()

    async def settle(unanswered: int) -> None:
        """Read answers until only so many are missing."""
        while len(sent) > unanswered:
            answer = FileUploadResponse_Message()
            await socket.receive(answer)
            if not answer.success:
                raise WebsocketError(answer.errorMessage)
            part.acknowledge(*sent.popleft())
            tell()

    try:
        for position, chunk in part.chunks():
            await settle(CHUNKS_IN_FLIGHT - 1)
            await socket.send(FileUpload_Message(position=position, data=chunk))
            sent.append((position, len(chunk)))
        await settle(0)
    finally:
        await socket.close()
