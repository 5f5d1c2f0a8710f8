"""What can go wrong, seen from the client."""

from __future__ import annotations

import json
from typing import Any


class HanamiError(Exception):
    """The base of all errors of this package that are not mistakes in the arguments."""


class ApiError(HanamiError):
    """The server answered, and refused.

    `status` is the HTTP status, `code` the kind of error for programs (see the server's
    documentation, "Errors"; empty if the answer came from no Hanami), `message` says what is wrong
    and how to mend it, and `request_id` finds the request in the server's log.
    """

    def __init__(
        self, status: int, code: str = "", message: str = "", request_id: str | None = None
    ) -> None:
        """Make the error of an answer with an error status."""
        super().__init__(status, code, message, request_id)
        self.status = status
        self.code = code
        self.message = message
        self.request_id = request_id

    def __str__(self) -> str:
        """Show the message, the status, and the id of the request if there is one."""
        request = f", request {self.request_id}" if self.request_id else ""
        return f"{self.message} (status {self.status}{request})"


class BadRequestError(ApiError):
    """Something in the request is not valid (400)."""


class UnauthorizedError(ApiError):
    """The token is missing or not valid, or the role does not allow this (401)."""


class NotFoundError(ApiError):
    """There is no such thing, or this user may not see it (404)."""


class ConflictError(ApiError):
    """The present state stands in the way (409)."""


class TooManyRequestsError(ApiError):
    """Too much at once, and still after trying again (429)."""


class InternalServerError(ApiError):
    """The server made a mistake (500)."""


class UnavailableError(ApiError):
    """The server is stopping or its disk is full, and still after trying again (503)."""


class ConnectionFailedError(HanamiError):
    """Nothing answers at the address, or the connection broke."""


class UploadInterruptedError(ConnectionFailedError):
    """The connection broke during an upload, and did not come back soon enough.

    `resume_upload` goes on with the dataset `dataset_uuid`.
    """

    def __init__(self, dataset_uuid: str, reason: str) -> None:
        """Make the error of the upload of a dataset."""
        super().__init__(dataset_uuid, reason)
        self.dataset_uuid = dataset_uuid
        self.reason = reason

    def __str__(self) -> str:
        """Show which dataset, and why."""
        return f"the upload of the dataset {self.dataset_uuid} was interrupted: {self.reason}"


class WebsocketError(HanamiError):
    """The server refused or closed a websocket, for the reason in the message."""


class TaskAbortedError(HanamiError):
    """The task that was waited for was aborted."""

    def __init__(self, uuid: str, reason: str) -> None:
        """Make the error of the task `uuid`."""
        super().__init__(uuid, reason)
        self.uuid = uuid
        self.reason = reason

    def __str__(self) -> str:
        """Show which task, and why."""
        return f"the task {self.uuid} was aborted: {self.reason}"


_BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequestError,
    401: UnauthorizedError,
    404: NotFoundError,
    409: ConflictError,
    429: TooManyRequestsError,
    500: InternalServerError,
    503: UnavailableError,
}


def refused(status: int, body: bytes) -> ApiError:
    """Return the error of an answer with the error status `status`."""
    try:
        return problem(body)
    except (ValueError, TypeError, KeyError, AttributeError):
        kind = _BY_STATUS.get(status, ApiError)
        return kind(status, message=body.decode(errors="replace").strip())


def problem(body: str | bytes) -> ApiError:
    """Return the error that a problem document tells."""
    told: Any = json.loads(body)
    status = told["status"]
    kind = _BY_STATUS.get(status, ApiError)
    return kind(status, told["code"], told["detail"], told.get("request_id"))
