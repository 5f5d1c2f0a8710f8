"""How the certificate of a server is checked."""

from __future__ import annotations

import ssl
from os import PathLike

from ._address import Address

Verify = bool | str | PathLike[str] | ssl.SSLContext
"""Whether and how certificates are checked: by the system's authorities (`True`), not at all
(`False`), by the authorities in a PEM file, or by a context of one's own."""


def context(address: Address, verify: Verify) -> ssl.SSLContext | None:
    """Return what connections to `address` are secured with; none for plain HTTP."""
    if not address.tls:
        return None
    if isinstance(verify, ssl.SSLContext):
        return verify
    if isinstance(verify, bool):
        checked = ssl.create_default_context()
        if not verify:
            checked.check_hostname = False
            checked.verify_mode = ssl.CERT_NONE
        return checked
    return ssl.create_default_context(cafile=verify)
