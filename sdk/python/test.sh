#!/usr/bin/env bash
# Builds, installs, checks and tests the package, from nothing if need be. Takes Python 3.11 or
# newer, Rust, and a server: target/debug/hanami, or the one that HANAMI_BINARY names.
set -euo pipefail
source "$(dirname "$0")/environment.sh"

python tools/generate.py --check
ruff check
ruff format --check --quiet
# The benches are written to the same rules.
ruff check --config pyproject.toml ../../benches
ruff format --check --quiet --config pyproject.toml ../../benches
mypy
mypy tests measure.py
cargo fmt --check --manifest-path rust/Cargo.toml
cargo clippy --quiet --release --locked --manifest-path rust/Cargo.toml -- -D warnings
pytest --quiet tests
pytest --quiet --doctest-modules --pyargs hanami_sdk

# What others would build from the source distribution.
rm -rf "$built/sdist"
maturin sdist --manifest-path rust/Cargo.toml --out "$built/sdist"
tar --extract --gzip --directory "$built/sdist" --file "$built"/sdist/*.tar.gz
(cd "$built"/sdist/hanami_sdk-*/ && maturin build --quiet --release --locked --out "$built/sdist/wheels")
