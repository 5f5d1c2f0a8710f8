"""What waits differently with and without asyncio. Written by hand on both sides."""

from __future__ import annotations

import ssl
import threading
import time
from contextlib import ExitStack

import httpx
from websockets.sync.client import ClientConnection, connect

HttpClient = httpx.Client
HttpTransport = httpx.HTTPTransport
Lock = threading.Lock
Websocket = ClientConnection
sleep = time.sleep


def open_websocket(
    stack: ExitStack, url: str, tls: ssl.SSLContext | None, timeout: float
) -> Websocket:
    """Connect; `stack` closes the connection."""
    connection = connect(
        url, ssl=tls, proxy=None, compression=None, max_size=None, open_timeout=timeout
    )
    return stack.enter_context(connection)
