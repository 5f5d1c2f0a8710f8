"""Results of request tasks."""

from __future__ import annotations

from ._plain import request


def get_request_result(
    token: str, address: str, request_result_uuid: str, verify_connection: bool = True
) -> str:
    """Return a result; its uuid is that of the task."""
    query = {"uuid": request_result_uuid}
    return request(
        token, address, "GET", "request_result", query=query, verify_connection=verify_connection
    )


def list_request_results(token: str, address: str, verify_connection: bool = True) -> str:
    """List all results."""
    return request(token, address, "GET", "request_result/all", verify_connection=verify_connection)


def delete_request_result(
    token: str, address: str, request_result_uuid: str, verify_connection: bool = True
) -> str:
    """Delete a result."""
    query = {"uuid": request_result_uuid}
    return request(
        token, address, "DELETE", "request_result", query=query, verify_connection=verify_connection
    )


def check_against_dataset(
    token: str, address: str, result_uuid: str, dataset_uuid: str, verify_connection: bool = True
) -> str:
    """Return the accuracy of a result in percent, by what a dataset expects."""
    body = {"result_uuid": result_uuid, "dataset_uuid": dataset_uuid}
    return request(
        token, address, "POST", "dataset/check", body=body, verify_connection=verify_connection
    )
