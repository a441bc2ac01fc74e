#!/usr/bin/env bash
set -euo pipefail

# command.sh PROGRAM.dll COMMAND...: how ./kenko starts a command, and ./bench what it measures of commands.
if [[ ${2:-} != serve ]]; then
    # It is over before what the compiler learns from watching its code pays.
    export DOTNET_TieredPGO=${DOTNET_TieredPGO:-0}
    # What is short-lived is collected every 4 MiB; the default follows the processor's cache, and each command would have tens of MiB more (src/KenkoPortal.Claims/README.md).
    export DOTNET_GCGen0MaxBudget=${DOTNET_GCGen0MaxBudget:-0x400000}
fi
exec dotnet "$@"
