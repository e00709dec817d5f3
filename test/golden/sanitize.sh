#!/bin/sh
# The C++ part under AddressSanitizer, UndefinedBehaviorSanitizer and LeakSanitizer: all golden tests, then every fuzz target over its
# corpus and regressions, and over mutants of them with a fixed seed (click-elements/fuzz/run.sh looks further). Prints TAP, and exits
# non-zero if anything failed or a sanitizer reported anything. Two minutes, once it is built.
#   sh test/golden/sanitize.sh [ITERATIONS [SEED]]
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
iterations=${1:-200000} seed=${2:-1}
reports=$(mktemp -d) || exit 1
trap 'rm -rf "$reports"' EXIT
failed=0

# ASan's and LSan's reports go to files, so that a test that throws standard error away hides nothing. UBSan of GCC knows
# standard error only, where run.mjs looks for its reports.
export ASAN_OPTIONS="detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1:log_path=$reports/asan"
export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1"
export LSAN_OPTIONS="report_objects=1"

# finish NUMBER STATUS NAME LOG
finish() {
  if [ "$2" -eq 0 ] && [ -z "$(ls "$reports" | grep -v '\.log$')" ]; then
    echo "ok $1 - $3"
  else
    echo "not ok $1 - $3"
    sed 's/^/  # /' "$4"
    for f in "$reports"/asan*; do [ -e "$f" ] && sed 's/^/  # /' "$f"; done
    rm -f "$reports"/asan*
    failed=1
  fi
}

if ! LCLICK_SANITIZE=1 sh "$root/scripts/build-click.sh"; then
  echo "Bail out! the sanitizer build failed"
  exit 1
fi

# A start takes ten to twenty times as long as without sanitizers: it is no more waiting, that others could go on beside.
LCLICK_JOBS=$(nproc) LCLICK="$root/build/click-asan/lclick" node "$root/test/golden/run.mjs" >"$reports/golden.log" 2>&1
status=$?
grep -v '^ok ' "$reports/golden.log" >"$reports/problems.log"
finish 1 $status "golden tests under ASan and UBSan" "$reports/problems.log"

(
  cd "$reports" || exit 1
  timeout 600 "$root/build/click-asan/lclick-fuzz" "$iterations" "$seed" >fuzz.log 2>&1
  status=$?
  if [ -e fuzz-finding ]; then echo "the input: $(base64 -w 0 fuzz-finding)" >>fuzz.log; rm fuzz-finding; fi
  exit $status
)
finish 2 $? "$iterations fuzz iterations with seed $seed under ASan and UBSan" "$reports/fuzz.log"

echo "1..2"
exit $failed
