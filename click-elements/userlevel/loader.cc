// Loading packages; only in lclick-dynamic, as a static program cannot.
#include <click/config.h>
#include <click/args.hh>
#include <click/notifier.hh>
#include <click/package.hh>
#include <click/router.hh>
#include <dlfcn.h>
CLICK_DECLS

static bool load(const String &, const String &file, String &why) {
    static const click_package_stamp ours = CLICK_PACKAGE_STAMP;
    String path = file.find_left('/') < 0 ? "./" + file : file;
    void *so = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!so) {
        why = dlerror();
        return false;
    }
    const click_package_stamp *stamp = (const click_package_stamp *) dlsym(so, "click_package");
    int (*init)() = (int (*)()) dlsym(so, "init_module");
    if (!stamp || !init) why = file + ": not a package of lclick's (built by lclick-buildtool)";
    else if (strcmp(stamp->abi, ours.abi) != 0) why = file + ": built for " + stamp->abi + ", this is " + ours.abi;
    else if (memcmp(stamp->sizes, ours.sizes, sizeof ours.sizes) != 0) why = file + ": built with the headers of another version of lclick";
    else if (init() < 0) why = file + ": its initialisation failed";
    else return true;
    dlclose(so);
    return false;
}
static struct Install { Install() { click_package_loader = load; } } install;

CLICK_ENDDECLS
