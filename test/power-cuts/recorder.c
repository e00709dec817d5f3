/*
 * Preloaded into a program (LD_PRELOAD), this notes what the program does to the files below one folder: every
 * write with its bytes, every change of size, every sync, every name that comes or goes, in the order in which
 * they took effect. What a power cut at any moment could leave is made from that (disk.ts).
 *
 * One lock is held over an operation and its record, so the order of the records is that of the operations also
 * between threads. What would change a file without being noted here ends the program: a recording that
 * leaves something out proves nothing.
 *
 * POWER_CUT_ROOT   the folder, an absolute path without a slash at its end
 * POWER_CUT_LOG    where the records go; outside of the folder
 *
 * A record: u8 kind, u8[3] 0, u32 length of the text, u64 inode, u64 offset or size, then the text (a path, two
 * paths with a zero byte between them, or the bytes written). Native byte order.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MOST_FDS = 4096 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *root;
static size_t root_length;
static int log_fd = -1;
static uint64_t inode_of[MOST_FDS]; /* 0: not ours */

struct header {
  uint8_t kind;
  uint8_t unused[3];
  uint32_t length;
  uint64_t inode;
  uint64_t number;
};

static void give_up(const char *what) {
  fprintf(stderr, "power-cut recorder: %s is not recorded\n", what);
  abort();
}

static void note(char kind, uint64_t inode, uint64_t number, const void *text, size_t length) {
  struct header header = {(uint8_t)kind, {0}, (uint32_t)length, inode, number};
  struct iovec parts[] = {{&header, sizeof header}, {(void *)text, length}};
  if (syscall(SYS_writev, log_fd, parts, 2) != (ssize_t)(sizeof header + length)) give_up("a full log:");
}

static void note_path(char kind, uint64_t inode, const char *path) { note(kind, inode, 0, path, strlen(path)); }

__attribute__((constructor)) static void begin(void) {
  root = getenv("POWER_CUT_ROOT");
  const char *log = getenv("POWER_CUT_LOG");
  if (!root || !log) give_up("without POWER_CUT_ROOT and POWER_CUT_LOG anything");
  root_length = strlen(root);
  log_fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log_fd < 0) give_up("without a log anything");
}

