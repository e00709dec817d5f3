#!/bin/sh
# Builds the agent's small programs in C, each of one source: build/watchdog/lightmano-watchdog and build/links/lightmano-links.
# Static where the C library allows it: they must start on a node that has trouble, and quickly.
# Does nothing, quickly, when up to date.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
flags="-std=c11 -Os -s -Wall -Wextra -Wpedantic -Werror"
for name in watchdog links; do
  out=$root/build/$name/lightmano-$name
  source=$root/$name/$name.c
  if [ -e "$out" ] && [ "$out" -nt "$source" ]; then continue; fi
  if ! command -v "${CC:-cc}" >/dev/null; then
    echo "build-helpers: needs a C compiler (Debian: apt-get install gcc libc6-dev)" >&2
    exit 1
  fi
  mkdir -p "$(dirname "$out")"
  # shellcheck disable=SC2086
  "${CC:-cc}" $flags -static -o "$out.$$" "$source" 2>/dev/null || "${CC:-cc}" $flags -o "$out.$$" "$source"
  mv "$out.$$" "$out"
done
