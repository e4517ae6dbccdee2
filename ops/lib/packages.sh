# shellcheck shell=bash
# Installs Debian packages where they are missing, without starting, enabling or changing any service of the system.

readonly POLICY=/usr/sbin/policy-rc.d
readonly CLUSTER_SWITCH=/etc/postgresql-common/createcluster.d/crossbill.conf
readonly UNITS=(rabbitmq-server.service epmd.service epmd.socket postgresql.service)

# packages_install LOG PACKAGE...: what the package manager says goes to the log.
packages_install() {
    local log=$1
    shift
    command -v apt-get >/dev/null ||
        fail "no $* here, and this system has no apt-get to install it with: install PostgreSQL 14 or later and RabbitMQ 3.10 or later, or set DATABASE_URL, AMQP_URL and AMQP_API_URL to running ones."
    packages_may_be_root ||
        fail "no $* here, and installing it needs root, but sudo is not there or wants a password: run \`apt-get install $*\` as root once, or set DATABASE_URL, AMQP_URL and AMQP_API_URL to running ones."
    note "installing $* (log: $log)"
    (
        packages_quiet_system
        packages_as_root apt-get -o DPkg::Lock::Timeout=120 update >"$log" 2>&1 || note "the package lists could not be refreshed; trying those that are here."
        packages_as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "$@" >>"$log" 2>&1
    ) || fail "installing $* failed: $log tells why."
}

packages_may_be_root() {
    [ "$(id -u)" = 0 ] && return
    command -v sudo >/dev/null || return
    sudo -n true 2>/dev/null || { [ -t 0 ] && sudo true; }
}

packages_as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Keeps the installation from touching services until the surrounding subshell ends, however it ends.
packages_quiet_system() {
    made=() made_folder='' fresh_units=()
    trap packages_restore_system EXIT
    trap 'exit 130' INT TERM HUP
    if [ ! -e "$POLICY" ]; then
        made+=("$POLICY")
        printf '#!/bin/sh\nexit 101\n' | packages_as_root tee "$POLICY" >/dev/null
        packages_as_root chmod 755 "$POLICY"
    fi
    if [ ! -e "$CLUSTER_SWITCH" ]; then
        made+=("$CLUSTER_SWITCH")
        if [ ! -d "${CLUSTER_SWITCH%/*}" ]; then
            made_folder=${CLUSTER_SWITCH%/*}
            packages_as_root mkdir -p "$made_folder"
        fi
        echo "create_main_cluster = false" | packages_as_root tee "$CLUSTER_SWITCH" >/dev/null
    fi
    local unit
    for unit in "${UNITS[@]}"; do
        packages_knows_unit "$unit" || fresh_units+=("$unit")
    done
}

# A unit that came with the packages must not start at the next boot; one that was there before stays as it was.
packages_restore_system() {
    local unit
    for unit in "${fresh_units[@]}"; do
        if packages_knows_unit "$unit"; then packages_as_root systemctl --quiet disable "$unit" >/dev/null 2>&1 || true; fi
    done
    [ ${#made[@]} = 0 ] || packages_as_root rm -f "${made[@]}"
    [ -z "$made_folder" ] || packages_as_root rmdir --ignore-fail-on-non-empty "$made_folder"
}

packages_knows_unit() {
    command -v systemctl >/dev/null && systemctl cat "$1" >/dev/null 2>&1
}
