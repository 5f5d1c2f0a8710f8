"""The module functions have the names and arguments that programs were written for."""

from __future__ import annotations

import importlib
import inspect

import pytest

from hanami_sdk import errors, hanami_exceptions

FUNCTIONS = {
    "hanami_token": ["request_token address user pw"],
    "project": [
        "create_project token address project_id project_name",
        "get_project token address project_id",
        "list_projects token address",
        "delete_project token address project_id",
    ],
    "user": [
        "create_user token address user_id user_name password is_admin",
        "get_user token address user_id",
        "list_users token address",
        "delete_user token address user_id",
        "add_roject_to_user token address user_id project_id role is_project_admin",
        "add_project_to_user token address user_id project_id role is_project_admin",
        "remove_project_fromUser token address user_id project_id",
        "remove_project_from_user token address user_id project_id",
        "list_projects_of_user token address user_id",
        "switch_project token address project_id",
    ],
    "dataset": [
        "upload_mnist_files token address name input_file_path label_file_path",
        "upload_csv_files token address name input_file_path",
        "get_dataset token address dataset_uuid",
        "list_datasets token address",
        "delete_dataset token address dataset_uuid",
    ],
    "cluster": [
        "create_cluster token address name template",
        "get_cluster token address cluster_uuid",
        "list_clusters token address",
        "delete_cluster token address cluster_uuid",
        "save_cluster token address name cluster_uuid",
        "restore_cluster token address checkpoint_uuid cluster_uuid",
        "switch_host token address cluster_uuid host_uuid",
        "switch_to_task_mode token address cluster_uuid",
        "switch_to_direct_mode token address cluster_uuid",
    ],
    "task": [
        "create_task token address name type cluster_uuid dataset_uuid",
        "get_task token address task_uuid cluster_uuid",
        "list_tasks token address cluster_uuid",
        "delete_task token address task_uuid cluster_uuid",
    ],
    "request_result": [
        "get_request_result token address request_result_uuid",
        "list_request_results token address",
        "delete_request_result token address request_result_uuid",
        "check_against_dataset token address result_uuid dataset_uuid",
    ],
    "checkpoint": [
        "list_checkpoints token address",
        "delete_checkpoint token address checkpoint_uuid",
    ],
    "hosts": ["list_hosts token address"],
    "logs": [
        "list_audit_logs token address page user_id",
        "list_error_logs token address page user_id",
    ],
}
ALL = [(module, *text.split()) for module, texts in FUNCTIONS.items() for text in texts]


@pytest.mark.parametrize("described", ALL, ids=" ".join)
def test_a_function_takes_what_it_always_did(described: tuple[str, ...]) -> None:
    module, name, *arguments = described
    function = getattr(importlib.import_module(f"hanami_sdk.{module}"), name)
    parameters = inspect.signature(function).parameters
    assert list(parameters) == [*arguments, "verify_connection"]
    assert parameters["verify_connection"].default is True


@pytest.mark.parametrize("name", ["send_train_input", "send_request_input"])
def test_values_are_sent_as_ever(name: str) -> None:
    function = getattr(importlib.import_module("hanami_sdk.direct_io"), name)
    assert inspect.iscoroutinefunction(function)
    assert list(inspect.signature(function).parameters) == ["ws", "brick", "values", "last"]


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (400, "BadRequestException"),
        (401, "UnauthorizedException"),
        (404, "NotFoundException"),
        (409, "ConflictException"),
        (500, "InternalServerErrorException"),
    ],
)
def test_a_status_is_an_exception(status: int, name: str) -> None:
    error = errors.refused(status, b"not what a Hanami says")
    assert isinstance(error, getattr(hanami_exceptions, name))
    assert str(error) == f"not what a Hanami says (status {status})"
