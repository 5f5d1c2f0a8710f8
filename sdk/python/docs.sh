#!/usr/bin/env bash
# Writes the reference documentation from the sources to target/python-docs.
set -euo pipefail
source "$(dirname "$0")/environment.sh"

pdoc --docformat numpy --output-directory "$root/target/python-docs" hanami_sdk
echo "see $root/target/python-docs/index.html"
