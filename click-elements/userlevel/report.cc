// What lclick says after a run: handlers, exit status, flat configuration, times.
#include <click/config.h>
#include <click/handlercall.hh>
#include <click/router.hh>
#include "driver.hh"
#include <fcntl.h>
#include <fnmatch.h>
#include <sys/resource.h>
#include <time.h>
CLICK_USING_DECLS

namespace {
struct Reading { String name, call; };

/** The handlers that ELEM.HANDLER means: ELEM may be an element, a pattern of names, or a class or interface. */
void find_handlers(const String &text, Router *r, Vector<Reading> &found) {
    String rest = text, name = cp_shift_spacevec(rest);
    int dot = name.find_right('.');
    String element = name.substring(0, dot < 0 ? 0 : dot), handler = name.substring(dot + 1);
    if (dot > 0 && !r->find(element)) {
        bool pattern = element.find_left('*') >= 0 || element.find_left('?') >= 0 || element.find_left('[') >= 0;
        int before = found.size();
        for (int i = 0; i < r->nelements(); ++i) {
            Element *e = r->element(i);
            if (pattern ? fnmatch(element.c_str(), e->name().c_str(), 0) != 0 : element != e->class_name() && !e->cast(element.c_str()))
                continue;
            const Handler *h = Router::handler(e, handler);
            if (h && h->readable()) {
                String full = e->name() + "." + handler;
                found.push_back(Reading{full, rest ? full + " " + rest : full});
            }
        }
        if (found.size() > before)
            return;
    }
    found.push_back(Reading{text, text});
}
}

bool print_handlers(const Vector<String> &texts, Router *r, ErrorHandler *errh) {
    bool ok = true;
    Vector<Reading> readings;
    for (const String &text : texts)
        find_handlers(text, r, readings);
    for (const Reading &reading : readings) {
        HandlerCall call(reading.call);
        int before = errh->nerrors();
        if (call.initialize_read(r->root_element(), errh) < 0) {
            ok = false;
            continue;
        }
        String value = call.call_read(errh);
        ok &= errh->nerrors() == before;
        if (readings.size() > 1) printf("%s:\n", reading.name.c_str());
        fwrite(value.data(), 1, value.length(), stdout);
        if (value && value.back() != '\n') putchar('\n');
        if (readings.size() > 1) putchar('\n');
    }
    fflush(stdout);
    return ok;
}

int exit_status(const String &handler, Router *r, ErrorHandler *errh) {
    HandlerCall call(handler);
    int before = errh->nerrors();
    if (call.initialize_read(r->root_element(), errh) < 0)
        return 255;
    String value = cp_uncomment(call.call_read(errh));
    int n;
    bool b;
    if (errh->nerrors() == before) {
        if (cp_integer(value, &n)) return n & 255;
        if (cp_bool(value, &b)) return b ? 0 : 1;
        errh->error("exit handler value should be integer or boolean, not %<%s%>", value.c_str());
    }
    return 255;
}

bool write_flat(const String &path, Router *r, ErrorHandler *errh) {
    String text = r->flat_configuration();
    FILE *f = path == "-" ? stdout : fopen(path.c_str(), "we");
    if (f) {
        fwrite(text.data(), 1, text.length(), f);
        bool bad = fflush(f) != 0 || ferror(f);
        if (f != stdout) bad |= fclose(f) != 0;
        if (!bad) return true;
    }
    errh->error("%s: %s", path.c_str(), strerror(errno));
    return false;
}

// ---- Times: of the machine, also when the router's are simulated

static double seconds(const struct timeval &tv) { return tv.tv_sec + tv.tv_usec / 1e6; }
static int64_t clock_ns() {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return int64_t(ts.tv_sec) * 1000000000 + ts.tv_nsec;
}

RunTimes::RunTimes() : _clock(clock_ns()) {
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    _user = seconds(u.ru_utime), _system = seconds(u.ru_stime);
}

void RunTimes::print() const {
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    int64_t hundredths = (clock_ns() - _clock) / 10000000;
    printf("%.3fu %.3fs %lld:%02lld.%02lld\n", seconds(u.ru_utime) - _user, seconds(u.ru_stime) - _system,
           (long long) (hundredths / 6000), (long long) (hundredths / 100 % 60), (long long) (hundredths % 100));
    fflush(stdout);
}
