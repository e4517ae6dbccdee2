# shellcheck shell=bash
# The PostgreSQL and RabbitMQ that tests and development need: those of the environment where it names them, else
# private ones under .run.
#
# DATABASE_URL names a PostgreSQL; AMQP_URL and AMQP_API_URL (the management plugin's base address) name a RabbitMQ.

LIB=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=ops/lib/say.sh
. "$LIB/say.sh"
# shellcheck source=ops/lib/packages.sh
. "$LIB/packages.sh"
# shellcheck source=ops/lib/ports.sh
. "$LIB/ports.sh"
# shellcheck source=ops/lib/postgres.sh
. "$LIB/postgres.sh"
# shellcheck source=ops/lib/rabbitmq.sh
. "$LIB/rabbitmq.sh"

readonly DISK_NEEDED_MB=1024
# What the environment named before we add ours.
readonly GIVEN_DATABASE_URL=${DATABASE_URL:-} GIVEN_AMQP_URL=${AMQP_URL:-} GIVEN_AMQP_API_URL=${AMQP_API_URL:-}

# services_configure ROOT: to be called first, with the checkout's folder.
services_configure() {
    [ -d /proc/self ] || fail "this needs Linux (it looks for its processes in /proc): set DATABASE_URL, AMQP_URL and AMQP_API_URL, and use cargo by itself."
    RUN=$(cd "$1" && pwd -P)/.run
    mkdir -p "$RUN" 2>/dev/null && [ -w "$RUN" ] ||
        fail "$RUN cannot be written by $(id -un): it was made by somebody else, so run this as them or delete the folder."
    postgres_configure
    rabbitmq_configure
}

# services_need_disk FOLDER: fails where there is not enough room to begin with.
services_need_disk() {
    local folder=$1 free_mb
    [ -d "$folder" ] || folder=$(dirname "$folder")
    free_mb=$(df -Pm "$folder" | awk 'NR == 2 { print $4 }')
    ((free_mb >= DISK_NEEDED_MB)) ||
        fail "only $free_mb MB are free under $folder, and PostgreSQL and RabbitMQ need $DISK_NEEDED_MB MB to begin with: make room."
}

# services_up: makes sure that all are there, and exports where.
services_up() {
    services_lock
    postgres_up
    rabbitmq_up
    exec {SERVICES_LOCK}>&-
}

# Two scripts at once in one checkout must not both start them.
services_lock() {
    exec {SERVICES_LOCK}>"$RUN/lock"
    flock -w 300 "$SERVICES_LOCK" || fail "another script has been starting or stopping the services of this checkout for five minutes: end it, then try again."
}

postgres_up() {
    if [ -n "$GIVEN_DATABASE_URL" ]; then
        services_reachable DATABASE_URL "$GIVEN_DATABASE_URL" 5432
        return
    fi
    postgres_start
    DATABASE_URL=$(postgres_url)
    export DATABASE_URL
}

rabbitmq_up() {
    if [ -n "$GIVEN_AMQP_URL$GIVEN_AMQP_API_URL" ]; then
        [ -n "$GIVEN_AMQP_URL" ] && [ -n "$GIVEN_AMQP_API_URL" ] ||
            fail "AMQP_URL and AMQP_API_URL belong together, but only one of them is set: set both, or unset both to get a private RabbitMQ."
        services_reachable AMQP_URL "$GIVEN_AMQP_URL" 5672
        services_reachable AMQP_API_URL "$GIVEN_AMQP_API_URL" 15672
        return
    fi
    rabbitmq_start
    AMQP_URL=$(rabbitmq_url) AMQP_API_URL=$(rabbitmq_api_url)
    export AMQP_URL AMQP_API_URL
}

# services_reachable VARIABLE URL DEFAULT_PORT: somebody listens where the variable points.
services_reachable() {
    local rest host port
    rest=${2#*://}
    rest=${rest%%[/?]*}
    rest=${rest##*@}
    host=${rest%:*} port=$3
    if [[ $rest =~ :([0-9]+)$ ]]; then port=${BASH_REMATCH[1]}; fi
    host=${host#[}
    host=${host%]}
    (exec 3<>"/dev/tcp/$host/$port") 2>/dev/null ||
        fail "$1 points at $host port $port, where nobody answers: start it, or unset $1 to get a private one."
}

# services_down: ends the private ones.
services_down() {
    services_lock
    if postgres_find; then postgres_end; fi
    if rabbitmq_find; then rabbitmq_end; fi
    exec {SERVICES_LOCK}>&-
}

# services_env: lines for a shell to evaluate.
services_env() {
    if [ -n "$GIVEN_DATABASE_URL" ]; then DATABASE_URL=$GIVEN_DATABASE_URL; else DATABASE_URL=$(postgres_url); fi
    if [ -n "$GIVEN_AMQP_URL" ]; then AMQP_URL=$GIVEN_AMQP_URL; else AMQP_URL=$(rabbitmq_url); fi
    if [ -n "$GIVEN_AMQP_API_URL" ]; then AMQP_API_URL=$GIVEN_AMQP_API_URL; else AMQP_API_URL=$(rabbitmq_api_url); fi
    printf 'export DATABASE_URL=%q\nexport AMQP_URL=%q\nexport AMQP_API_URL=%q\n' "$DATABASE_URL" "$AMQP_URL" "$AMQP_API_URL"
}
