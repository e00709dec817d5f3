// Script's signals: a handler that only writes the number to the pipes of the scripts that wait for it.
#include <click/config.h>
#include "script.hh"
#include <errno.h>
#include <signal.h>
#include <unistd.h>
CLICK_DECLS

namespace {
enum { max_waiting = 32 };
struct Waiting { volatile int signal, fd; } waiting[max_waiting];
struct sigaction before[NSIG];
int installed[NSIG];

void on_signal(int number) {
    int e = errno;
    unsigned char c = number;
    for (const Waiting &w : waiting)
        if (w.signal == number) (void) !write(w.fd, &c, 1);
    errno = e;
}
}

void Script::set_signals(bool on) {
    if (_type != t_signal || on == _signals_on || _signal_pipe[1] < 0)
        return;
    _signals_on = on;
    for (int number : _signals) {
        bool done = false;
        for (Waiting &w : waiting)
            if (!done && (on ? !w.signal : w.signal == number && w.fd == _signal_pipe[1])) {
                w.fd = _signal_pipe[1];
                w.signal = on ? number : 0;
                done = true;
            }
        if (!done)
            continue;
        struct sigaction sa = {};
        sa.sa_handler = on_signal;
        if (on && !installed[number]++)
            sigaction(number, &sa, &before[number]);
        else if (!on && !--installed[number])
            sigaction(number, &before[number], nullptr);
    }
}

void Script::selected(int fd, int) {
    unsigned char numbers[64];
    ssize_t n = read(fd, numbers, sizeof numbers);
    if (n <= 0 || !_signals_on || _state == s_running)
        return;
    set_var("signo", String((int) numbers[0]));
    _ip = 0, _steps = 0;
    resume();
}

CLICK_ENDDECLS
