# shellcheck shell=bash
# The checked queries: what the compiler needs to know of the database (`.sqlx/`), made from a freshly migrated one.
#
# Only the crate `store` names the query macros. While DATABASE_URL is set and SQLX_OFFLINE is not, they ask that
# database and write what they learn to SQLX_OFFLINE_DIR (sqlx-macros-core 0.9, `query/mod.rs`).

# queries_make FOLDER: writes the query data to that folder, which is to be empty. What is done goes to standard output.
queries_make() (
    folder=$1
    scratch=crossbill_queries_$$
    trap 'queries_ask "$DATABASE_URL" -c "drop database if exists $scratch with (force)" || true' EXIT
    trap 'exit 130' INT TERM HUP
    queries_ask "$DATABASE_URL" -c "create database $scratch" || fail "no database could be made with DATABASE_URL for checking the queries: its user needs the right CREATEDB."
    queries_migrate "$(queries_url_of "$scratch")"
    # Macros run only in a crate that is compiled again, and its sources have not changed.
    cargo clean --quiet --locked -p store
    DATABASE_URL=$(queries_url_of "$scratch") SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$folder \
        cargo check --quiet --locked -p store --all-targets ||
        fail "the queries of the crate store do not fit the migrated database: the lines above tell where."
)

queries_ask() { psql -X -q -v ON_ERROR_STOP=1 -d "$@" >/dev/null; }

# queries_url_of DATABASE: DATABASE_URL with another database.
queries_url_of() { urls_with_path "$DATABASE_URL" "$1"; }

# queries_migrate URL: every migration in order, each in a transaction, as the binary does it.
queries_migrate() {
    local migration
    for migration in "$ROOT"/migrations/*.sql; do
        [ -e "$migration" ] || continue
        PGOPTIONS='--client-min-messages=warning' queries_ask "$1" -1 -f "$migration" ||
            fail "the migration migrations/${migration##*/} does not go through on an empty database."
    done
}

# queries_state: a line that changes with everything the query data depends on.
queries_state() {
    (cd "$ROOT" && find Cargo.lock crates/store migrations .sqlx -type f -print0 2>/dev/null | sort -z | xargs -0 sha256sum | sha256sum)
}
