// Element classes, built in and from packages, and what require() may ask for.
#include <click/config.h>
#include <click/elementtypes.hh>
#include <click/package.hh>
#include <click/router.hh>
#include <click/straccum.hh>
#include <click/userutils.hh>
#include <fcntl.h>
#include <unistd.h>
CLICK_DECLS

bool (*click_package_loader)(const String &name, const String &file, String &why);
bool click_may_become_dynamic = false;

namespace {
/** Classes of packages, by number; null: removed. */
struct Added : Vector<ElementType *> { ~Added() { for (ElementType *t : *this) delete t; } } added;
Vector<String> provided, loaded;
const char guard[] = "LCLICK_IS_DYNAMIC";

int find(const Vector<String> &list, const String &s) {
    for (int i = 0; i < list.size(); ++i)
        if (list[i] == s) return i;
    return -1;
}

String program_directory() {
    char b[4096];
    ssize_t n = readlink("/proc/self/exe", b, sizeof b);
    String path(b, n > 0 ? (int) n : 0);
    return n > 0 ? path.substring(0, path.find_right('/')) : String(".");
}

/** Begin again as @a program, with the same arguments. Returns only if that cannot be, and says why. */
String begin_again(const String &program) {
    int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    StringAccum sa;
    for (ssize_t n; fd >= 0 && (n = read(fd, sa.reserve(4096), 4096)) > 0; ) sa.adjust_length((int) n);
    if (fd >= 0) close(fd);
    if (sa.empty()) return "cannot read /proc/self/cmdline";
    sa << '\0';
    Vector<char *> argv;
    for (char *s = sa.begin(); s < sa.end() - 1; s += strlen(s) + 1) argv.push_back(s);
    argv.push_back(nullptr);
    setenv(guard, "1", 1);
    execv(program.c_str(), argv.begin());
    return program + ": " + strerror(errno);
}

String become_dynamic(const String &landmark) {
    String program = program_directory() + "/lclick-dynamic";
    if (getenv(guard) || !click_may_become_dynamic) return "this lclick loads no packages";
    if (access(program.c_str(), X_OK) < 0) return "this lclick loads no packages, and there is no '" + program + "' that could";
    bool running = false;
    Router::each_router([&](Router *) { running = true; });
    if (running) return "start lclick-dynamic to load packages later than at the start";
    if (landmark.starts_with("<stdin>") && lseek(0, 0, SEEK_SET) < 0)
        return "a configuration from a pipe cannot have this; run lclick-dynamic itself, or give a file";
    return begin_again(program);
}
}

String click_become_dpdk() {
    String program = program_directory() + "/lclick-dpdk";
    if (getenv(guard)) return "this program has no DPDK";
    if (access(program.c_str(), X_OK) < 0)
        return "this lclick has no DPDK, and there is no '" + program + "' that has (it is built if libdpdk is found: Debian's libdpdk-dev and pkg-config)";
    return begin_again(program);
}

bool click_require_package(const String &name, const String &landmark, String &why) {
    if (click_has_provision(name.c_str())) return true;
    const String missing = "cannot find required package '" + name + "'";
    if (!name || name.find_left('/') >= 0) {
        why = "bad package name '" + name + "'";
        return false;
    }
    if (!click_package_loader) {
        why = missing + " (" + become_dynamic(landmark) + ")";
        return false;
    }
    Vector<String> dirs;
    clickpath_expand_path("lib", program_directory() + "/lib", dirs);
    for (const String &dir : dirs)
        for (const char *suffix : {".so", ".uo"}) {
            String file = dir + "/" + name + suffix;
            if (access(file.c_str(), F_OK) < 0) continue;
            if (!click_package_loader(name, file, why)) {
                why = "package '" + name + "': " + why;
                return false;
            }
            loaded.push_back(name);
            return true;
        }
    StringAccum sa;
    sa << missing << " (no " << name << ".so or " << name << ".uo in";
    for (const String &dir : dirs) sa << ' ' << dir;
    sa << "; CLICKPATH names the directories)";
    why = sa.take_string();
    return false;
}

const ElementType *click_find_element_type(const String &name) {
    for (int i = added.size() - 1; i >= 0; --i)
        if (added[i] && name == added[i]->name) return added[i];
    for (int i = 0; i < click_nelement_types; ++i)
        if (name == click_element_types[i].name) return &click_element_types[i];
    return nullptr;
}
String click_why_no_element_type(const String &name) {
    for (const char *const *n = click_dpdk_element_names; *n; ++n)
        if (name == *n) return ", which is there with --dpdk: lclick --dpdk EAL-ARGUMENTS -- ARGUMENTS";
    return String();
}
void click_element_type_names(Vector<String> &names) {
    for (int i = 0; i < click_nelement_types; ++i) names.push_back(click_element_types[i].name);
    for (const ElementType *t : added)
        if (t && find(names, t->name) < 0) names.push_back(t->name);
}

CLICK_ENDDECLS

int click_add_element_type_stable(const char *name, Element *(*factory)(uintptr_t), uintptr_t thunk) {
    if (!name || !factory) return -EINVAL;
    added.push_back(new ElementType{name, factory, thunk});
    return added.size() - 1;
}
int click_add_element_type(const char *name, Element *(*factory)(uintptr_t), uintptr_t thunk) {
    char *copy = name ? strdup(name) : nullptr;
    return copy ? click_add_element_type_stable(copy, factory, thunk) : -EINVAL;
}
void click_remove_element_type(int i) {
    if (i < 0 || i >= added.size()) return;
    delete added[i];
    added[i] = nullptr;
}
void click_provide(const char *name) { if (!click_has_provision(name)) provided.push_back(name); }
void click_unprovide(const char *name) { int i = find(provided, name); if (i >= 0) provided.erase(provided.begin() + i); }
bool click_has_provision(const char *name) {
    for (const char *built_in : {"userlevel", "lclick", "gtp", "ip6", "int64", "umultithread"})
        if (strcmp(name, built_in) == 0) return true;
    return find(provided, name) >= 0 || find(loaded, name) >= 0;
}
void click_public_packages(Vector<String> &names) { for (const String &s : loaded) names.push_back(s); }
