# Shared by ./run, ./kenko and ./test, which source it. Bash 4.4 or newer.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# The SDK keeps its state in the home folder; a service or a CI job may have none.
if [[ -z ${HOME:-} && -z ${DOTNET_CLI_HOME:-} ]]; then
    export DOTNET_CLI_HOME=$root/artifacts/dotnet-home
fi
# No compiler may outlive a CI job: it would keep the job's output open.
if [[ -n ${CI:-} ]]; then
    export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
    build_options=(-p:UseSharedCompilation=false)
else
    build_options=()
fi

say() { printf '%s\n' "$*"; }
tell() { printf '%s\n' "$*" >&2; }
die() {
    tell "$*"
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1 || [[ -x /usr/sbin/$1 || -x /sbin/$1 ]]; }

# --- What the machine lacks ---------------------------------------------------

has_library() {
    { ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null || true; } | grep -q "$1" && return
    compgen -G "/usr/lib/*/$1*" >/dev/null || compgen -G "/usr/lib/$1*" >/dev/null || compgen -G "/usr/local/lib/$1*" >/dev/null
}

has_font() {
    local folders=() folder
    for folder in /usr/share/fonts /usr/local/share/fonts "${HOME:-/nonexistent}/.local/share/fonts" "${HOME:-/nonexistent}/.fonts" /Library/Fonts "${HOME:-/nonexistent}/Library/Fonts"; do
        [[ -d $folder ]] && folders+=("$folder")
    done
    [[ ${#folders[@]} -gt 0 && -n $(find -L "${folders[@]}" -iname "$1" -print -quit 2>/dev/null) ]]
}

as_root() {
    if [[ $EUID -eq 0 ]]; then
        "$@"
    elif [[ -t 0 && -t 2 ]]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

can_install() {
    have apt-get || return
    [[ $EUID -eq 0 ]] && return
    have sudo || return
    [[ -t 0 && -t 2 ]] || sudo -n true 2>/dev/null
}

# The package of ICU carries its version in its name.
icu_package() { apt-cache search --names-only '^libicu[0-9]+$' 2>/dev/null | awk '{ print $1 }' | sort -V | tail -n 1; }

# apt_install PACKAGE...: without starting a service, without a question. Says what failed and returns 1.
apt_install() {
    local log policy=/usr/sbin/policy-rc.d made_policy='' failed=''
    log=$(mktemp)
    if [[ -z ${apt_updated:-} ]]; then
        tell "apt-get update …"
        as_root apt-get update -q >"$log" 2>&1 || tell "  $(tail -n 1 "$log")"
        apt_updated=1
    fi
    local packages=() package
    for package in "$@"; do
        [[ $package == libicu ]] && package=$(icu_package)
        [[ -n $package ]] && packages+=("$package")
    done
    # Debian starts a service as soon as its package is there, unless this file says no.
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null && as_root chmod +x "$policy" && made_policy=1
    fi
    tell "apt-get install ${packages[*]} …"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}" >"$log" 2>&1 </dev/null || failed=1
    [[ -n $made_policy ]] && as_root rm -f "$policy"
    [[ -n $failed ]] && tail -n 5 "$log" >&2
    rm -f "$log"
    [[ -z $failed ]]
}

# lacking_to_serve: the Debian packages that serving needs and this machine lacks, one a line.
lacking_to_serve() {
    has_library libicuuc.so || say libicu
    has_library libsodium.so.23 || has_library libsodium.so.26 || say libsodium23
    has_font BIZUDPGothic-Regular.ttf || say fonts-morisawa-bizud-gothic
    has_font ipamjm.ttf || say fonts-ipamj-mincho
    [[ -e /etc/ssl/certs/ca-certificates.crt || ! -d /etc/apt ]] || say ca-certificates
}

# Serving works with less than everything: only the missing ICU stops .NET. What stays missing is said.
prepare_to_serve() {
    local lacking
    mapfile -t lacking < <(lacking_to_serve)
    [[ ${#lacking[@]} -eq 0 ]] && return
    if can_install; then
        apt_install "${lacking[@]}" || tell "入らないものがありました（some packages could not be installed）。"
        mapfile -t lacking < <(lacking_to_serve)
        [[ ${#lacking[@]} -eq 0 ]] && return
    fi
    tell "次のものが足りません（missing; names are Debian's packages）:"
    local package
    for package in "${lacking[@]}"; do
        case $package in
        libicu) tell "  libicu: 日本語の処理に必ず要ります（required by .NET）" ;;
        libsodium23) tell "  libsodium23: なければパスワードの保存は PBKDF2 になります（else PBKDF2 instead of Argon2id）" ;;
        fonts-morisawa-bizud-gothic) tell "  fonts-morisawa-bizud-gothic (BIZ UDGothic): 手紙の PDF に要ります（needed for letters）" ;;
        fonts-ipamj-mincho) tell "  fonts-ipamj-mincho (IPAmj Mincho): 名前の珍しい漢字に要ります（needed for rare characters of names）" ;;
        *) tell "  $package" ;;
        esac
    done
    [[ " ${lacking[*]} " != *" libicu "* ]] || die "libicu を入れてから、もう一度実行してください。"
}

need_dotnet() {
    local wanted=10
    if ! have dotnet && [[ -x ${HOME:-}/.dotnet/dotnet ]]; then
        PATH=$HOME/.dotnet:$PATH
    fi
    if ! have dotnet || ! grep -q "^$wanted\." <<<"$(dotnet --list-sdks 2>/dev/null)"; then
        die ".NET SDK $wanted が要ります。https://dotnet.microsoft.com/download から入れてください（the .NET $wanted SDK is needed）。"
    fi
}

# --- Building -----------------------------------------------------------------

# Everything that the built program depends on, by content: a touched file alone rebuilds nothing.
source_print() {
    (
        cd "$root" || exit
        find src tools Directory.Build.props Directory.Build.targets Directory.Packages.props global.json .editorconfig BannedSymbols.txt \
            \( -name bin -o -name obj \) -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16
    )
}

# build_portal: publishes the program into a folder of its own for each state of the sources, so that a running portal keeps its files,
# and leaves the folder's path in $portal. Does nothing when this state is there already.
build_portal() {
    need_dotnet
    local builds=$root/artifacts/portal print
    print=$(source_print)
    portal=$builds/$print
    [[ -e $portal/KenkoPortal.Web.dll ]] && return
    mkdir -p "$builds"
    local lock
    exec {lock}>"$builds/.lock"
    ! have flock || flock "$lock"
    if [[ ! -e $portal/KenkoPortal.Web.dll ]]; then
        publish "$builds" || exit 1
    fi
    exec {lock}>&-
}

publish() {
    local builds=$1 fresh log rid
    fresh=$builds/.fresh-$$
    log=$builds/build.log
    rid=$(dotnet --info | awk '$1 == "RID:" { print $2 }')
    tell "ビルドしています（building; the first time takes a minute）…"
    rm -rf "$fresh"
    # Compiled ahead of time where the compiler for it can be had; that needs one more package, and the portal runs without.
    if ! dotnet_publish "$fresh" -r "$rid" --self-contained false -p:PublishReadyToRun=true >"$log" 2>&1 &&
        ! { grep -qE 'NU1101|NU1102|NU1301|NETSDK1094' "$log" && dotnet_publish "$fresh" >"$log" 2>&1; }; then
        rm -rf "$fresh"
        grep -E '(error|エラー)' "$log" | sort -u >&2 || tail -n 20 "$log" >&2
        tell "ビルドできませんでした（build failed）: $log"
        return 1
    fi
    rm -rf "$portal"
    mv "$fresh" "$portal"
    # Older builds may still be running; the newest few stay.
    find "$builds" -mindepth 1 -maxdepth 1 -type d -not -path "$portal" -printf '%T@ %p\n' | sort -rn | tail -n +3 | cut -d ' ' -f 2- |
        while IFS= read -r old; do rm -rf "$old"; done
}

# Its own folder of intermediate files: a developer's builds and these do not undo each other.
dotnet_publish() {
    local output=$1
    shift
    dotnet publish "$root/src/KenkoPortal.Web" -c Release -o "$output" --artifacts-path "$root/artifacts/build" \
        "${build_options[@]}" -v quiet "$@" </dev/null
}

# The data folder that the program uses unless it is told another, wherever it is called from.
use_default_data() {
    if [[ -z ${Portal__DataDirectory:-} ]]; then
        export Portal__DataDirectory=$root/data
    fi
}
