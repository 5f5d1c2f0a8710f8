"""When a request is sent once more, and how long is waited before."""

from __future__ import annotations

import random

import httpx

LONGEST_PAUSE = 30.0
"""Most seconds between two tries, whatever the server asks for."""

BUSY = (429, 503)
"""Statuses with which the server refuses before it has done anything."""


def is_safe(error: httpx.TransportError, method: str) -> bool:
    """Tell whether a request that failed like this can't have been done, or does no harm twice."""
    return method == "GET" or isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout))


def pause(attempt: int, retry_after: str | None = None) -> float:
    """Return the seconds to wait after the try number `attempt`, from 0."""
    if retry_after is not None and retry_after.isdigit():
        return min(float(retry_after), LONGEST_PAUSE)
    return float(random.uniform(0.5, 1.0) * 0.2 * 2**attempt)
