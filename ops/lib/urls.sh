# shellcheck shell=bash
# Reads addresses such as postgres://user:password@host:port/database?options, and changes them.

URL_HOST='' URL_PORT=''

# urls_address URL DEFAULT_PORT: sets URL_HOST and URL_PORT. The host may be the folder of a PostgreSQL socket.
urls_address() {
    local authority host port
    authority=$(urls_authority "$1")
    authority=${authority##*@}
    host=$authority port=''
    if [[ $authority =~ ^(.*):([0-9]*)$ ]]; then
        host=${BASH_REMATCH[1]} port=${BASH_REMATCH[2]}
    fi
    host=${host#[}
    # PostgreSQL's options say where as well, and win.
    URL_HOST=$(urls_option "$1" host || urls_option "$1" hostaddr || urls_decode "${host%]}")
    URL_HOST=${URL_HOST:-localhost}
    # shellcheck disable=SC2034  # it is for the caller
    URL_PORT=$(urls_option "$1" port || echo "${port:-$2}")
}

# urls_option URL NAME: an option after the question mark; fails where it is not there.
urls_option() {
    local query="&${1#*\?}" value
    [[ $1 == *\?* && $query == *"&$2="* ]] || return 1
    value=${query##*"&$2="}
    urls_decode "${value%%&*}"
}

# urls_authority URL: user, password, host and port, as they are written.
urls_authority() {
    local rest=${1#*://}
    echo "${rest%%[/?#]*}"
}

# urls_user URL: the user as it is written, percent signs and all; nothing where none is named.
urls_user() {
    local authority
    authority=$(urls_authority "$1")
    if [[ $authority == *@* ]]; then authority=${authority%@*} && echo "${authority%%:*}"; fi
}

# urls_password URL: likewise.
urls_password() {
    local authority
    authority=$(urls_authority "$1")
    if [[ $authority == *:*@* ]]; then authority=${authority%@*} && echo "${authority#*:}"; fi
}

# urls_redacted URL: without its password, to be shown.
urls_redacted() {
    local authority rest=${1#*://} password='^(.*[?&]password=)[^&]*(.*)$'
    authority=$(urls_authority "$1")
    rest=${rest#"$authority"}
    if [[ $authority == *:*@* ]]; then authority="${authority%%:*}:***@${authority##*@}"; fi
    if [[ $rest =~ $password ]]; then rest="${BASH_REMATCH[1]}***${BASH_REMATCH[2]}"; fi
    echo "${1%%://*}://$authority$rest"
}

# urls_with_path URL PATH: the same with another database or virtual host.
urls_with_path() {
    local query=''
    if [[ $1 == *\?* ]]; then query="?${1#*\?}"; fi
    echo "${1%%://*}://$(urls_authority "$1")/$2$query"
}

# urls_decode TEXT: with every %XX as the byte it stands for.
urls_decode() {
    local text=${1//\\/\\\\}
    printf '%b' "${text//%/\\x}"
}
