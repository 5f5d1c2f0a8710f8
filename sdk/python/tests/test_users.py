"""Administration, beyond what the scenarios try."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import StartServer
from server import ADMIN, PASSWORD

from hanami_sdk import ConflictError, Hanami, NotFoundError, UnauthorizedError


@pytest.fixture
def admin(start_server: StartServer) -> Iterator[Hanami]:
    with Hanami(start_server().address, ADMIN, PASSWORD) as hanami:
        hanami.create_project("garden", "The garden")
        hanami.create_user("anna", "Anna Green", "planted in spring")
        hanami.assign_project("anna", "garden", "member")
        yield hanami


@pytest.fixture
def anna(admin: Hanami) -> Iterator[Hanami]:
    with Hanami(str(admin._address), "anna", "planted in spring") as hanami:
        yield hanami


def test_a_password_is_changed_and_used_from_then_on(admin: Hanami, anna: Hanami) -> None:
    with pytest.raises(UnauthorizedError):
        anna.change_password("not this one", "planted in autumn")
    anna.change_password("planted in spring", "planted in autumn")
    anna._token = "expired"
    assert anna.whoami().id == "anna"
    with pytest.raises(UnauthorizedError), Hanami(str(admin._address), "anna", "planted in spring"):
        pass


def test_a_user_is_changed(admin: Hanami) -> None:
    changed = admin.change_user("anna", name="Anna Bell", is_admin=True)
    assert (changed.name, changed.is_admin) == ("Anna Bell", True)


def test_a_quota_is_set_and_kept(admin: Hanami, anna: Hanami) -> None:
    quotas = admin.set_quotas("garden", clusters=1)
    assert (quotas.clusters.limit, quotas.clusters.used) == (1, 0)
    anna.create_cluster("the only one")
    with pytest.raises(ConflictError) as caught:
        anna.create_cluster("one too many")
    assert caught.value.code == "quota-exceeded"
    assert anna.quotas().clusters.used == 1


def test_users_and_projects_are_deleted_with_what_they_own(admin: Hanami, anna: Hanami) -> None:
    anna.create_cluster("of anna")
    with pytest.raises(ConflictError):
        admin.delete_user("anna")
    admin.delete_user("anna", force=True)
    admin.delete_project("garden", force=True)
    assert admin.clusters() == []
    with pytest.raises(NotFoundError):
        admin.project("garden")
