// DPDK's environment abstraction layer, started, and stopped when the process ends; only in lclick-dpdk.
#include <click/config.h>
#include <click/elementtypes.hh>
#include <click/package.hh>
#include "driver.hh"
#include <rte_eal.h>
#include <rte_errno.h>
#include <stdlib.h>
#include <unistd.h>
CLICK_DECLS

static void stop() { rte_eal_cleanup(); }

static bool start(const Vector<String> &arguments, ErrorHandler *errh) {
    // The EAL keeps pointers into its arguments and moves them about: they stay for the life of the process.
    static Vector<char *> &owned = *new Vector<char *>, &argv = *new Vector<char *>;
    owned.push_back(strdup("lclick"));
    for (const String &s : arguments) owned.push_back(strdup(s.c_str()));
    owned.push_back(nullptr);
    argv = owned;
    // Of arguments that it does not know the EAL prints a long explanation, on standard output, which is for handlers' values.
    fflush(stdout);
    int out = dup(1);
    dup2(2, 1);
    int used = rte_eal_init(argv.size() - 1, argv.begin());
    fflush(stdout);
    dup2(out, 1);
    close(out);
    if (used < 0)
        return errh->error("--dpdk: DPDK cannot start with these arguments: %s", rte_strerror(rte_errno)), false;
    atexit(stop);
    for (int i = 0; i < click_ndpdk_element_types; ++i)
        click_add_element_type_stable(click_dpdk_element_types[i].name, click_dpdk_element_types[i].factory, click_dpdk_element_types[i].thunk);
    click_provide("dpdk");
    return true;
}
static struct Install { Install() { start_dpdk = start; } } install;

CLICK_ENDDECLS
