"""A connection to one server: requests, the token they carry, and when they are tried again."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from os import PathLike
from pathlib import Path
from typing import Any

import httpx

from .. import _retry, _tls
from .._address import Address
from ..errors import ApiError, ConnectionFailedError, UnauthorizedError, refused
from ..resources import Resource, uuid_of
from .io import HttpClient, HttpTransport, Lock, Websocket, open_websocket, sleep


class AsyncConnection:
    """What the methods of all resources are made of."""

    def __init__(
        self,
        address: str,
        user: str | None = None,
        password: str | None = None,
        *,
        token: str | None = None,
        project: str | None = None,
        verify: _tls.Verify = True,
        timeout: float = 60.0,
        retries: int = 3,
    ) -> None:
        """Make ready for the server at `address`; nothing is sent yet.

        `address` is `http://host:port`, `https://host:port` or `host:port`. Either `user` and
        `password` are given, or a `token` that was got elsewhere. With the first, the client logs
        in by itself when it has no token yet or its token has expired. `project` is the one to
        work in, if it is not the user's first.

        `verify` says how the certificate of an HTTPS server is checked: `True`, `False`, the path
        of a PEM file with authorities, or an `ssl.SSLContext`. `timeout` is in seconds for each
        request; `retries` is how often a request is sent again that has certainly had no effect
        (nothing answered, or the server said that it is too busy) or that only reads.
        """
        if token is None and (user is None or password is None):
            raise ValueError("give user and password, or a token")
        self._address = Address.parse(address)
        self._user = user
        self._password = password
        self._token = token
        self._project = project
        self._timeout = timeout
        self._retries = retries
        self._tls = _tls.context(self._address, verify)
        self._renewing = Lock()
        self._http = HttpClient(
            timeout=timeout,
            trust_env=False,
            # Websockets of the same server would not go through a proxy either.
            transport=HttpTransport(verify=self._tls or False),
        )

    def __repr__(self) -> str:
        """Show the server and the user, but neither password nor token."""
        return f"{type(self).__name__}({str(self._address)!r}, user={self._user!r})"

    def __deepcopy__(self, memo: dict[int, Any]) -> AsyncConnection:
        """Return the client itself; so copies of an estimator share it."""
        return self

    def __getstate__(self) -> None:
        """Refuse to be pickled."""
        raise TypeError("a client can't be pickled: it holds connections and a password")

    async def login(self) -> None:
        """Log in now rather than with the first request.

        Raises `UnauthorizedError` if user or password are wrong.
        """
        await self._fresh_token(self._token)

    async def switch_project(self, project_id: str) -> None:
        """Work in the project `project_id` from now on."""
        await self._request("PUT", "token", body={"project_id": project_id}, takes_token=True)
        self._project = project_id

    async def close(self) -> None:
        """Close all connections for HTTP; live connections have a `close` of their own."""
        await self._http.aclose()

    async def _request(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
        takes_token: bool = False,
    ) -> Any:
        """Send a request with a token and return the JSON of the answer.

        What is `None` in `query` or `body` is left out. With `takes_token` the answer's token is
        used from then on.
        """
        token = self._token or await self._fresh_token(None)
        try:
            answer = await self._send(method, path, token, query, body)
        except UnauthorizedError as error:
            if error.code != "invalid-token" or self._password is None:
                raise
            token = await self._fresh_token(token)
            answer = await self._send(method, path, token, query, body)
        if takes_token:
            self._token = answer["token"]
        return answer

    async def _change(
        self, kind: str, resource: Resource | str, name: str | None, visibility: str | None
    ) -> Any:
        """Change the name and the visibility of a resource, if they are given."""
        body = {"uuid": uuid_of(resource), "name": name, "visibility": visibility}
        return await self._request("PUT", kind, body=body)

    async def _stream(
        self,
        stack: AsyncExitStack,
        method: str,
        path: str,
        query: dict[str, Any],
        content: bytes | None = None,
    ) -> httpx.Response:
        """Send a request whose answer is read bit by bit; `stack` ends it."""
        token = await self._valid_token()
        request = self._http.stream(
            method,
            self._address.endpoint(path),
            params=_given(query),
            content=content,
            headers={"x-auth-token": token},
        )
        try:
            answer = await stack.enter_async_context(request)
            if not answer.is_success:
                raise refused(answer.status_code, await answer.aread())
        except httpx.TransportError as error:
            raise self._failed(error) from error
        return answer

    async def _download(
        self, path: str, query: dict[str, Any], target: PathLike[str] | str
    ) -> Path:
        """Write the bytes of an answer to a file, which is only there once it is whole."""
        whole = Path(target)
        part = whole.with_name(f"{whole.name}.part")
        try:
            async with AsyncExitStack() as stack:
                answer = await self._stream(stack, "GET", path, query)
                with part.open("wb") as file:
                    async for chunk in answer.aiter_bytes():
                        file.write(chunk)
            part.replace(whole)
        except httpx.TransportError as error:
            raise self._failed(error) from error
        finally:
            part.unlink(missing_ok=True)
        return whole

    async def _rows(self, path: str, query: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return the rows of a table, each as an object by the names of the columns."""
        table = await self._request("GET", path, query=query)
        return [dict(zip(table["header"], row, strict=True)) for row in table["body"]]

    async def _fresh_token(self, expired: str | None) -> str:
        """Return a token in place of `expired`, unless another call has got one meanwhile."""
        async with self._renewing:
            if self._token is not None and self._token != expired:
                return self._token
            if self._password is None:
                raise UnauthorizedError(401, "invalid-token", "there is no password to log in with")
            credentials = {"id": self._user, "password": self._password}
            answer = await self._send("POST", "token", None, None, credentials)
            token: str = answer["token"]
            if self._project is not None:
                project = {"project_id": self._project}
                answer = await self._send("PUT", "token", token, None, project)
                token = answer["token"]
            self._token = token
            return token

    async def _send(
        self,
        method: str,
        path: str,
        token: str | None,
        query: dict[str, Any] | None,
        body: dict[str, Any] | None,
    ) -> Any:
        """Send a request, again where that is safe, and return the JSON of the answer."""
        request = self._http.build_request(
            method,
            self._address.endpoint(path),
            params=_given(query),
            json=_given(body),
            headers={} if token is None else {"x-auth-token": token},
        )
        attempt = 0
        while True:
            last = attempt == self._retries
            try:
                answer = await self._http.send(request)
            except httpx.TransportError as error:
                if last or not _retry.is_safe(error, method, path):
                    raise self._failed(error) from error
                await sleep(_retry.pause(attempt))
            else:
                if last or not _retry.is_worthwhile(answer, path):
                    return self._read(answer)
                await sleep(_retry.pause(attempt, answer))
            attempt += 1

    def _read(self, answer: httpx.Response) -> Any:
        if not answer.is_success:
            raise refused(answer.status_code, answer.content)
        try:
            return json.loads(answer.content)
        except ValueError as error:
            raise ApiError(answer.status_code, message="the answer is not JSON") from error

    async def _websocket(self, stack: AsyncExitStack) -> Websocket:
        """Connect a websocket, which `stack` closes."""
        try:
            return await open_websocket(stack, self._address.websocket, self._tls, self._timeout)
        except (OSError, TimeoutError) as error:
            raise self._failed(error) from error

    async def _valid_token(self) -> str:
        """Return a token that the server has just taken; a websocket can't renew one."""
        await self._request("GET", "auth")
        return self._token or ""

    def _failed(self, error: Exception) -> ConnectionFailedError:
        reason = str(error) or type(error).__name__
        return ConnectionFailedError(f"the connection to {self._address} failed: {reason}")


def _given(fields: dict[str, Any] | None) -> dict[str, Any] | None:
    if fields is None:
        return None
    return {name: value for name, value in fields.items() if value is not None}
