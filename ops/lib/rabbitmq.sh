# shellcheck shell=bash
# A RabbitMQ of our own: data, log, cookie, ports and epmd under .run, the management plugin on.
#
# Its processes, epmd included, are known by the variable they were started with: a process id in a file says nothing
# after a crash. Its own epmd keeps the node's name from meeting anybody else's.

# Where Debian and its like keep it.
RABBITMQ_VERSIONS=/usr/lib/rabbitmq/lib

# rabbitmq_configure: where things are, before anything else here is called.
rabbitmq_configure() {
    RABBITMQ_HOME=$RUN/rabbitmq
    RABBITMQ_PORTS_FILE=$RUN/rabbitmq.port
}

# rabbitmq_find: sets RABBITMQ_BIN, of the newest. Not the wrappers in /usr/sbin: they insist on the system's user and data.
rabbitmq_find() {
    local folder
    RABBITMQ_BIN=
    while read -r folder; do
        if packages_at_least "$(rabbitmq_version_of "$folder")" "$RABBITMQ_LEAST"; then RABBITMQ_BIN=$folder/sbin; fi
    done < <(rabbitmq_folders)
    [ -n "$RABBITMQ_BIN" ]
}

# rabbitmq_folders: of every RabbitMQ here, the newest last.
rabbitmq_folders() {
    local folder
    command -v erl >/dev/null || return 0
    for folder in "$RABBITMQ_VERSIONS"/rabbitmq_server-*; do
        if [ -x "$folder/sbin/rabbitmq-server" ]; then echo "$folder"; fi
    done | sort -V
}

rabbitmq_version_of() { echo "${1##*/rabbitmq_server-}"; }

rabbitmq_install() {
    rabbitmq_find && return
    rabbitmq_refuse_old
    packages_install "$RUN/install-rabbitmq.log" rabbitmq-server
    rabbitmq_find || fail "RabbitMQ is installed, but none of $RABBITMQ_LEAST or later is under $RABBITMQ_VERSIONS: set AMQP_URL to a running one."
}

# To install a newer one would change the one that is here, and who knows what needs it.
rabbitmq_refuse_old() {
    local folder
    folder=$(rabbitmq_folders | tail -n 1)
    [ -z "$folder" ] ||
        fail "RabbitMQ $(rabbitmq_version_of "$folder") is installed here, and Crossbill needs $RABBITMQ_LEAST or later: set AMQP_URL to a running one with its management plugin."
}

# rabbitmq_port NAME: one of the four neighbouring ports.
rabbitmq_port() {
    local first
    first=$(cat "$RABBITMQ_PORTS_FILE" 2>/dev/null) || return
    case $1 in
    amqp) echo "$first" ;;
    management) echo $((first + 1)) ;;
    distribution) echo $((first + 2)) ;;
    epmd) echo $((first + 3)) ;;
    esac
}

# rabbitmq_run COMMAND...: with our node's environment and nothing of the caller's.
rabbitmq_run() (
    services_keep_nothing_open
    exec env -i PATH="$PATH" LANG=C.UTF-8 LC_ALL=C.UTF-8 HOME="$RABBITMQ_HOME" \
        RABBITMQ_NODENAME=crossbill@localhost \
        RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$(rabbitmq_port amqp)" \
        RABBITMQ_DIST_PORT="$(rabbitmq_port distribution)" \
        ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT="$(rabbitmq_port epmd)" \
        RABBITMQ_MNESIA_BASE="$RABBITMQ_HOME/data" RABBITMQ_LOG_BASE="$RABBITMQ_HOME/log" \
        RABBITMQ_CONF_ENV_FILE="$RABBITMQ_HOME/none.conf" RABBITMQ_CONFIG_FILE="$RABBITMQ_HOME/rabbitmq" \
        RABBITMQ_ADVANCED_CONFIG_FILE="$RABBITMQ_HOME/advanced" RABBITMQ_ENABLED_PLUGINS_FILE="$RABBITMQ_HOME/enabled_plugins" \
        RABBITMQ_PID_FILE="$RABBITMQ_HOME/pid" \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}" \
        "$@"
)

# rabbitmq_processes: the ids of all processes that were started for our node.
rabbitmq_processes() {
    grep -lzxF "RABBITMQ_MNESIA_BASE=$RABBITMQ_HOME/data" /proc/[0-9]*/environ 2>/dev/null | cut -d / -f 3
}

rabbitmq_is_gone() { [ -z "$(rabbitmq_processes)" ]; }

