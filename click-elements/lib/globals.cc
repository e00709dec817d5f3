// The global handlers: those of the router as a whole.
#include <click/config.h>
#include <click/elementtypes.hh>
#include <click/globals.hh>
#include <click/master.hh>
#include <click/package.hh>
#include <click/router.hh>
#include <click/simtime.hh>
#include <pthread.h>
#include <time.h>
CLICK_DECLS

namespace {
enum { h_version, h_driver, h_config, h_flatconfig, h_requirements, h_handlers, h_list, h_classes, h_packages, h_load, h_pool, h_timewarp };

/** The share of a CPU that the process has used since it was last asked, or since its start: 0 to the number of threads. */
double cpu_load() {
    static Timestamp last_cpu, last_time;
    static double load;
    struct timespec ts;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
    Timestamp cpu = Timestamp::from_ns(int64_t(ts.tv_sec) * 1000000000 + ts.tv_nsec), now = Timestamp::now_steady();
    double elapsed = (now - last_time).doubleval();
    if (!last_time || elapsed >= 0.1) {
        if (last_time)
            load = (cpu - last_cpu).doubleval() / elapsed;
        last_cpu = cpu, last_time = now;
    }
    return load;
}

String read_global(Element *root, void *data) {
    Router *r = root->router();
    StringAccum sa;
    switch ((uintptr_t) data) {
    case h_version: return CLICK_VERSION;
    case h_driver: return "userlevel";
    case h_config: return r->configuration_string();
    case h_flatconfig: return r->flat_configuration();
    case h_requirements:
        for (const String &s : r->requirements())
            sa << s.substring(s.find_right(' ') + 1) << '\n';
        return sa.take_string();
    case h_handlers:
        for (const Handler *h : r->handlers(root))
            sa << h->name() << '\t' << h->unparse_flags() << '\n';
        return sa.take_string();
    case h_list:
        sa << r->nelements() << '\n';
        for (int i = 0; i < r->nelements(); ++i)
            sa << r->ename(i) << '\n';
        return sa.take_string();
    case h_classes:
    case h_packages: {
        Vector<String> names;
        if ((uintptr_t) data == h_classes) click_element_type_names(names);
        else click_public_packages(names);
        for (const String &name : names) sa << name << '\n';
        return sa.take_string();
    }
    case h_pool:
        sa << "live " << Packet::live_count() << "\nallocations " << Packet::system_allocations() << '\n';
        return sa.take_string();
    case h_load:
        sa.snprintf(16, "%.3f", cpu_load());
        return sa.take_string();
    case h_timewarp: return "simulation";
    default:
        return String();
    }
}

int stop(const String &, Element *root, void *, ErrorHandler *) {
    root->router()->please_stop_driver();
    return 0;
}

/** Build and initialise a router from @a text beside the running one; if that fails, the running one is as it was. */
int hotconfig(const String &text, Element *root, void *data, ErrorHandler *errh) {
    const DriverOptions *options = static_cast<const DriverOptions *>(data);
    Router *old = root->router();
    Master *master = old->master();
    master->block_others();
    Router *next = click_read_router(text, "hotconfig", options->definitions, options->control_sockets, master, errh);
    if (next) {
        click_add_global_handlers(next, options);
        next->set_hotswap_router(old);
    }
    if (!next || next->initialize(errh) < 0) {
        delete next;
        master->unblock_others();
        return -EINVAL;
    }
    master->hot_swap(next);
    master->unblock_others();
    return 0;
}
}

void click_add_global_handlers(Router *r, const DriverOptions *options) {
    static const struct { const char *name; int which; } names[] = {
        {"version", h_version}, {"driver", h_driver}, {"config", h_config}, {"flatconfig", h_flatconfig},
        {"requirements", h_requirements}, {"handlers", h_handlers}, {"list", h_list}};
    Element *root = r->root_element();
    for (const auto &n : names)
        root->add_read_handler(n.name, read_global, n.which);
    root->add_write_handler("stop", stop, 0);
    root->add_read_handler("classes", read_global, h_classes);
    root->add_read_handler("packages", read_global, h_packages);
    root->add_read_handler("load", read_global, h_load);
    root->add_read_handler("packet_pool", read_global, h_pool);
    if (SimTime::on())
        root->add_read_handler("timewarp", read_global, h_timewarp);
    if (options && options->hotswap)
        root->add_write_handler("hotconfig", hotconfig, options, Handler::f_raw | Handler::f_nonexclusive);
}

CLICK_ENDDECLS
