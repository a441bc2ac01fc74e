# What ./bench and ./verify share; sourced by both, after lib.sh and postgres.sh.
# shellcheck shell=bash

measure_folder=''
measure_running=''

# measure_install PACKAGE...: installs what is missing, each by its Debian package; what cannot be installed is said, and what needs it fails.
measure_install() {
    local lacking=("$@") package
    [[ ${#lacking[@]} -gt 0 ]] || return 0
    if can_install; then
        if [[ " ${lacking[*]} " == *" postfix "* ]] && have debconf-set-selections; then
            echo 'postfix postfix/main_mailer_type select No configuration' | as_root debconf-set-selections
        fi
        apt_install "${lacking[@]}" || for package in "${lacking[@]}"; do apt_install "$package" || true; done
    else
        tell "足りないもの（not installed; what needs them cannot be measured）: ${lacking[*]}"
    fi
}

# Ends what the program started and could not end itself, because it was killed: only what carries this run's mark.
measure_end_children() {
    local pid
    [[ -e $measure_folder/started ]] || return 0
    while IFS= read -r pid; do
        if grep -qzF "KENKO_MEASURE_FOLDER=$measure_folder" "/proc/$pid/environ" 2>/dev/null; then
            kill -KILL "$pid" 2>/dev/null || true
        fi
    done <"$measure_folder/started"
}

# What a program that was killed left standing still, or mounted over a folder of the run.
measure_release() {
    local pid mount
    pid=$([[ -z $postgres_folder ]] || head -n 1 "$postgres_folder/data/postmaster.pid" 2>/dev/null) || true
    if [[ -n $pid ]]; then
        kill -CONT "$pid" 2>/dev/null || true
        pkill -CONT -P "$pid" 2>/dev/null || true
    fi
    while read -r _ mount _; do
        [[ $mount != "$measure_folder"/* ]] || umount -l "$mount" 2>/dev/null || true
    done </proc/mounts
}

measure_clean_up() {
    local code=$?
    trap - EXIT
    # A second Ctrl-C must not leave a server behind.
    trap '' INT TERM HUP
    if [[ -n $measure_running ]]; then
        kill -TERM "$measure_running" 2>/dev/null || true
        wait "$measure_running" 2>/dev/null || true
    fi
    measure_end_children
    measure_release
    postgres_stop
    rm -rf "$measure_folder"
    exit "$code"
}

# In the background, so that a signal is acted on at once.
measure_attended() {
    "$@" </dev/null &
    measure_running=$!
    local code=0
    wait "$measure_running" || code=$?
    measure_running=''
    return "$code"
}

# measure COMMAND ARGUMENT...: builds everything, starts PostgreSQL unless with_postgres is empty, and runs the program. Exits with its code.
measure() {
    local build
    portal=''
    if [[ " $* " != *" --list "* ]]; then
        [[ -z ${with_install-1} ]] || prepare_to_serve
        build_portal
    fi
    need_dotnet
    # Unix sockets have short paths; the disk is to be a real one, not the memory that /tmp may be.
    measure_folder=$(mktemp -d "${KENKO_MEASURE_TMPDIR:-/var/tmp}/kenko-$1.XXXXXX")
    chmod 711 "$measure_folder"
    trap measure_clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    build=$measure_folder/build.log
    tell "測定の道具をビルドしています（building what measures）…"
    if ! measure_attended dotnet build "$root/measure/KenkoPortal.Measure" -c Release -v quiet "${build_options[@]}" >"$build" 2>&1; then
        grep -E '(error|エラー)' "$build" | sort -u >&2 || tail -n 20 "$build" >&2
        exit 1
    fi
    unset KENKO_TEST_POSTGRES
    if [[ -n ${with_postgres-1} ]]; then
        postgres_start "$measure_folder/postgres" durable || tell "PostgreSQL がありません（no PostgreSQL: what needs it is not measured, and the run falls short; --no-postgres leaves it out）。"
    else
        export KENKO_MEASURE_WITHOUT_POSTGRES=1
    fi
    export KENKO_MEASURE_FOLDER=$measure_folder KENKO_MEASURE_PORTAL=$portal KENKO_MEASURE_ROOT=$root
    local code=0
    measure_attended "$root/measure/KenkoPortal.Measure/bin/Release/net10.0/KenkoPortal.Measure" "$@" || code=$?
    exit "$code"
}
