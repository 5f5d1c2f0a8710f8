"""A real server as a process of its own, on a fresh data directory."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ADMIN = "admin"
PASSWORD = "correct horse battery"


def binary() -> Path:
    named = os.environ.get("HANAMI_BINARY")
    built = [ROOT / "target" / profile / "hanami" for profile in ("debug", "release")]
    for path in [Path(named)] if named else built:
        if path.exists():
            return path
    raise FileNotFoundError(
        f"no server to test against at {named or built[0]}: build it with `cargo build --package "
        "hanami`, or name one in HANAMI_BINARY"
    )


class Server:
    def __init__(self, data: Path, **variables: str) -> None:
        self.data = data
        self.variables = variables
        self.address = "127.0.0.1:0"
        self.start()

    def start(self) -> None:
        """Start it; once more on the same port and data after `stop`."""
        environment = {
            **os.environ,
            "HANAMI_ADMIN_USER_ID": ADMIN,
            "HANAMI_ADMIN_USER_NAME": "Admin",
            "HANAMI_ADMIN_PASSWORD": PASSWORD,
            **self.variables,
        }
        listen = self.address.removeprefix("http://")
        with (self.data.parent / f"{self.data.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [binary(), "serve", "--listen", listen, "--data-dir", self.data],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("Hanami listens on "), f"the server did not start: see {log.name}"
        self.address = line.split()[-1]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
