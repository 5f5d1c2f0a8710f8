"""Logging in."""

from __future__ import annotations

import json

from ._plain import request


def request_token(address: str, user: str, pw: str, verify_connection: bool = True) -> str:
    """Log in; return the token."""
    body = {"id": user, "password": pw}
    answer = request(None, address, "POST", "token", body=body, verify_connection=verify_connection)
    token: str = json.loads(answer)["token"]
    return token
