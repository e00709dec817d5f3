/*
 * lightmano-watchdog: watches the agent from outside its process, and speaks to systemd for it.
 *
 * The agent starts it as a child and writes lines to its standard input. While they come, all is well; when none has come
 * for the given time, the agent hangs (its event loop is blocked, or it is stopped): what the kernel knows of its threads is
 * written to a file, an optional program may add to that, and the agent is killed, so that whoever started it (systemd, procd)
 * starts it again. The functions go on. When standard input ends, the agent has ended by itself, and so does this.
 *
 *   lightmano-watchdog SECONDS DIRECTORY [DUMP-PROGRAM ARG...]
 *
 *   beat            the agent is well: WATCHDOG=1
 *   ready           READY=1
 *   stopping        STOPPING=1; a longer silence is allowed from now on
 *   status TEXT     STATUS=TEXT
 *
 * sd_notify(3) is a datagram to the socket that NOTIFY_SOCKET names; Node has no sockets of that kind. Without NOTIFY_SOCKET nothing is
 * told to anybody. The dump program is called with ARG..., the pid and the file to append to, and has 5 s.
 *
 * Exit status: 0 when standard input ended, 1 when the agent was killed, 2 for wrong usage.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KEPT_DUMPS = 5, DUMP_PROGRAM_MS = 5000, STOPPING_FACTOR = 4, LINE = 512 };

static struct sockaddr_un notify_address;
static socklen_t notify_length;
static int notify_fd = -1;
static char last_status[LINE] = "(none told)";

static long now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t); /* stands still while the machine sleeps: that is no hang */
    return t.tv_sec * 1000L + t.tv_nsec / 1000000L;
}

/* sd_notify(3): a path, or a name in the abstract namespace that is written with an @. */
static void open_notify(void) {
    const char *path = getenv("NOTIFY_SOCKET");
    size_t length = path ? strlen(path) : 0;
    if (length < 2 || length >= sizeof notify_address.sun_path || (path[0] != '/' && path[0] != '@')) return;
    notify_address.sun_family = AF_UNIX;
    memcpy(notify_address.sun_path, path, length);
    if (path[0] == '@') notify_address.sun_path[0] = 0;
    notify_length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    notify_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static void notify(const char *text) {
    if (notify_fd < 0) return;
    /* A service manager that is away is no reason to end: it is told again with the next beat. */
    if (sendto(notify_fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&notify_address,
               notify_length) < 0)
        return;
}

static void copy(FILE *out, const char *title, const char *path) {
    char buffer[4096];
    size_t got;
    FILE *in = fopen(path, "r");
    if (!in) return;
    fprintf(out, "%s: ", title);
    int any = 0;
    while ((got = fread(buffer, 1, sizeof buffer, in)) > 0) {
        for (size_t i = 0; i < got; i++)
            if (buffer[i] == 0) buffer[i] = ' ';
        fwrite(buffer, 1, got, out);
        any = buffer[got - 1] == '\n';
    }
    if (!any) fputc('\n', out);
    fclose(in);
}

/* What the kernel knows: which thread does what. `stack` can be read by root only. */
static void dump_threads(FILE *out, pid_t pid) {
    static const char *const files[] = {"comm", "stat", "wchan", "syscall", "stack"};
    char path[300];
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    DIR *tasks = opendir(path);
    if (!tasks) return;
    for (struct dirent *task; (task = readdir(tasks));) {
        if (task->d_name[0] == '.') continue;
        fprintf(out, "\nthread %s\n", task->d_name);
        for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
            snprintf(path, sizeof path, "/proc/%d/task/%.20s/%s", pid, task->d_name, files[i]);
            copy(out, files[i], path);
        }
    }
    closedir(tasks);
}

static int is_dump(const struct dirent *entry) { return strncmp(entry->d_name, "hang-", 5) == 0; }

/* Names sort by time. A disk must not fill with what was written while it was full. */
static void remove_old_dumps(const char *directory) {
    struct dirent **found;
    int count = scandir(directory, &found, is_dump, alphasort);
    for (int i = 0; i < count; i++) {
        char path[4096];
        if (i < count - (KEPT_DUMPS - 1) &&
            snprintf(path, sizeof path, "%s/%s", directory, found[i]->d_name) < (int)sizeof path)
            unlink(path);
        free(found[i]);
    }
    if (count >= 0) free(found);
}

