#!/bin/sh
# Fuzzes with libFuzzer (clang, ASan, UBSan): every target, or one, for so many seconds each, one after the other on one core.
#   sh click-elements/fuzz/run.sh [SECONDS [TARGET]]
# What is new to the corpus stays in build/click-libfuzzer/corpus/, findings in build/click-libfuzzer/findings/TARGET/; exits 1 if there are any.
# `run.sh minimise` writes the smallest corpus that reaches the same code into click-elements/fuzz/corpus/.
set -eu
fuzz=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(dirname "$(dirname "$fuzz")")
out=$root/build/click-libfuzzer
seconds=${1:-60} only=${2:-}
clang=$(command -v clang++ || command -v clang++-14 || true)
if [ -z "$clang" ]; then
  echo "run.sh: needs clang++ with libFuzzer (Debian: apt-get install clang-14 libclang-rt-14-dev)" >&2
  exit 1
fi
[ -f "$out/CMakeCache.txt" ] || CXX=$clang cmake -S "$fuzz/.." -B "$out" -DLCLICK_SANITIZE=ON -DLCLICK_LIBFUZZER=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo >/dev/null
nice cmake --build "$out" -j "${JOBS:-1}" >"$out/build.log" 2>&1 || { cat "$out/build.log" >&2; exit 1; }
export ASAN_OPTIONS="allocator_may_return_null=1:handle_abort=1" UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1"
total=0 bad=0
for source in "$fuzz"/*.cc; do
  target=$(basename "$source" .cc)
  [ "$target" != driver ] || continue
  [ -z "$only" ] || [ "$only" = "$target" ] || continue
  mkdir -p "$out/corpus/$target" "$out/findings/$target" "$fuzz/corpus/$target"
  program=$out/lclick-fuzz-$target log=$out/findings/$target.log
  if [ "$seconds" = minimise ]; then
    rm -rf "$out/minimised" && mkdir -p "$out/minimised"
    "$program" -merge=1 -use_counters=0 -close_fd_mask=3 -max_len=1024 "$out/minimised" "$fuzz/corpus/$target" "$out/corpus/$target" >"$log" 2>&1 || { tail -20 "$log" >&2; exit 1; }
    rm -f "$fuzz/corpus/$target"/*
    cp "$out/minimised"/* "$fuzz/corpus/$target/"
    continue
  fi
  set -- "$fuzz/corpus/$target"
  if [ -d "$fuzz/regressions/$target" ]; then set -- "$@" "$fuzz/regressions/$target"; fi
  dictionary=
  if [ -f "$fuzz/$target.dict" ]; then dictionary=-dict=$fuzz/$target.dict; fi
  status=0
  # shellcheck disable=SC2086
  nice -n 15 "$program" -max_total_time="$seconds" -max_len=2048 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 $dictionary -artifact_prefix="$out/findings/$target/" \
    "$out/corpus/$target" "$@" >"$log" 2>&1 || status=$?
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)
  rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log" | tail -n 1)
  total=$((total + ${executions:-0}))
  if [ $status -eq 0 ]; then
    echo "$target: ${executions:-0} executions, ${rate:-0} a second"
  else
    echo "$target: a finding after ${executions:-?} executions"
    grep -v '^#' "$log" | tail -60
    bad=1
  fi
done
[ "$seconds" = minimise ] || echo "$total executions in all"
exit $bad
