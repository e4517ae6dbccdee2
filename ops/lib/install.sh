#!/usr/bin/env bash
# Installs Debian packages, as root, and leaves every service of the system as it is: none is started, stopped,
# restarted, or enabled for the next boot.
#
#   ops/lib/install.sh SYSTEM PACKAGE...     SYSTEM is /, or the folder that a test takes for it
#
# What it changes meanwhile is put back however it ends. Killed in the middle, it leaves what it has to put back in
# /var/lib/crossbill-install, and the next one does it; without a package, that is all it does.
set -euo pipefail
export LC_ALL=C.UTF-8

SYSTEM=${1%/}
shift
POLICY=$SYSTEM/usr/sbin/policy-rc.d
POLICY_KEPT=$POLICY.crossbill-kept
CLUSTERS=$SYSTEM/etc/postgresql-common/createcluster.d
UNFINISHED=$SYSTEM/var/lib/crossbill-install
MARK="# Made by Crossbill's ops/lib/install.sh for as long as it installs packages."

there() { [ -e "$1" ] || [ -L "$1" ]; }

is_ours() { [ -f "$1" ] && grep -qxF "$MARK" "$1"; }

# Two at once would each put back what the other needs. The package manager inherits the lock, and so outlives us with it.
lock() {
    exec {LOCK}>"$SYSTEM/run/crossbill-install.lock"
    flock -w 1800 "$LOCK"
}

# Every link that makes something start at boot: systemd's, and those of System V's runlevels, whose numbers may change.
boot_links() {
    local link name
    if [ -d "$SYSTEM/etc/systemd/system" ]; then find "$SYSTEM/etc/systemd/system" -type l ! -lname /dev/null; fi
    for link in "$SYSTEM"/etc/rc[2-5S].d/S[0-9][0-9]*; do
        if there "$link"; then
            name=${link##*/}
            echo "${link%/*}/${name#S[0-9][0-9]}"
        fi
    done
}

# Whoever installs a service asks POLICY before it starts, stops or restarts it.
hush() {
    mkdir -p "$UNFINISHED"
    if [ ! -e "$UNFINISHED/boot-links" ]; then
        boot_links | sort >"$UNFINISHED/boot-links.new"
        mv "$UNFINISHED/boot-links.new" "$UNFINISHED/boot-links"
    fi
    # Somebody else's policy may let services start.
    if there "$POLICY" && ! is_ours "$POLICY"; then mv -T "$POLICY" "$POLICY_KEPT"; fi
    printf '#!/bin/sh\n%s\nexit 101\n' "$MARK" >"$POLICY.crossbill-new"
    chmod 755 "$POLICY.crossbill-new"
    mv -T "$POLICY.crossbill-new" "$POLICY"
    if [ ! -d "$CLUSTERS" ]; then
        : >"$UNFINISHED/clusters-folder"
        mkdir -p "$CLUSTERS"
    fi
    printf '%s\ncreate_main_cluster = false\n' "$MARK" >"$CLUSTERS/crossbill.conf"
}

# What came with the packages must not start at the next boot; what was there before stays as it was.
disable_fresh() {
    local link failed=0
    while IFS= read -r link; do
        case $link in
        */rc?.d/*) update-rc.d "${link##*/}" disable || failed=1 ;;
        *) rm -f "$link" || failed=1 ;;
        esac
    done < <(boot_links | sort | comm -13 "$UNFINISHED/boot-links" -)
    if [ -d "$SYSTEM/run/systemd/system" ]; then systemctl daemon-reload || failed=1; fi
    return "$failed"
}

give_policy_back() {
    if is_ours "$POLICY"; then rm "$POLICY" || return; fi
    rm -f "$POLICY.crossbill-new"
    if ! there "$POLICY_KEPT"; then return 0; fi
    # Whoever made another one meanwhile wants that one.
    if there "$POLICY"; then rm "$POLICY_KEPT"; else mv -T "$POLICY_KEPT" "$POLICY"; fi
}

give_clusters_back() {
    rm -f "$CLUSTERS/crossbill.conf" || return
    if [ -e "$UNFINISHED/clusters-folder" ] && [ -d "$CLUSTERS" ]; then
        rmdir -p --ignore-fail-on-non-empty "$CLUSTERS"
    fi
}

# Each step even where another fails; what could not be put back stays on record for the next time.
restore() {
    local code=$? failed=''
    trap '' INT TERM HUP
    set +e
    [ ! -e "$UNFINISHED/boot-links" ] || disable_fresh || failed=yes
    give_policy_back || failed=yes
    give_clusters_back || failed=yes
    if [ -n "$failed" ]; then exit 1; fi
    rm -rf "$UNFINISHED"
    exit "$code"
}

lock
trap restore EXIT
trap 'exit 130' INT TERM HUP
if [ -d "$UNFINISHED" ]; then
    echo "an earlier installation was cut short; finishing it"
    hush
    dpkg --configure -a </dev/null
fi
if [ $# -gt 0 ]; then
    hush
    env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 NEEDRESTART_MODE=l \
        apt-get -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confold \
        install -y --no-install-recommends --no-remove "$@" </dev/null
fi
