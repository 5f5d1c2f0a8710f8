"""Datasets."""

from __future__ import annotations

import json
from os import PathLike

from ._plain import request
from ._sync.client import Hanami

Path = str | PathLike[str]


def upload_mnist_files(
    token: str,
    address: str,
    name: str,
    input_file_path: Path,
    label_file_path: Path,
    verify_connection: bool = True,
) -> str:
    """Upload a pair of IDX files, images and labels; return the uuid of the dataset."""
    with Hanami(address, token=token, verify=verify_connection) as hanami:
        dataset = hanami.upload_mnist(name, input_file_path, label_file_path, progress=False)
    return json.dumps({"uuid": dataset.uuid}, separators=(",", ":"))


def upload_csv_files(
    token: str,
    address: str,
    name: str,
    input_file_path: Path,
    verify_connection: bool = True,
) -> str:
    """Upload a table with the names of its columns in the first line; return the dataset's uuid."""
    with Hanami(address, token=token, verify=verify_connection) as hanami:
        dataset = hanami.upload_csv(name, input_file_path, progress=False)
    return json.dumps({"uuid": dataset.uuid}, separators=(",", ":"))


def get_dataset(token: str, address: str, dataset_uuid: str, verify_connection: bool = True) -> str:
    """Return a dataset."""
    query = {"uuid": dataset_uuid}
    return request(
        token, address, "GET", "dataset", query=query, verify_connection=verify_connection
    )


def list_datasets(token: str, address: str, verify_connection: bool = True) -> str:
    """List all datasets."""
    return request(token, address, "GET", "dataset/all", verify_connection=verify_connection)


def delete_dataset(
    token: str, address: str, dataset_uuid: str, verify_connection: bool = True
) -> str:
    """Delete a dataset."""
    query = {"uuid": dataset_uuid}
    return request(
        token, address, "DELETE", "dataset", query=query, verify_connection=verify_connection
    )