/* WAL's shared memory is made anew from the WAL after a power cut: what is on the disk of it is of no account. */
static int is_ours(const char *path) {
  size_t length = strlen(path);
  if (strncmp(path, root, root_length) != 0 || (path[root_length] != '/' && path[root_length] != 0)) return 0;
  return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

static uint64_t ours(int fd) { return fd >= 0 && fd < MOST_FDS ? inode_of[fd] : 0; }

/* The program's own function, or the next one of that name. */
#define NEXT(type, name, ...) \
  static type (*next)(__VA_ARGS__); \
  if (!next) next = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

static int opened(const char *path, int flags, mode_t mode) {
  if (!is_ours(path)) return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  struct stat info;
  pthread_mutex_lock(&lock);
  int existed = stat(path, &info) == 0;
  int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  int error = errno;
  if (fd >= MOST_FDS) give_up("so many open files");
  if (fd >= 0 && fstat(fd, &info) == 0) {
    inode_of[fd] = info.st_ino;
    if (S_ISDIR(info.st_mode)) note_path('d', info.st_ino, path);
    else note_path(existed ? 'o' : 'c', info.st_ino, path);
    if (existed && (flags & O_TRUNC)) note('t', info.st_ino, 0, "", 0);
  }
  pthread_mutex_unlock(&lock);
  errno = error;
  return fd;
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
      va_list rest; \
      va_start(rest, flags); \
      mode = va_arg(rest, mode_t); \
      va_end(rest); \
    } \
    return opened(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

int openat(int folder, const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = va_arg(rest, mode_t);
  va_end(rest);
  if (path[0] == '/' || folder == AT_FDCWD) return opened(path, flags, mode);
  if (ours(folder)) give_up("openat");
  return (int)syscall(SYS_openat, folder, path, flags, mode);
}

int close(int fd) {
  if (ours(fd)) inode_of[fd] = 0;
  return (int)syscall(SYS_close, fd);
}

static ssize_t written(int fd, const void *bytes, size_t length, off_t offset, int is_placed) {
  uint64_t inode = ours(fd);
  if (!inode) return is_placed ? syscall(SYS_pwrite64, fd, bytes, length, offset) : syscall(SYS_write, fd, bytes, length);
  pthread_mutex_lock(&lock);
  if (!is_placed) {
    struct stat info;
    int appends = fcntl(fd, F_GETFL) & O_APPEND;
    if (appends && fstat(fd, &info) != 0) give_up("a file of unknown size");
    offset = appends ? info.st_size : lseek(fd, 0, SEEK_CUR);
  }
  ssize_t result = is_placed ? syscall(SYS_pwrite64, fd, bytes, length, offset) : syscall(SYS_write, fd, bytes, length);
  int error = errno;
  if (result > 0) note('w', inode, (uint64_t)offset, bytes, (size_t)result);
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

ssize_t write(int fd, const void *bytes, size_t length) { return written(fd, bytes, length, 0, 0); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return written(fd, bytes, length, offset, 1); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) { return written(fd, bytes, length, offset, 1); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (ours(fd) && count != 1) give_up("writev");
  return ours(fd) ? write(fd, parts[0].iov_base, parts[0].iov_len) : syscall(SYS_writev, fd, parts, count);
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  if (ours(fd) && count != 1) give_up("pwritev");
  NEXT(ssize_t, pwritev, int, const struct iovec *, int, off_t);
  return ours(fd) ? pwrite(fd, parts[0].iov_base, parts[0].iov_len, offset) : next(fd, parts, count, offset);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) { return pwritev(fd, parts, count, offset); }

static int cut(int fd, off_t size) {
  uint64_t inode = ours(fd);
  if (!inode) return (int)syscall(SYS_ftruncate, fd, size);
  pthread_mutex_lock(&lock);
  int result = (int)syscall(SYS_ftruncate, fd, size);
  int error = errno;
  if (result == 0) note('t', inode, (uint64_t)size, "", 0);
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}
int ftruncate(int fd, off_t size) { return cut(fd, size); }
int ftruncate64(int fd, off64_t size) { return cut(fd, size); }

/* Not passed on: a power cut is made from the records, and the disk below need not be waited for. */
static int synced(int fd, long call) {
  uint64_t inode = ours(fd);
  if (!inode) return (int)syscall(call, fd);
  pthread_mutex_lock(&lock);
  note('s', inode, 0, "", 0);
  pthread_mutex_unlock(&lock);
  return 0;
}
int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

static int named(char kind, const char *path, long result) {
  int error = errno;
  if (result == 0) note_path(kind, 0, path);
  pthread_mutex_unlock(&lock);
  errno = error;
  return (int)result;
}
int unlink(const char *path) {
  if (!is_ours(path)) return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
  pthread_mutex_lock(&lock);
  return named('u', path, syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}
int mkdir(const char *path, mode_t mode) {
  if (!is_ours(path)) return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
  pthread_mutex_lock(&lock);
  return named('m', path, syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}
int rename(const char *from, const char *to) {
  if (!is_ours(from) && !is_ours(to)) return (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
  if (!is_ours(from) || !is_ours(to)) give_up("a rename across the folder's edge");
  char both[8192];
  size_t first = strlen(from) + 1, second = strlen(to);
  if (first + second > sizeof both) give_up("so long a path");
  memcpy(both, from, first);
  memcpy(both + first, to, second);
  pthread_mutex_lock(&lock);
  int result = (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
  int error = errno;
  if (result == 0) note('r', 0, 0, both, first + second);
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

#define REFUSED(result, name, path, ...) \
  result name(__VA_ARGS__) { \
    if (is_ours(path)) give_up(#name); \
    errno = ENOSYS; \
    return -1; \
  }
REFUSED(int, rmdir, path, const char *path)
REFUSED(int, truncate, path, const char *path, off_t size)
REFUSED(int, truncate64, path, const char *path, off64_t size)
REFUSED(int, link, to, const char *from, const char *to)
REFUSED(int, symlink, to, const char *from, const char *to)

ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t length, unsigned flags) {
  if (ours(out)) give_up("copy_file_range");
  return syscall(SYS_copy_file_range, in, from, out, to, length, flags);
}
int fallocate(int fd, int mode, off_t offset, off_t length) {
  if (ours(fd)) give_up("fallocate");
  return (int)syscall(SYS_fallocate, fd, mode, offset, length);
}
int posix_fallocate(int fd, off_t offset, off_t length) {
  if (ours(fd)) give_up("posix_fallocate");
  return syscall(SYS_fallocate, fd, 0, offset, length) == 0 ? 0 : errno;
}
static void *mapped(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
  if (!(flags & MAP_ANONYMOUS) && (flags & MAP_SHARED) && (protection & PROT_WRITE) && ours(fd)) give_up("mmap");
  return (void *)syscall(SYS_mmap, at, length, protection, flags, fd, offset);
}
void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
  return mapped(at, length, protection, flags, fd, offset);
}
void *mmap64(void *at, size_t length, int protection, int flags, int fd, off64_t offset) {
  return mapped(at, length, protection, flags, fd, offset);
}
