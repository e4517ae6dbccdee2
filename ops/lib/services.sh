# shellcheck shell=bash
# The PostgreSQL and RabbitMQ that tests and development need: those of the environment where it names them, else
# private ones under .run.
#
# DATABASE_URL names a PostgreSQL, AMQP_URL a RabbitMQ. AMQP_API_URL names that one's management plugin, where it is not
# at its usual port of the same host.

LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=ops/lib/say.sh
. "$LIB/say.sh"
# shellcheck source=ops/lib/urls.sh
. "$LIB/urls.sh"
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
    mkdir -p "$RUN" 2>/dev/null || true
    [ -w "$RUN" ] || fail "$RUN cannot be written by $(id -un): it was made by somebody else, so run this as them or delete the folder."
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

# services_up PROGRAM...: makes sure that all are there, those programs too, and exports where.
services_up() {
    services_lock
    packages_finish
    services_install "$@"
    postgres_up
    rabbitmq_up
    exec {SERVICES_LOCK}>&-
}

# Two scripts at once in one checkout must not both start them.
services_lock() {
    exec {SERVICES_LOCK}>"$RUN/lock"
    flock -w 300 "$SERVICES_LOCK" || fail "another script has been starting or stopping the services of this checkout for five minutes: end it, then try again."
}

# What a service inherits it holds for as long as it runs, the caller's locks among it. To be called in a subshell.
services_keep_nothing_open() {
    local file
    for file in /proc/self/fd/*; do
        file=${file##*/}
        # From 255 bash reads the script, and closes it by itself.
        if ((file > 2 && file != 255)); then exec {file}>&-; fi
    done
}

# All that is missing in one go.
services_install() {
    local missing
    mapfile -t missing < <(
        [ -n "$GIVEN_DATABASE_URL" ] || [ -s "$POSTGRES_DATA/PG_VERSION" ] || postgres_find || echo postgresql
        [ -n "$GIVEN_AMQP_URL" ] || [ -n "$(rabbitmq_folders)" ] || echo rabbitmq-server
        packages_missing "$@"
    )
    [ ${#missing[@]} = 0 ] || packages_install "$RUN/install.log" "${missing[@]}"
}

postgres_up() {
    if [ -n "$GIVEN_DATABASE_URL" ]; then
        services_reachable DATABASE_URL "$GIVEN_DATABASE_URL" 5432 ||
            fail "DATABASE_URL points at $URL_HOST port $URL_PORT, where nobody answers: start it, or unset DATABASE_URL to get a private one."
        return
    fi
    postgres_start
    DATABASE_URL=$(postgres_url)
    export DATABASE_URL
}

rabbitmq_up() {
    if [ -n "$GIVEN_AMQP_URL" ]; then
        services_reachable AMQP_URL "$GIVEN_AMQP_URL" "$(services_amqp_port)" ||
            fail "AMQP_URL points at $URL_HOST port $URL_PORT, where nobody answers: start it, or unset AMQP_URL to get a private one."
        AMQP_API_URL=$(services_api_url)
        services_reachable AMQP_API_URL "$AMQP_API_URL" "$(services_api_port)" || fail "$(services_api_remedy)"
        export AMQP_API_URL
        return
    fi
    [ -z "$GIVEN_AMQP_API_URL" ] ||
        fail "AMQP_API_URL is set, but AMQP_URL, whose management it is, is not: set AMQP_URL too, or unset AMQP_API_URL to get a private RabbitMQ."
    rabbitmq_start
    AMQP_URL=$(rabbitmq_url) AMQP_API_URL=$(rabbitmq_api_url)
    export AMQP_URL AMQP_API_URL
}

# services_api_url: the management plugin of AMQP_URL, at its usual port unless AMQP_API_URL says otherwise.
services_api_url() {
    if [ -n "$GIVEN_AMQP_API_URL" ]; then
        echo "$GIVEN_AMQP_API_URL"
        return
    fi
    urls_address "$GIVEN_AMQP_URL" ''
    if [[ $URL_HOST == *:* ]]; then URL_HOST="[$URL_HOST]"; fi
    case $GIVEN_AMQP_URL in
    amqps:*) echo "https://$URL_HOST:15671" ;;
    *) echo "http://$URL_HOST:15672" ;;
    esac
}

services_amqp_port() {
    case $GIVEN_AMQP_URL in amqps:*) echo 5671 ;; *) echo 5672 ;; esac
}

services_api_port() {
    case $AMQP_API_URL in https:*) echo 443 ;; *) echo 80 ;; esac
}

services_api_remedy() {
    if [ -n "$GIVEN_AMQP_API_URL" ]; then
        echo "AMQP_API_URL points at $URL_HOST port $URL_PORT, where nobody answers: let it point at the management plugin of AMQP_URL's RabbitMQ, or unset it to have that looked for at the usual port."
    else
        echo "the management plugin of AMQP_URL's RabbitMQ does not answer at $AMQP_API_URL, its usual place: enable it with \`rabbitmq-plugins enable rabbitmq_management\`, or set AMQP_API_URL to where it is."
    fi
}

# services_reachable VARIABLE URL DEFAULT_PORT: whether somebody listens where the variable points. Sets URL_HOST and URL_PORT.
services_reachable() {
    urls_address "$2" "$3"
    if [[ $URL_HOST == *,* ]]; then
        fail "$1 names several hosts ($URL_HOST), and Crossbill talks to one: leave one of them."
    fi
    if [[ $URL_HOST == /* ]]; then
        [ -S "$URL_HOST/.s.PGSQL.$URL_PORT" ]
    else
        # shellcheck disable=SC2016  # the inner shell's arguments
        timeout 10 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$URL_HOST" "$URL_PORT" 2>/dev/null
    fi
}

# services_down: ends the private ones.
services_down() {
    services_lock
    if postgres_find; then postgres_end; fi
    if rabbitmq_find; then rabbitmq_end; fi
    exec {SERVICES_LOCK}>&-
}

# services_are_private: at least one of them is ours, and runs until it is stopped.
services_are_private() { [ -z "$GIVEN_DATABASE_URL" ] || [ -z "$GIVEN_AMQP_URL" ]; }

# services_env: lines for a shell to evaluate.
services_env() {
    if [ -n "$GIVEN_DATABASE_URL" ]; then DATABASE_URL=$GIVEN_DATABASE_URL; else DATABASE_URL=$(postgres_url); fi
    if [ -n "$GIVEN_AMQP_URL" ]; then
        AMQP_URL=$GIVEN_AMQP_URL AMQP_API_URL=$(services_api_url)
    else
        AMQP_URL=$(rabbitmq_url) AMQP_API_URL=$(rabbitmq_api_url)
    fi
    printf 'export DATABASE_URL=%q\nexport AMQP_URL=%q\nexport AMQP_API_URL=%q\n' "$DATABASE_URL" "$AMQP_URL" "$AMQP_API_URL"
}
