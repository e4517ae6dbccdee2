# shellcheck shell=bash
# How the scripts speak: notes and one-sentence errors on standard error, so that standard output stays for results.

# note SENTENCE: what happens now.
note() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# fail SENTENCE: what is wrong and what to do, then the end.
fail() {
    note "$*"
    exit 1
}

# usage: what stands at the head of the script.
usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"; }

# wait_until SECONDS COMMAND...: asks five times a second until the command succeeds; fails when time is up.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.2
    done
}
