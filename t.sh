#!/bin/bash
# usage: t.sh VAR=.. VAR=..
out=$(env "$@" timeout 500 ${BIN:-/tmp/acc/target/release/examples/tuning}); echo "$* :: $out" | tee -a /tmp/acc/log.txt
