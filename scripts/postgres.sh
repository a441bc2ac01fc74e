# A throw-away PostgreSQL; sourced by ./test, ./bench and ./verify.
# shellcheck shell=bash

postgres_folder=''
postgres_bin=''

# The folder with PostgreSQL's server programs, the newest version's; nothing where there is none.
postgres_programs() {
    local newest
    newest=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1 || true)
    if [[ -n $newest ]]; then
        dirname "$newest"
    elif command -v initdb >/dev/null; then
        dirname "$(readlink -f "$(command -v initdb)")"
    fi
}

# PostgreSQL refuses root.
postgres_as_user() {
    if [[ $EUID -ne 0 ]]; then
        "$@"
    elif command -v runuser >/dev/null; then
        runuser -u "$postgres_user" -- "$@"
    else
        setpriv --reuid="$postgres_user" --regid="$(id -g "$postgres_user")" --clear-groups "$@"
    fi
}

# postgres_start FOLDER [durable]: makes a cluster there and starts it on a Unix socket in the same folder, so that no port can be
# taken. Leaves a superuser's connection string in KENKO_TEST_POSTGRES. A test's cluster need not survive a power cut; a durable one
# waits for the disk at each commit, as it does where members' data are.
postgres_start() {
    postgres_bin=$(postgres_programs)
    [[ -n $postgres_bin ]] || return
    postgres_user=postgres
    id postgres >/dev/null 2>&1 || postgres_user=nobody
    local folder=$1 durable=${2:-} secret
    mkdir -m 700 "$folder"
    secret=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    printf '%s' "$secret" >"$folder/secret"
    [[ $EUID -ne 0 ]] || chown -R "$postgres_user" "$folder"
    if ! postgres_as_user "$postgres_bin/initdb" -D "$folder/data" -U postgres -A scram-sha-256 --pwfile="$folder/secret" \
        -E UTF8 --locale=C.UTF-8 --no-sync >"$folder.log" 2>&1; then
        tail -n 5 "$folder.log" >&2
        return 1
    fi
    cat >>"$folder/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$folder'
max_connections = 300
CONF
    [[ $durable == durable ]] || cat >>"$folder/data/postgresql.conf" <<CONF
fsync = off
synchronous_commit = off
full_page_writes = off
CONF
    postgres_folder=$folder
    if ! postgres_as_user "$postgres_bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w -t 60 start >"$folder.log" 2>&1; then
        tail -n 5 "$folder.log" "$folder/server.log" >&2
        return 1
    fi
    export KENKO_TEST_POSTGRES="Host=$folder;Username=postgres;Password=$secret;Database=postgres"
}

postgres_stop() {
    [[ -n $postgres_folder ]] || return 0
    postgres_as_user "$postgres_bin/pg_ctl" -D "$postgres_folder/data" -m immediate -w stop >/dev/null 2>&1 || true
    postgres_folder=''
}
