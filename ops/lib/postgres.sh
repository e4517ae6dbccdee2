# shellcheck shell=bash
# A PostgreSQL of our own: a cluster under .run on a port of its own, TCP only, never run as root.
#
# Its processes are known by their working directory, which is the cluster's: a process id in a file says nothing after
# a crash. Safe to kill at any moment. It keeps fsync on, but for tests (`ops/test`).

# Where Debian and its like keep a folder a version.
POSTGRES_VERSIONS=/usr/lib/postgresql

# postgres_configure: where things are, before anything else here is called.
postgres_configure() {
    POSTGRES_PLACE_FILE=$RUN/postgres.place
    POSTGRES_PORT_FILE=$RUN/postgres.port
    POSTGRES_HOME=$RUN/postgres
    if [ -s "$POSTGRES_PLACE_FILE" ] && [ -d "$(cat "$POSTGRES_PLACE_FILE")" ]; then
        POSTGRES_HOME=$(cat "$POSTGRES_PLACE_FILE")
    fi
    POSTGRES_DATA=$POSTGRES_HOME/data
    POSTGRES_LOG=$POSTGRES_HOME/log
}

# Under .run, unless we are root and the user postgres cannot get there (a checkout below a folder with mode 0700).
postgres_settle_place() {
    local place
    [ "$POSTGRES_HOME" = "$RUN/postgres" ] && [ "$(id -u)" = 0 ] || return 0
    id postgres >/dev/null 2>&1 ||
        fail "PostgreSQL does not run as root, and this system has no user postgres to run it: run this as an ordinary user, or set DATABASE_URL to a running one."
    if postgres_as test -x "$RUN"; then return; fi
    place=$(mktemp -d "${TMPDIR:-/tmp}/crossbill-postgres.XXXXXX")
    chmod 711 "$place"
    if ! postgres_as test -x "$place"; then
        rmdir "$place"
        fail "PostgreSQL does not run as root, and its user postgres can reach neither $RUN nor ${TMPDIR:-/tmp}: set TMPDIR to a folder it can reach."
    fi
    echo "$place" >"$POSTGRES_PLACE_FILE"
    postgres_configure
}

