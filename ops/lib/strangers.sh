# shellcheck shell=bash
# Autotask clients that other people wrote, in a Python environment of their own under .run: the tests run them against
# the stand-in. Only packages with the checked-in hashes get in, and nothing of a package runs while it is installed.

# strangers_configure ROOT: after services_configure.
strangers_configure() {
    STRANGERS_WANTED=$1/tests/it/strangers/requirements.txt
    STRANGERS_HOME=$RUN/strangers
    STRANGERS_LOG=$RUN/install-strangers.log
}

# strangers_up: makes sure that they are there as they are asked for.
strangers_up() {
    local lock
    exec {lock}>"$RUN/strangers.lock"
    flock -w 600 "$lock" || fail "another script has been installing the Autotask clients of other people for ten minutes: end it, then try again."
    if ! strangers_are_there; then strangers_make; fi
    exec {lock}>&-
}

# The list is copied last, so that what a kill left half made does not count.
strangers_are_there() {
    cmp -s "$STRANGERS_WANTED" "$STRANGERS_HOME/requirements.txt" && "$STRANGERS_HOME/bin/python" -c '' 2>/dev/null
}

strangers_make() {
    note "installing other people's Autotask clients for the tests (log: $STRANGERS_LOG)"
    packages_there python3-venv ||
        fail "$(command -v python3 || echo python3) is not a Python $PYTHON_LEAST or later with venv, which the Autotask clients of other people need: put one first in PATH."
    rm -rf "$STRANGERS_HOME"
    python3 -m venv "$STRANGERS_HOME" >"$STRANGERS_LOG" 2>&1 ||
        fail "no Python environment could be made in $STRANGERS_HOME: $STRANGERS_LOG tells why."
    "$STRANGERS_HOME/bin/python" -m pip --disable-pip-version-check --no-input install --retries 2 --timeout 20 --no-deps \
        --only-binary=:all: --require-hashes -r "$STRANGERS_WANTED" >>"$STRANGERS_LOG" 2>&1 </dev/null || fail "$(strangers_trouble)"
    cp "$STRANGERS_WANTED" "$STRANGERS_HOME/requirements.txt"
}

# Why pip failed, by what it said.
strangers_trouble() {
    if grep -q 'DO NOT MATCH THE HASHES' "$STRANGERS_LOG"; then
        echo "a package for the tests is not the one whose hash is in $STRANGERS_WANTED, and was not installed: $STRANGERS_LOG names it."
    elif grep -qE 'NewConnectionError|ConnectTimeoutError|ReadTimeoutError|ProxyError|SSLError|ProtocolError' "$STRANGERS_LOG"; then
        echo "the Python package index (PyPI, unless pip is set to another) cannot be reached, and the tests need other people's Autotask clients from it: run this once where it can be, or name one with PIP_INDEX_URL."
    else
        echo "other people's Autotask clients, which the tests need, could not be installed: $STRANGERS_LOG tells why."
    fi
}
