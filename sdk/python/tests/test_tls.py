from __future__ import annotations

import json
import ssl
from pathlib import Path

import pytest
import trustme
from conftest import StartServer
from server import ADMIN, PASSWORD, Server

from hanami_sdk import ConnectionFailedError, Hanami, cluster, hanami_token, templates
from hanami_sdk._address import Address

AUTHORITY = trustme.CA()


@pytest.fixture
def secure(start_server: StartServer, tmp_path: Path) -> Server:
    certificate = AUTHORITY.issue_cert("127.0.0.1")
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
    key.write_bytes(certificate.private_key_pem.bytes())
    return start_server(HANAMI_TLS_CERTIFICATE=str(chain), HANAMI_TLS_KEY=str(key))


def test_an_authority_of_ones_own_is_trusted(secure: Server, tmp_path: Path) -> None:
    assert Address.parse(secure.address).tls
    file = tmp_path / "authority.pem"
    AUTHORITY.cert_pem.write_to_path(file)
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    for name, verify in (("by file", file), ("by context", context), ("not at all", False)):
        with Hanami(secure.address, ADMIN, PASSWORD, verify=verify) as hanami:
            dataset = hanami.upload_csv(name, {"wave": [1, 2], "next": [1, 0]}, progress=False)
            assert dataset.lines == 2
            made = hanami.create_cluster(name, templates.chain(("wave", 1), ("next", 1)))
            with made.direct() as direct:
                assert len(direct.request({"wave": [1]})) == 1


def test_an_unknown_authority_is_refused(secure: Server) -> None:
    with (
        pytest.raises(ConnectionFailedError, match="certificate"),
        Hanami(secure.address, ADMIN, PASSWORD, retries=0),
    ):
        pass
    with pytest.raises(ConnectionFailedError, match="certificate"):
        hanami_token.request_token(secure.address, ADMIN, PASSWORD)


async def test_functions_need_not_verify(secure: Server) -> None:
    token = hanami_token.request_token(secure.address, ADMIN, PASSWORD, False)
    made = cluster.create_cluster(
        token, secure.address, "any at all", templates.chain(("wave", 1), ("next", 1)), False
    )
    uuid = json.loads(made)["uuid"]
    websocket = await cluster.switch_to_direct_mode(token, secure.address, uuid, False)
    await websocket.close()
