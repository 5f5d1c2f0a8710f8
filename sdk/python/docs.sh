#!/usr/bin/env bash
# Writes the reference documentation from the sources to target/python-docs.
set -euo pipefail
source "$(dirname "$0")/environment.sh"

python tools/document.py "$root/target/python-docs"
echo "see $root/target/python-docs/index.html"
