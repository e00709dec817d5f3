#include <click/config.h>
#include <click/confparse.hh>
#include "confine.hh"
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
CLICK_DECLS

namespace {
/** The numbers in the line of @a name in passwd or group: at field 2 and, if @a second, 3. Read here, since a static binary must not depend
    on the name service's shared objects. */
bool look_up(const char *file, const String &name, unsigned *first, unsigned *second) {
    FILE *f = fopen(file, "re");
    if (!f)
        return false;
    char line[4096];
    bool found = false;
    while (!found && fgets(line, sizeof line, f)) {
        char *field[4] = {line, nullptr, nullptr, nullptr};
        for (int i = 1; i < 4 && field[i - 1]; ++i)
            if ((field[i] = strchr(field[i - 1], ':')))
                *field[i]++ = 0;
        if (!field[2] || !(name == field[0]))
            continue;
        char *end;
        *first = (unsigned) strtoul(field[2], &end, 10);
        found = end != field[2];
        if (second && found) {
            *second = field[3] ? (unsigned) strtoul(field[3], &end, 10) : 0;
            found = field[3] && end != field[3];
        }
    }
    fclose(f);
    return found;
}

bool number(const String &s, unsigned *x) {
    uint32_t n;
    if (!cp_integer(s, &n) || n == 0xFFFFFFFFU)
        return false;
    *x = n;
    return true;
}
}

bool Confinement::set_user(const String &s, ErrorHandler *errh) {
    int colon = s.find_left(':');
    String user = s.substring(0, colon < 0 ? s.length() : colon), group = colon < 0 ? String() : s.substring(colon + 1);
    bool has_group = look_up("/etc/passwd", user, &_uid, &_gid);
    if (!has_group && !number(user, &_uid))
        return errh->error("--user: no user %<%s%> in /etc/passwd", user.c_str()), false;
    if (colon >= 0) {
        if (!look_up("/etc/group", group, &_gid, nullptr) && !number(group, &_gid))
            return errh->error("--user: no group %<%s%> in /etc/group", group.c_str()), false;
    } else if (!has_group)
        return errh->error("--user: user %<%s%> is not in /etc/passwd: say USER:GROUP", user.c_str()), false;
    _has_user = true;
    return true;
}

bool Confinement::set_filter(const String &s, ErrorHandler *errh) {
    if (s == "on") _filter = on;
    else if (s == "log") _filter = log;
    else if (s == "off") _filter = off;
    else return errh->error("--seccomp needs on, off or log, not %<%s%>", s.c_str()), false;
    return true;
}

bool Confinement::drop_user(bool keep_capabilities, ErrorHandler *errh) const {
    if (getuid() == _uid && geteuid() == _uid && getgid() == _gid && getegid() == _gid)
        return true;
    prctl(PR_SET_KEEPCAPS, keep_capabilities, 0, 0, 0);
    if (setgroups(0, nullptr) < 0 || setresgid(_gid, _gid, _gid) < 0 || setresuid(_uid, _uid, _uid) < 0)
        return errh->error("--user: cannot become user %u, group %u: %s", _uid, _gid, strerror(errno)), false;
    return true;
}

void click_drop_bounding_set() {
    for (int c = 0; prctl(PR_CAPBSET_READ, c, 0, 0, 0) >= 0; ++c)
        prctl(PR_CAPBSET_DROP, c, 0, 0, 0);
}

bool click_keep_capabilities(std::initializer_list<int> kept) {
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct had[2] = {}, wanted[2] = {};
    if (syscall(SYS_capget, &head, had) < 0)
        return false;
    for (int c : kept)
        wanted[c / 32].permitted |= had[c / 32].permitted & 1U << c % 32;
    for (auto &w : wanted)
        w.effective = w.permitted;
    return syscall(SYS_capset, &head, wanted) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

unsigned Confinement::user() const { return _has_user ? _uid : getuid(); }
unsigned Confinement::group() const { return _has_user ? _gid : getgid(); }

bool Confinement::drop_capabilities(bool keep_net_raw, ErrorHandler *errh) const {
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {}, had[2] = {};
    if (keep_net_raw && syscall(SYS_capget, &head, had) == 0)
        data[0].effective = data[0].permitted = had[0].permitted & 1U << CAP_NET_RAW;
    if (syscall(SYS_capset, &head, data) < 0)
        return errh->error("cannot drop capabilities: %s", strerror(errno)), false;
    return true;
}

bool Confinement::apply(bool reconfigures, bool threads, ErrorHandler *errh) const {
    if (!_has_user && _filter == off)
        return true;
    // The bounding set goes first, while we may shrink it, and as far as we may: no_new_privs makes it of no account in any case.
    for (int c = 0; prctl(PR_CAPBSET_READ, c, 0, 0, 0) >= 0; ++c)
        if (!(reconfigures && c == CAP_NET_RAW))
            prctl(PR_CAPBSET_DROP, c, 0, 0, 0);
    if (_has_user && !drop_user(reconfigures, errh))
        return false;
    if (!drop_capabilities(reconfigures, errh))
        return false;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return errh->error("cannot set no_new_privs: %s", strerror(errno)), false;
    if (_filter != off)
        if (int e = click_install_filter(_filter == log, reconfigures, threads))
            return errh->error("cannot filter system calls: %s (run with --seccomp=off if this kernel cannot)", strerror(e)), false;
    return true;
}

CLICK_ENDDECLS
