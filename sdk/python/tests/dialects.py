"""The calls of the scenarios, made with the clients and with the module functions."""

from __future__ import annotations

import asyncio
import inspect
import json
import time
from dataclasses import asdict, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from server import ADMIN, PASSWORD

from hanami_sdk import (
    AsyncHanami,
    Hanami,
    checkpoint,
    cluster,
    dataset,
    direct_io,
    hanami_token,
    hosts,
    logs,
    project,
    request_result,
    task,
    user,
)

Arguments = dict[str, Any]
NOBODY = "not-a-token"


class Clients:
    """`Hanami`, or `AsyncHanami` if a loop is given to run it in."""

    def __init__(self, address: str, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self.address = address
        self.loop = loop
        self.kind: Any = Hanami if loop is None else AsyncHanami
        self.actors = {"nobody": self.kind(address, token=NOBODY)}
        self.lines: dict[str, Any] = {}
        self.log_in("admin", ADMIN, PASSWORD)

    def log_in(self, actor: str, user_id: str, password: str) -> None:
        client = self.kind(self.address, user_id, password)
        self.actors[actor] = client
        self.run(client.login())

    def close(self) -> None:
        for client in self.actors.values():
            self.run(client.close())

    def run(self, result: Any) -> Any:
        if inspect.isawaitable(result):
            assert self.loop is not None
            return self.loop.run_until_complete(result)
        return result

    def __call__(self, actor: str, name: str, given: Arguments) -> Any:
        if name == "login":
            return self.log_in(given["actor"], given["id"], given["password"])
        if name == "wait":
            return self.run(self.sleep(given["seconds"]))
        if name.startswith("direct."):
            return self.direct(actor, name, **given)
        client = self.actors[actor]
        if name == "cluster.set_mode":
            return self.mode_set(client, given["uuid"], given["new_state"])
        return as_json(self.run(begun(client, name, given)))

    def sleep(self, seconds: float) -> Any:
        # The loop goes on meanwhile, as its connections need it.
        if self.loop is not None:
            return asyncio.sleep(seconds)
        time.sleep(seconds)
        return None

    def direct(self, actor: str, name: str, line: str, **given: Any) -> Any:
        if name == "direct.open":
            self.lines[line] = self.run(self.actors[actor].direct(given["uuid"]))
            return None
        method = getattr(self.lines[line], name.removeprefix("direct."))
        return self.run(method(**given))

    def mode_set(self, client: Any, uuid: str, mode: str) -> Arguments:
        mode = self.run(client.set_mode(uuid, mode))
        return {"uuid": uuid, "name": self.run(client.cluster(uuid)).name, "new_state": mode}


def begun(client: Any, name: str, given: Arguments) -> Any:
    """The call, begun."""
    match name.split("."):
        case ["auth", "get"]:
            return client.whoami()
        case ["project", "switch"]:
            return client.switch_project(**given)
        case ["user", "projects"]:
            return client.memberships(**given)
        case ["user", "assign_project" | "remove_project" as method]:
            return getattr(client, method)(given.pop("id"), **given)
        case ["dataset", "upload_csv"]:
            return client.upload_csv(given["name"], given["table"])
        case ["dataset", "upload_mnist"]:
            return client.upload_mnist(**given)
        case ["dataset", "progress"]:
            return client.upload_progress(given["uuid"])
        case ["dataset", "check"]:
            return client.check(given["result_uuid"], given["dataset_uuid"])
        case ["cluster", "create"] if "template" in given:
            return client.create_cluster(given["name"], Path(given["template"]).read_text())
        case ["cluster", "switch_host"]:
            return client.switch_host(given["cluster_uuid"], given["host_uuid"])
        case ["cluster", "save"]:
            return client.save_cluster(given["name"], given["cluster_uuid"])
        case ["cluster", "load"]:
            return client.load_cluster(given["checkpoint_uuid"], given["cluster_uuid"])
        case ["task", "create"]:
            rest = given["type"], given["cluster_uuid"], given["dataset_uuid"]
            return client.create_task(given["name"], *rest)
        case ["task", "wait"]:
            return client.task(given["uuid"], given["cluster_uuid"]).wait(progress=False)
        case ["task", "list"]:
            return client.tasks(given["cluster_uuid"])
        case ["task", "get"]:
            return client.task_progress(given["uuid"], given["cluster_uuid"])
        case ["task", "delete"]:
            return client.delete_task(given["uuid"], given["cluster_uuid"])
        case ["audit_log" | "error_log" as log, "list"]:
            return getattr(client, log)(**given)
        case [resource, "list"]:
            return getattr(client, f"{resource}s")(**given)
        case [resource, "get"]:
            return getattr(client, resource)(**given)
        case [resource, method]:
            return getattr(client, f"{method}_{resource}")(*by_position(method, given), **given)
    raise ValueError(f"no call is named {name!r}")


class Functions:
    """The module functions. What there is none for is left to a client with the same token."""

    def __init__(self, address: str, loop: asyncio.AbstractEventLoop) -> None:
        self.address = address
        self.loop = loop
        self.tokens = {
            "nobody": NOBODY,
            "admin": hanami_token.request_token(address, ADMIN, PASSWORD),
        }
        self.lines: dict[str, Any] = {}

    def close(self) -> None:
        for line in self.lines.values():
            self.loop.run_until_complete(line.close())

    def __call__(self, actor: str, name: str, given: Arguments) -> Any:
        if name == "login":
            token = hanami_token.request_token(self.address, given["id"], given["password"])
            self.tokens[given["actor"]] = token
            return None
        if name.startswith("direct."):
            return self.loop.run_until_complete(self.direct(actor, name, **given))
        if name in ("auth.get", "dataset.progress", "checkpoint.get", "task.wait"):
            with Hanami(self.address, token=self.tokens[actor]) as client:
                return as_json(begun(client, name, given))
        text = self.function(name, given)(self.tokens[actor], self.address, **given)
        answer = json.loads(text)
        if name == "project.switch":
            self.tokens[actor] = answer["token"]
        if name == "user.projects":
            return answer["projects"]
        return rows(answer) if isinstance(answer, dict) and "header" in answer else answer

    def function(self, name: str, given: Arguments) -> Any:
        """The function of a call; its arguments get the names it has for them."""
        resource, method = name.split(".")
        if name == "cluster.create" and "template" in given:
            given["template"] = Path(given["template"]).read_text()
        if name == "cluster.set_mode":
            if given.pop("new_state") == "TASK":
                given["cluster_uuid"] = given.pop("uuid")
                return cluster.switch_to_task_mode
            given["cluster_uuid"] = given.pop("uuid")
            return self.to_direct_mode
        if name == "dataset.upload_mnist":
            given["input_file_path"] = given.pop("images")
            given["label_file_path"] = given.pop("labels")
            return dataset.upload_mnist_files
        if name == "dataset.upload_csv":
            given["input_file_path"] = given.pop("table")
            return dataset.upload_csv_files
        for field in ("uuid", "id"):
            if field in given:
                given["user_id" if resource == "user" else f"{resource}_{field}"] = given.pop(field)
        if resource in ("user", "project") and "name" in given:
            given[f"{resource}_name"] = given.pop("name")
        special = {
            "cluster.load": cluster.restore_cluster,
            "dataset.check": request_result.check_against_dataset,
            "project.switch": user.switch_project,
            "user.projects": user.list_projects_of_user,
            "user.assign_project": user.add_roject_to_user,
            "user.remove_project": user.remove_project_fromUser,
            "cluster.switch_host": cluster.switch_host,
            "host.list": hosts.list_hosts,
            "audit_log.list": logs.list_audit_logs,
            "error_log.list": logs.list_error_logs,
        }
        if name in special:
            return special[name]
        modules = {
            "project": project,
            "user": user,
            "dataset": dataset,
            "cluster": cluster,
            "task": task,
            "request_result": request_result,
            "checkpoint": checkpoint,
        }
        plural = "s" if method == "list" else ""
        return getattr(modules[resource], f"{method}_{resource}{plural}")

    def to_direct_mode(self, token: str, address: str, cluster_uuid: str) -> str:
        opened = cluster.switch_to_direct_mode(token, address, cluster_uuid)
        self.loop.run_until_complete(self.loop.run_until_complete(opened).close())
        with Hanami(address, token=token) as client:
            found = client.cluster(cluster_uuid)
        return json.dumps({"uuid": found.uuid, "name": found.name, "new_state": found.mode})

    async def direct(self, actor: str, name: str, line: str, **given: Any) -> Any:
        if name == "direct.open":
            token = self.tokens[actor]
            if "TASK" in cluster.get_cluster(token, self.address, given["uuid"]):
                async with AsyncHanami(self.address, token=token) as client:
                    await client.direct(given["uuid"])
            opened = cluster.switch_to_direct_mode(token, self.address, given["uuid"])
            self.lines[line] = await opened
            return None
        websocket = self.lines[line]
        if name == "direct.close":
            return await websocket.close()
        bricks = [*given["inputs"].items(), *given.get("targets", {}).items()]
        training = name == "direct.train"
        send = direct_io.send_train_input if training else direct_io.send_request_input
        for index, (brick, values) in enumerate(bricks):
            answer = await send(websocket, brick, values, index + 1 == len(bricks))
        return answer


def by_position(method: str, given: Arguments) -> list[Any]:
    """What `delete_...` takes without a name."""
    return list(given.pop(key) for key in list(given)) if method == "delete" else []


def rows(table: Arguments) -> list[Arguments]:
    return [dict(zip(table["header"], row, strict=True)) for row in table["body"]]


def as_json(value: Any) -> Any:
    """The objects of the clients as the wire has them."""
    if isinstance(value, list):
        return [as_json(item) for item in value]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    if any(field.name == "_client" for field in fields(value)):
        value = replace(value, _client=None)
    plain = asdict(value)
    return {name: item for name, item in plain.items() if item is not None and name != "_client"}