static void run_program(char **argv, int argc, pid_t pid, char *file) {
    char number[20];
    char *words[32];
    int n = 0;
    snprintf(number, sizeof number, "%d", pid);
    while (n < argc && n < 28) {
        words[n] = argv[n];
        n++;
    }
    words[n++] = number;
    words[n++] = file;
    words[n] = NULL;
    pid_t child = fork();
    if (child == 0) {
        unsetenv("NOTIFY_SOCKET");
        execvp(words[0], words);
        _exit(127);
    }
    if (child < 0) return;
    long until = now_ms() + DUMP_PROGRAM_MS;
    while (waitpid(child, NULL, WNOHANG) == 0) {
        if (now_ms() > until) {
            kill(child, SIGKILL);
            waitpid(child, NULL, 0);
            return;
        }
        poll(NULL, 0, 20);
    }
}

static void dump(const char *directory, pid_t pid, long silent_ms, char **program, int words) {
    char path[4096];
    mkdir(directory, 0700);
    remove_old_dumps(directory);
    if (snprintf(path, sizeof path, "%s/hang-%010lld-%d.txt", directory, (long long)time(NULL), pid) >= (int)sizeof path)
        return;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
    if (out) {
        fprintf(out, "agent pid %d has given no sign of life for %ld ms\nlast status: %s\n", pid, silent_ms, last_status);
        dump_threads(out, pid);
        fflush(out);
        fsync(fd);
        fclose(out);
    }
    if (words > 0) run_program(program, words, pid, path);
}

static void take(char *line, long *allowed_ms, long bound_ms) {
    char text[LINE + 16];
    if (strcmp(line, "beat") == 0)
        notify("WATCHDOG=1");
    else if (strcmp(line, "ready") == 0)
        notify("READY=1");
    else if (strcmp(line, "stopping") == 0) {
        *allowed_ms = bound_ms * STOPPING_FACTOR;
        notify("STOPPING=1");
    } else if (strncmp(line, "status ", 7) == 0) {
        snprintf(last_status, sizeof last_status, "%s", line + 7);
        snprintf(text, sizeof text, "STATUS=%s", last_status);
        notify(text);
    }
}

int main(int argc, char **argv) {
    char *end = NULL;
    long bound_ms = argc < 3 ? 0 : (long)(strtod(argv[1], &end) * 1000);
    if (bound_ms <= 0 || *end != 0) {
        fprintf(stderr, "usage: lightmano-watchdog SECONDS DIRECTORY [DUMP-PROGRAM ARG...]\n");
        return 2;
    }
    /* The end of the agent is the end of standard input, whatever signal its group was sent. */
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    pid_t agent = getppid();
    open_notify();

    char buffer[LINE];
    size_t held = 0;
    long allowed_ms = bound_ms;
    long heard = now_ms();
    for (;;) {
        long left = heard + allowed_ms - now_ms();
        struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
        int ready = left > 0 ? poll(&input, 1, (int)left) : poll(&input, 1, 0);
        if (ready < 0 && errno == EINTR) continue;
        if (ready == 0) {
            if (heard + allowed_ms > now_ms()) continue;
            if (getppid() != agent) return 0; /* killed: the pid may be another's by now */
            dump(argv[2], agent, now_ms() - heard, argv + 3, argc - 3);
            if (getppid() == agent) kill(agent, SIGKILL); /* also ends one that is stopped */
            return 1;
        }
        ssize_t got = read(STDIN_FILENO, buffer + held, sizeof buffer - 1 - held);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return 0;
        heard = now_ms();
        held += (size_t)got;
        buffer[held] = 0;
        char *line = buffer;
        for (char *newline; (newline = strchr(line, '\n')); line = newline + 1) {
            *newline = 0;
            take(line, &allowed_ms, bound_ms);
        }
        held = strlen(line);
        if (held == sizeof buffer - 1) held = 0; /* a line that long is none of ours */
        memmove(buffer, line, held);
    }
}