# The Erlang machine itself lives; without it what is left (epmd) serves nobody.
rabbitmq_has_node() {
    local process
    for process in $(rabbitmq_processes); do
        if [ "$(cat "/proc/$process/comm" 2>/dev/null)" = beam.smp ]; then return; fi
    done
    return 1
}

rabbitmq_answers() {
    [ -s "$RABBITMQ_PORTS_FILE" ] && rabbitmq_greets && ports_open "$(rabbitmq_port management)"
}

# An open port is not enough: the kernel opens connections even for a node that hangs.
rabbitmq_greets() (
    exec 2>/dev/null 3<>"/dev/tcp/127.0.0.1/$(rabbitmq_port amqp)" || return
    printf 'AMQP\0\0\11\1' >&3
    read -r -t 5 -N 1 _ <&3
)

rabbitmq_runs() { rabbitmq_has_node && rabbitmq_answers; }

rabbitmq_start() {
    rabbitmq_install
    if rabbitmq_has_node; then
        if wait_until 60 rabbitmq_answers; then return; fi
        note "the RabbitMQ of an earlier run does not answer; starting it again."
    fi
    rabbitmq_end
    ports_settle "$RABBITMQ_PORTS_FILE" 4
    rabbitmq_write_set_up
    rabbitmq_launch
}

rabbitmq_write_set_up() {
    services_need_disk "$RUN"
    mkdir -p "$RABBITMQ_HOME/data" "$RABBITMQ_HOME/log"
    chmod 700 "$RABBITMQ_HOME"
    local cookie=$RABBITMQ_HOME/.erlang.cookie
    if [ ! -s "$cookie" ]; then
        rm -f "$cookie"
        (umask 377 && od -An -N 18 -tx1 /dev/urandom | tr -d ' \n' >"$cookie")
    fi
    : >"$RABBITMQ_HOME/none.conf"
    rm -f "$RABBITMQ_HOME/pid"
    echo '[rabbitmq_management].' >"$RABBITMQ_HOME/enabled_plugins"
    cat >"$RABBITMQ_HOME/rabbitmq.conf" <<CONF
listeners.tcp.default = 127.0.0.1:$(rabbitmq_port amqp)
management.tcp.ip = 127.0.0.1
management.tcp.port = $(rabbitmq_port management)
loopback_users.guest = true
log.file.level = info
disk_free_limit.absolute = 200MB
CONF
}

rabbitmq_launch() {
    local log=$RABBITMQ_HOME/log/stdout
    # The shell that waits for the node holds nothing either.
    (services_keep_nothing_open; rabbitmq_run setsid "$RABBITMQ_BIN/rabbitmq-server" >"$log" 2>&1 </dev/null &)
    if ! wait_until 20 rabbitmq_has_node || ! wait_until 90 rabbitmq_answers_or_died || ! rabbitmq_answers; then
        if grep -qsE 'eaddrinuse|address already in use' "$log" "$RABBITMQ_HOME"/log/*.log; then
            fail "a port from $(rabbitmq_port amqp) on was taken while RabbitMQ started: run this again, it chooses others."
        fi
        fail "RabbitMQ did not start: the end of $log and $RABBITMQ_HOME/log/*.log tell why."
    fi
    rabbitmq_run "$RABBITMQ_BIN/rabbitmqctl" -q await_startup --timeout 60 >/dev/null ||
        fail "RabbitMQ listens but did not finish starting: $RABBITMQ_HOME/log tells why."
}

rabbitmq_answers_or_died() { rabbitmq_answers || ! rabbitmq_has_node; }

# rabbitmq_end: ends what runs of our node, gently first, its epmd last.
rabbitmq_end() {
    rabbitmq_is_gone && return
    if rabbitmq_runs; then
        rabbitmq_run "$RABBITMQ_BIN/rabbitmqctl" -q shutdown --timeout 30 >/dev/null 2>&1 || true
    fi
    rabbitmq_processes | xargs -r kill 2>/dev/null || true
    if wait_until 5 rabbitmq_is_gone; then return; fi
    rabbitmq_processes | xargs -r kill -9 2>/dev/null || true
    wait_until 10 rabbitmq_is_gone || fail "processes of an earlier RabbitMQ under $RABBITMQ_HOME could not be ended: $(rabbitmq_processes | xargs)."
}

rabbitmq_url() { echo "amqp://guest:guest@127.0.0.1:$(rabbitmq_port amqp)/%2f"; }

rabbitmq_api_url() { echo "http://127.0.0.1:$(rabbitmq_port management)"; }
