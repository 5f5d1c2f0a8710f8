# What test.sh and docs.sh have in common: an environment of its own in target/python-sdk, with the
# pinned tools and a wheel of this package, built from the sources as they are.
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$(cd ../.. && pwd)
built=$root/target/python-sdk
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}

if ! cmp --silent requirements-test.txt "$built/installed.txt"; then
    python3 -m venv --clear "$built/venv"
    "$built/venv/bin/pip" install --quiet --requirement requirements-test.txt
    cp requirements-test.txt "$built/installed.txt"
fi
export PATH=$built/venv/bin:$PATH

rm -rf "$built/wheels"
maturin build --quiet --release --locked --out "$built/wheels"
pip install --quiet --no-deps --force-reinstall "$built"/wheels/*.whl
