#!/bin/sh
# Builds build/watchdog/lightmano-watchdog, static where the C library allows it: it must start on a node that has trouble.
# Does nothing, quickly, when up to date.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
out=$root/build/watchdog/lightmano-watchdog
source=$root/watchdog/watchdog.c
if [ -e "$out" ] && [ "$out" -nt "$source" ]; then exit 0; fi
if ! command -v "${CC:-cc}" >/dev/null; then
  echo "build-watchdog: needs a C compiler (Debian: apt-get install gcc libc6-dev)" >&2
  exit 1
fi
mkdir -p "$(dirname "$out")"
flags="-std=c11 -Os -s -Wall -Wextra -Wpedantic -Werror"
# shellcheck disable=SC2086
"${CC:-cc}" $flags -static -o "$out.$$" "$source" 2>/dev/null || "${CC:-cc}" $flags -o "$out.$$" "$source"
mv "$out.$$" "$out"
