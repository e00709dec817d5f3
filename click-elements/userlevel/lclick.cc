// lclick: reads a Click configuration and runs it.
#include <click/config.h>
#include <click/clickpath.hh>
#include <click/master.hh>
#include <click/package.hh>
#include <click/router.hh>
#include <click/simtime.hh>
#include "driver.hh"
#include "elements/userlevel/frameio.hh"
#include "elements/userlevel/opener.hh"
#include <signal.h>
CLICK_USING_DECLS

bool (*start_dpdk)(const Vector<String> &, ErrorHandler *);

static Master *the_master;
static void on_signal(int) { the_master->interrupt(); }

namespace {
class NoWarnings : public ErrorVeneer { public:
    explicit NoWarnings(ErrorHandler *errh) : ErrorVeneer(errh) {}
    void report(int level, const String &landmark, const String &text) override { if (level != el_warning) ErrorVeneer::report(level, landmark, text); }
};

int fail(Router *router) {
    fputs("Router could not be initialized!\n", stderr);
    delete router;
    return 1;
}

bool prepare_dpdk(const Vector<String> &eal, ErrorHandler *errh) {
    if (start_dpdk)
        return start_dpdk(eal, errh);
    return errh->error("--dpdk: %s", click_become_dpdk().c_str()), false;
}
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "--opener") == 0)
        return click_run_opener(argc - 2, argv + 2);
    if (argc > 1 && strcmp(argv[1], "--load-fastpath") == 0)
        return click_run_loader(argc - 2, argv + 2);
    Options o = parse_options(argc, argv);
    click_may_become_dynamic = true;
    NoWarnings quiet(ErrorHandler::default_handler());
    if (!o.warnings)
        ErrorHandler::set_default_handler(&quiet);
    ErrorHandler *errh = ErrorHandler::default_handler();
    if (o.dpdk && !prepare_dpdk(o.eal, errh))
        return 1;
    bool standard_input = !o.has_expression && (!o.has_file || o.file == "-");
    String filename = o.has_expression ? "config" : standard_input ? String("<stdin>") : o.file, text = o.expression, why;
    if (!o.has_expression && !click_read_file(standard_input ? "-" : o.file, text, &why)) {
        errh->error("%s: %s", filename.c_str(), why.c_str());
        return fail(nullptr);
    }

    Master master(o.threads);
    master.set_affinity(o.affinity);
    the_master = &master;
    struct sigaction sa = {};
    sa.sa_handler = on_signal;
    sigaction(SIGINT, &sa, nullptr);
    sigaction(SIGTERM, &sa, nullptr);
    signal(SIGPIPE, SIG_IGN);

    if (o.simtime)
        SimTime::start(o.start);
    Timestamp::refresh_recent();
    frameio::put_off_promiscuous();
    Router *router = click_read_router(text, filename, o.driver.definitions, o.driver.control_sockets, &master, errh);
    if (router && router->nelements() == o.driver.control_sockets.size() && o.driver.control_sockets.empty())
        errh->lwarning(filename, "configuration has no elements");
    if (router)
        click_add_global_handlers(router, &o.driver);
    if (!router || router->initialize(errh) < 0)
        return fail(router);
    bool ok = !o.output || write_flat(o.output, router, errh);
    RunTimes times;
    if (router->nelements() && !o.quit) {
        const bool sealed = o.confinement.seals(o.driver.hotswap);
        // Without it devices are not opened anew, and stay with packet sockets.
        const bool opener = sealed && frameio::Opener::start(o.confinement.user(), o.confinement.group());
        if (sealed)
            frameio::Opener::give_up_maps();
        if (!o.confinement.apply(o.driver.hotswap, opener || o.threads > 1, errh)) {
            delete router;
            return 1;
        }
        if (sealed)
            master.set_confined();
        click_forget_start();
        frameio::ask_for_promiscuous();
        master.run(router);
    }
    if (o.times)
        times.print();
    ok &= print_handlers(o.handlers, router, errh);
    int status = o.exit_handler ? exit_status(o.exit_handler, router, errh) : ok ? 0 : 1;
    delete router;
    Packet::drain_pool();
    return status;
}
