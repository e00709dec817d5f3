#!/bin/sh
# Builds lclick into build/click/lclick; LCLICK_SANITIZE=1 builds build/click-asan/lclick (and the fuzz driver
# lclick-fuzz) with ASan and UBSan; LCLICK_TARGET=aarch64|armhf builds build/click-TARGET/lclick with Debian's cross
# compiler. Does nothing, quickly, when up to date.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
if [ "${LCLICK_SANITIZE:-0}" = 1 ]; then
  out=$root/build/click-asan
  set -- -DLCLICK_SANITIZE=ON -DLCLICK_FUZZ=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo
elif [ -n "${LCLICK_TARGET:-}" ]; then
  toolchain=$root/click-elements/cmake/$LCLICK_TARGET.cmake
  case $LCLICK_TARGET in
    aarch64) compiler=aarch64-linux-gnu ;;
    armhf) compiler=arm-linux-gnueabihf ;;
    *) echo "build-click: LCLICK_TARGET is aarch64 or armhf, not $LCLICK_TARGET" >&2; exit 1 ;;
  esac
  if ! command -v "$compiler-g++" >/dev/null; then
    echo "build-click: needs $compiler-g++ (Debian: apt-get install g++-$compiler)" >&2
    exit 1
  fi
  out=$root/build/click-$LCLICK_TARGET
  set -- "-DCMAKE_TOOLCHAIN_FILE=$toolchain" -DCMAKE_BUILD_TYPE=Release -DLCLICK_DYNAMIC=OFF
else
  out=$root/build/click
  set -- -DCMAKE_BUILD_TYPE=Release
fi
if ! command -v cmake >/dev/null || ! { command -v g++ || command -v clang++; } >/dev/null; then
  echo "build-click: needs cmake and a C++17 compiler (Debian: apt-get install cmake ninja-build g++)" >&2
  exit 1
fi
# A folder that was copied or moved here with its checkout would build the other checkout, in the other's folder.
if [ -f "$out/CMakeCache.txt" ] && ! grep -qxF "CMAKE_CACHEFILE_DIR:INTERNAL=$out" "$out/CMakeCache.txt"; then
  rm -rf "$out"
fi
if [ ! -f "$out/CMakeCache.txt" ]; then
  mkdir -p "$out"
  if command -v ninja >/dev/null; then set -- -G Ninja "$@"; fi
  cmake -S "$root/click-elements" -B "$out" "$@" >"$out/configure.log" || { cat "$out/configure.log" >&2; exit 1; }
fi
if ! cmake --build "$out" -j "${JOBS:-2}" >"$out/build.log" 2>&1; then
  cat "$out/build.log" >&2
  exit 1
fi
