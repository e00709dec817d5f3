#include <click/config.h>
#include "startself.hh"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>
CLICK_DECLS
namespace frameio {

pid_t start_self(Vector<String> words, const int *fds, int n) {
    enum { out_of_the_way = 64 };       // of where the copies are to be
    Vector<int> copies;
    int error = 0;
    for (int i = 0; i < n && !error; ++i) {
        const int copy = fcntl(fds[i], F_DUPFD_CLOEXEC, out_of_the_way);
        if (copy < 0)
            error = errno;
        else
            copies.push_back(copy);
    }
    pid_t pid = -1;
    if (!error) {
        Vector<char *> argv;
        for (String &w : words)
            argv.push_back(w.mutable_c_str());
        argv.push_back(nullptr);
        char *environment[] = {nullptr};
        // Signals as if it was nobody's: a thread of ours may block them.
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_t attributes;
        posix_spawnattr_init(&attributes);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        for (int i = 0; i < n; ++i)
            posix_spawn_file_actions_adddup2(&actions, copies[i], first_passed + i);
        error = posix_spawn(&pid, "/proc/self/exe", &actions, &attributes, argv.begin(), environment);
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
    }
    for (int fd : copies)
        close(fd);
    return error ? -error : pid;
}

}
CLICK_ENDDECLS
ELEMENT_REQUIRES(linux userlevel)
