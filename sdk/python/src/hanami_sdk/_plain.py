"""Single requests with a token, whose answers are left as the server sent them.

What the module functions are made of.
"""

from __future__ import annotations

import functools
from typing import Any

import httpx

from ._address import Address
from .errors import ConnectionFailedError, refused

TIMEOUT = 60.0


def request(
    token: str | None,
    address: str,
    method: str,
    path: str,
    *,
    query: dict[str, Any] | None = None,
    body: dict[str, Any] | None = None,
    verify_connection: bool = True,
) -> str:
    """Send a request; return the JSON text of the answer, or raise the error that it is."""
    where = Address.parse(address)
    headers = {} if token is None else {"x-auth-token": token}
    try:
        answer = _client(where.tls and verify_connection).request(
            method,
            where.endpoint(path),
            params=_given(query),
            json=_given(body),
            headers=headers,
        )
    except httpx.TransportError as error:
        raise ConnectionFailedError(f"the connection to {where} failed: {error}") from error
    if not answer.is_success:
        raise refused(answer.status_code, answer.content)
    return answer.text


@functools.lru_cache(maxsize=2)
def _client(verify: bool) -> httpx.Client:
    """Return the connections that all functions share."""
    return httpx.Client(verify=verify, timeout=TIMEOUT, trust_env=False)


def _given(fields: dict[str, Any] | None) -> dict[str, Any] | None:
    if fields is None:
        return None
    return {name: value for name, value in fields.items() if value is not None}
