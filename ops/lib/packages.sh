# shellcheck shell=bash
# Installs Debian packages where they are missing, all that are missing at once. What has to be done as root is in
# install.sh, which keeps the system's services out of it.

# The least versions that Crossbill works with.
readonly POSTGRES_LEAST=14 RABBITMQ_LEAST=3.10 PYTHON_LEAST=3.10
# The system to install to; tests put a folder here.
PACKAGES_SYSTEM=/

# packages_install LOG PACKAGE...: what the package manager says goes to the log.
packages_install() {
    local log=$1
    shift
    command -v apt-get >/dev/null ||
        fail "missing here: $(packages_names "$@"), and there is no apt-get to install with: $(packages_instead "$@")."
    packages_may_be_root ||
        fail "missing here: $(packages_names "$@"), and installing needs root, but sudo is not there or wants a password: run this once where sudo can ask for it, or $(packages_instead "$@")."
    note "installing $* (log: $log)"
    packages_as_root apt-get -o DPkg::Lock::Timeout=120 update >"$log" 2>&1 </dev/null ||
        note "the package lists could not be refreshed; trying those that are here."
    packages_refuse_old "$@"
    packages_as_root bash "$LIB/install.sh" "$PACKAGES_SYSTEM" "$@" >>"$log" 2>&1 ||
        fail "installing $* failed: $log tells why."
}

# Before anything is installed that would be of no use.
packages_refuse_old() {
    local package least offered
    for package in "$@"; do
        case $package in
        postgresql) least=$POSTGRES_LEAST ;;
        rabbitmq-server) least=$RABBITMQ_LEAST ;;
        *) continue ;;
        esac
        offered=$(LC_ALL=C apt-cache policy "$package" | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }')
        packages_at_least "${offered#*:}" "$least" ||
            fail "this system's packages offer ${offered:-no version} of $package, and Crossbill needs $least or later: $(packages_instead "$package")."
    done
}

# packages_at_least VERSION LEAST
packages_at_least() {
    [[ $1 == [0-9]* ]] && [ "$(printf '%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# packages_missing PROGRAM...: the packages of those programs that are not here.
packages_missing() {
    local program
    for program in "$@"; do
        packages_there "$program" && continue
        case $program in
        cc) printf 'gcc\nlibc6-dev\n' ;;
        psql) echo postgresql-client ;;
        *) echo "$program" ;;
        esac
    done
}

# packages_need PROGRAM...: makes sure that those programs are here, for a script that needs no services.
packages_need() {
    local missing
    packages_finish
    mapfile -t missing < <(packages_missing "$@")
    [ ${#missing[@]} = 0 ] || packages_install "$RUN/install.log" "${missing[@]}"
}

# packages_there PROGRAM
packages_there() {
    case $1 in
    # Debian's Python comes without what makes an environment.
    python3-venv) python3 -c "import ensurepip, sys; sys.exit(sys.version_info < (${PYTHON_LEAST/./, }))" 2>/dev/null ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

# packages_names PACKAGE...: as people call them.
packages_names() {
    local package names=''
    for package in "$@"; do
        case $package in
        postgresql) names+=", PostgreSQL" ;;
        rabbitmq-server) names+=", RabbitMQ" ;;
        postgresql-client) names+=", psql" ;;
        python3-venv) names+=", Python $PYTHON_LEAST or later with venv" ;;
        gcc) names+=", the C compiler that Rust links with (cc)" ;;
        libc6-dev) ;;
        *) names+=", $package" ;;
        esac
    done
    echo "${names#, }"
}

# packages_instead PACKAGE...: what a person can do who cannot have them installed.
packages_instead() {
    local package ways=''
    for package in "$@"; do
        case $package in
        postgresql) ways+="; install PostgreSQL $POSTGRES_LEAST or later, or set DATABASE_URL to a running one" ;;
        rabbitmq-server) ways+="; install RabbitMQ $RABBITMQ_LEAST or later, or set AMQP_URL to a running one with its management plugin" ;;
        libc6-dev) ;;
        *) ways+="; install $(packages_names "$package")" ;;
        esac
    done
    echo "${ways#; }"
}

packages_may_be_root() {
    [ "$(id -u)" = 0 ] && return
    command -v sudo >/dev/null || return
    sudo -n true 2>/dev/null || { [ -t 0 ] && sudo true; }
}

packages_as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# An installation that was killed has left the system's settings changed.
packages_finish() {
    local log=$RUN/install-finish.log
    [ -e "${PACKAGES_SYSTEM%/}/var/lib/crossbill-install" ] || return 0
    note "an installation of packages was cut short; putting back what it changed meanwhile (log: $log)."
    if packages_may_be_root && packages_as_root bash "$LIB/install.sh" "$PACKAGES_SYSTEM" >"$log" 2>&1; then return; fi
    note "that needs root, or failed: run \`sudo $LIB/install.sh /\` once."
}
