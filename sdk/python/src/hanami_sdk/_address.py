"""Where a server listens."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

DEFAULT_PORT = 11418
API_PREFIX = "/control/v1/"


@dataclass(frozen=True)
class Address:
    """Host and port of a server, and whether it is spoken to over TLS."""

    host: str
    port: int
    tls: bool

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read `host`, `host:port`, `http://host:port` or `https://host:port`."""
        parts = urlsplit(text if "://" in text else f"http://{text}")
        if parts.scheme not in ("http", "https"):
            raise _invalid(text, "it must begin with http:// or https://")
        if parts.username or parts.password:
            raise _invalid(text, "user and password are arguments of their own")
        if parts.path not in ("", "/") or parts.query or parts.fragment or not parts.hostname:
            raise _invalid(text, "it is not http://host:port")
        try:
            port = DEFAULT_PORT if parts.port is None else parts.port
        except ValueError:
            raise _invalid(text, "the port is not a number from 0 to 65535") from None
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        return cls(host, port, parts.scheme == "https")

    def endpoint(self, path: str) -> str:
        """URL of the endpoint `path`, such as `cluster/all`."""
        return f"{self}{API_PREFIX}{path}"

    @property
    def websocket(self) -> str:
        """URL of the websocket."""
        return f"{'wss' if self.tls else 'ws'}://{self.host}:{self.port}/"

    def __str__(self) -> str:
        """Show the URL, without a slash at its end."""
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}"


def _invalid(text: str, reason: str) -> ValueError:
    return ValueError(f"can't use the address {text!r}: {reason}")
