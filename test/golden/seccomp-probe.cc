// What the filter of system calls lets through and what it refuses, tried from inside. Prints a line for each thing tried.
#include "userlevel/seccomp.cc"
#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
CLICK_USING_DECLS

static void tell(const char *what, long r) { printf("%s: %s\n", what, r >= 0 ? "let through" : errno == EPERM ? "refused" : strerror(errno)); }
static void *thread(void *) { return (void *) 1; }

int main(int argc, char **argv) {
    bool reconfigures = argc > 1 && strchr(argv[1], 'R'), threads = argc > 1 && strchr(argv[1], 'j'), log = argc > 1 && strchr(argv[1], 'l');
    char c;
    int fd[2], file = open("/dev/zero", O_RDONLY);
    (void) !pipe(fd);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    setvbuf(stdout, nullptr, _IOLBF, 0);
    if (int e = click_install_filter(log, reconfigures, threads)) return printf("no filter: %s\n", strerror(e)), 1;
    tell("read", read(file, &c, 1));
    tell("memory", mmap(nullptr, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0);
    tell("executable memory", mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0);
    tell("open", open("/etc/passwd", O_RDONLY));
    tell("open again", open("/etc/passwd", O_RDONLY));
    tell("unlink", unlink("no-such-file"));
    tell("packet socket", socket(AF_PACKET, SOCK_RAW, 0));
    tell("name of a device", socket(AF_UNIX, SOCK_DGRAM, 0));
    tell("internet socket", socket(AF_INET, SOCK_DGRAM, 0));
    tell("terminal input", ioctl(0, 0x5412, &c));
    tell("signal to another", kill(getppid(), 0));
    pid_t child = fork();
    if (!child) _exit(0);
    tell("process", child);
    tell("program", execl("/bin/true", "true", nullptr));
    pthread_t t;
    void *result = nullptr;
    errno = pthread_create(&t, nullptr, thread, nullptr);
    tell("thread", errno ? -1 : 0);
    if (!errno) pthread_join(t, &result);
    fflush(stdout);
    return 0;
}
