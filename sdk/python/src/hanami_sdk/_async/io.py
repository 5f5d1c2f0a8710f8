"""What waits differently with and without asyncio. Written by hand on both sides."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import AsyncExitStack

import httpx
from websockets.asyncio.client import ClientConnection, connect

HttpClient = httpx.AsyncClient
HttpTransport = httpx.AsyncHTTPTransport
Lock = asyncio.Lock
Websocket = ClientConnection
sleep = asyncio.sleep


async def open_websocket(
    stack: AsyncExitStack, url: str, tls: ssl.SSLContext | None, timeout: float
) -> Websocket:
    """Connect; `stack` closes the connection."""
    connection = connect(
        url, ssl=tls, proxy=None, compression=None, max_size=None, open_timeout=timeout
    )
    return await stack.enter_async_context(connection)
