/*
 * clockshift.so: a program's clock that jumps, for LD_PRELOAD. Time of day is the machine's plus the 64-bit number
 * of milliseconds in the file that CLOCKSHIFT names, which may change at any moment; the monotonic clock stays
 * as it is, as it does when somebody sets a machine's clock.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *shift_ms;

__attribute__((constructor)) static void open_shift(void) {
  const char *path = getenv("CLOCKSHIFT");
  int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (fd < 0) return;
  void *found = mmap(NULL, sizeof *shift_ms, PROT_READ, MAP_SHARED, fd, 0);
  if (found != MAP_FAILED) shift_ms = found;
  close(fd);
}

static void add(int64_t *seconds, int64_t *fraction, int64_t units_per_ms) {
  int64_t ms = shift_ms ? *shift_ms : 0, units_per_s = units_per_ms * 1000;
  int64_t all = *fraction + ms % 1000 * units_per_ms;
  *seconds += ms / 1000 + (all < 0 ? -1 : all / units_per_s);
  *fraction = all < 0 ? all + units_per_s : all % units_per_s;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(clock, at);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    int64_t seconds = at->tv_sec, fraction = at->tv_nsec;
    add(&seconds, &fraction, 1000000);
    at->tv_sec = seconds;
    at->tv_nsec = fraction;
  }
  return result;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
  static int (*real)(struct timeval *restrict, void *restrict);
  if (!real) real = (int (*)(struct timeval *restrict, void *restrict))dlsym(RTLD_NEXT, "gettimeofday");
  int result = real(at, zone);
  if (result == 0) {
    int64_t seconds = at->tv_sec, fraction = at->tv_usec;
    add(&seconds, &fraction, 1000);
    at->tv_sec = seconds;
    at->tv_usec = fraction;
  }
  return result;
}

time_t time(time_t *at) {
  struct timeval now;
  gettimeofday(&now, NULL);
  if (at) *at = now.tv_sec;
  return now.tv_sec;
}