postgres_as() {
    if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

# postgres_find: sets POSTGRES_BIN to the programs that fit the cluster, the newest where there is none yet.
postgres_find() {
    local made_by='' version folder
    if [ -s "$POSTGRES_DATA/PG_VERSION" ]; then made_by=$(cat "$POSTGRES_DATA/PG_VERSION"); fi
    POSTGRES_BIN=
    while read -r version folder; do
        if packages_at_least "$version" "$POSTGRES_LEAST" && [ "${version%%.*}" = "${made_by:-${version%%.*}}" ]; then
            POSTGRES_BIN=$folder
        fi
    done < <(postgres_versions | sort -V)
    [ -n "$POSTGRES_BIN" ]
}

# postgres_versions: version and programs of every PostgreSQL here.
postgres_versions() {
    local folder
    for folder in "$(pg_config --bindir 2>/dev/null)" "$POSTGRES_VERSIONS"/*/bin; do
        if [ -x "$folder/initdb" ]; then echo "$("$folder/postgres" -V | awk '{ print $3 }') $folder"; fi
    done
}

postgres_install() {
    postgres_find && return
    [ ! -s "$POSTGRES_DATA/PG_VERSION" ] ||
        fail "$POSTGRES_DATA was made by PostgreSQL $(cat "$POSTGRES_DATA/PG_VERSION"), which is gone: delete that folder, it holds only test data."
    packages_install "$RUN/install-postgres.log" postgresql
    postgres_find || fail "PostgreSQL is installed, but none of $POSTGRES_LEAST or later is under $POSTGRES_VERSIONS: set DATABASE_URL to a running one."
}

# postgres_processes: the ids of all processes of our cluster.
postgres_processes() {
    local at folder
    find /proc -mindepth 2 -maxdepth 2 -path '/proc/[0-9]*/cwd' -printf '%l\t%h\n' 2>/dev/null |
        while IFS=$'\t' read -r at folder; do
            if [ "$at" = "$POSTGRES_DATA" ] && [ "$(cat "$folder/comm" 2>/dev/null)" = postgres ]; then echo "${folder#/proc/}"; fi
        done || true
}

postgres_is_gone() { [ -z "$(postgres_processes)" ]; }

# The postmaster itself lives; without it what is left of the cluster ends by itself or has to be ended.
postgres_has_master() {
    local master
    master=$(head -n 1 "$POSTGRES_DATA/postmaster.pid" 2>/dev/null) && grep -qx "$master" <<<"$(postgres_processes)"
}

postgres_answers() {
    [ -s "$POSTGRES_PORT_FILE" ] && "$POSTGRES_BIN/pg_isready" -q -h 127.0.0.1 -p "$(cat "$POSTGRES_PORT_FILE")"
}

postgres_runs() { postgres_find && postgres_has_master && postgres_answers; }

postgres_start() {
    postgres_install
    postgres_settle_place
    if postgres_has_master; then
        if wait_until 60 postgres_answers; then return; fi
        note "the PostgreSQL of an earlier run does not answer; starting it again."
    fi
    postgres_end
    ports_settle "$POSTGRES_PORT_FILE" 1
    postgres_make_cluster
    # Whoever wrote it is gone (see above), and its process id may belong to somebody else by now.
    rm -f "$POSTGRES_DATA/postmaster.pid"
    if ! postgres_launch; then
        if tail -n 20 "$POSTGRES_LOG" 2>/dev/null | grep -q 'Address already in use'; then
            fail "port $(cat "$POSTGRES_PORT_FILE") was taken while PostgreSQL started: run this again, it chooses another."
        fi
        fail "PostgreSQL did not start: the end of $POSTGRES_LOG tells why."
    fi
}

postgres_launch() (
    services_keep_nothing_open
    cd "$POSTGRES_HOME" || return
    postgres_as "$POSTGRES_BIN/pg_ctl" -D "$POSTGRES_DATA" -l "$POSTGRES_LOG" -o "-p $(cat "$POSTGRES_PORT_FILE")" \
        -s -w -t 60 start >/dev/null 2>&1 </dev/null
)

# Made aside and moved into place whole, so that a kill in between leaves nothing half made.
postgres_make_cluster() {
    [ -s "$POSTGRES_DATA/PG_VERSION" ] && return
    services_need_disk "$POSTGRES_HOME"
    mkdir -p "$POSTGRES_HOME"
    chmod 700 "$POSTGRES_HOME"
    if [ "$(id -u)" = 0 ]; then chown postgres: "$POSTGRES_HOME"; fi
    local fresh=$POSTGRES_HOME/data.new
    rm -rf "$fresh" "$POSTGRES_DATA"
    (
        cd "$POSTGRES_HOME"
        postgres_as "$POSTGRES_BIN/initdb" -D "$fresh" -U app -A trust -E UTF8 --locale=C.UTF-8 >"$RUN/initdb.log" 2>&1
        postgres_as tee -a "$fresh/postgresql.conf" >/dev/null <<'CONF'
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 400
shared_buffers = 256MB
CONF
        postgres_as mv "$fresh" "$POSTGRES_DATA"
    ) || fail "no PostgreSQL cluster could be made: $RUN/initdb.log tells why."
}

# postgres_end: ends what runs of our cluster, gently first.
postgres_end() {
    postgres_is_gone && return
    if postgres_has_master; then
        (cd "$POSTGRES_HOME" && postgres_as "$POSTGRES_BIN/pg_ctl" -D "$POSTGRES_DATA" -s -m fast -w -t 20 stop >/dev/null 2>&1) || true
    fi
    if wait_until 5 postgres_is_gone; then return; fi
    postgres_processes | xargs -r kill -9 2>/dev/null || true
    wait_until 10 postgres_is_gone || fail "processes of an earlier PostgreSQL under $POSTGRES_DATA could not be ended: $(postgres_processes | xargs)."
}

postgres_url() { echo "postgres://app@127.0.0.1:$(cat "$POSTGRES_PORT_FILE")/postgres"; }

# postgres_set WHAT: changes a setting of our cluster while it runs: `set NAME = VALUE` or `reset NAME`.
postgres_set() { psql -X -q -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -c "alter system $1" -c 'select pg_reload_conf()' >/dev/null; }
