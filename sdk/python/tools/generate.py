"""Write the generated parts of the package anew.

    python tools/generate.py           # write them
    python tools/generate.py --check   # only say whether they are up to date

The client without asyncio (`_sync`) is made from the one for asyncio (`_async`) by replacing words;
the frames are made from the server's .proto file by protoc.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "hanami_sdk"
PROTO = ROOT / ".." / ".." / "crates" / "api" / "proto" / "hanami.proto"

WORDS = [
    (r"\bAsync(Iterator|ExitStack)\b", r"\1"),
    (r"\bAsync([A-Z]\w*)\b", r"\1"),
    (r"\basync (def|with|for)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\baclose\b", "close"),
    (r"\baread\b", "read"),
    (r"\baiter_(bytes|lines)\b", r"iter_\1"),
    (r"\benter_async_context\b", "enter_context"),
    (r"\b__aenter__\b", "__enter__"),
    (r"\b__aexit__\b", "__exit__"),
]


def without_asyncio(text: str) -> str:
    """Replace the words of asyncio."""
    for pattern, replacement in WORDS:
        text = re.sub(pattern, replacement, text)
    return text


def sync_files(folder: Path) -> None:
    """Write the client without asyncio."""
    for source in sorted((PACKAGE / "_async").glob("*.py")):
        if source.name not in ("__init__.py", "io.py"):
            head = f"# Made from _async/{source.name} by tools/generate.py.\n"
            (folder / source.name).write_text(head + without_asyncio(source.read_text()))
    ruff = [sys.executable, "-m", "ruff"]
    options = ["--quiet", "--config", ROOT / "pyproject.toml", folder]
    subprocess.run([*ruff, "check", "--select", "I", "--fix", *options], check=True)
    subprocess.run([*ruff, "format", *options], check=True)


def frames(folder: Path) -> None:
    """Write the messages of the websocket."""
    protoc = Path(sys.executable).parent / "protoc"
    command = [protoc, f"-I{PROTO.parent}", f"--python_out={folder}", f"--pyi_out={folder}", PROTO]
    subprocess.run(command, check=True)


def main() -> None:
    """Write, or compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = []
    for make, name in ((sync_files, "_sync"), (frames, "_frames")):
        if not check:
            make(PACKAGE / name)
            continue
        with tempfile.TemporaryDirectory() as folder:
            make(Path(folder))
            for made in Path(folder).iterdir():
                if made.read_bytes() != (PACKAGE / name / made.name).read_bytes():
                    stale.append(f"{name}/{made.name}")
    if stale:
        sys.exit(f"not up to date: {', '.join(stale)}; run `python tools/generate.py`")


if __name__ == "__main__":
    main()
