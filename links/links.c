/*
 * lightmano-links: makes, sets and removes network interfaces as the agent wants them, in one process.
 *
 * A small node starts a process in 2 to 10 ms, and what is done here once took ip(8), ethtool(8), nsenter(1) and a shell
 * ten of them for each interface of a container. It speaks rtnetlink(7) and the ethtool ioctls (ethtool.h) itself; only for
 * a redirect it starts iptables(8).
 *
 * Reads commands from standard input, a line each, words with one blank between them, and carries them out in order:
 *
 *   veth NAME PEER [address MAC] [mtu BYTES] [pid PID]   a pair; MAC is the peer's; with PID the peer lies in that process's
 *                                                        network namespace, which must not be our own
 *   bridge-port NAME         up, makes no IPv6 address of its own, and computes checksums itself
 *   no-gro NAME              puts no received frames together
 *   no-checksum-offload NAME
 *   up NAME
 *   remove NAME              not there is no error
 *   enter PID                what follows is done in that network namespace, which must not be our own
 *   address NAME CIDR
 *   route NAME TO via VIA    TO is a CIDR or `default`; takes the place of one to the same
 *   no-rp-filter NAME        in the namespace as a whole, too
 *   redirect NAME PORT TO    TCP that arrives there for PORT goes to the local port TO; once, however often it is said
 *
 * Called with the word `monitor` it writes an empty line whenever an interface of its namespace comes, goes or changes, until it is
 * killed or the process that started it ends.
 *
 * Ends with 0 when all is done. At the first that fails it says why and which on standard error, and ends with 1; what was
 * done before stays.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_WORDS = 12, MAX_LINE = 512, MAX_MESSAGE = 1024, MAX_ANSWER = 8192 };

/* Why the command at hand failed; empty: it did not. */
static char reason[512];

static bool failed(const char *format, ...) __attribute__((format(printf, 1, 2)));

static bool failed(const char *format, ...) {
    va_list values;
    va_start(values, format);
    vsnprintf(reason, sizeof reason, format, values);
    va_end(values);
    return false;
}

/* --- netlink ---------------------------------------------------------------------------------------------------------- */

/* In the namespace that we are in; it stays in that, so `enter` closes it. */
static int netlink = -1;

union message {
    struct nlmsghdr header;
    char bytes[MAX_MESSAGE];
};

static void begin(union message *m, int type, int flags, const void *body, size_t bytes) {
    memset(m, 0, sizeof *m);
    m->header.nlmsg_type = (uint16_t) type;
    m->header.nlmsg_flags = (uint16_t) (NLM_F_REQUEST | NLM_F_ACK | flags);
    m->header.nlmsg_len = (uint32_t) NLMSG_LENGTH(bytes);
    memcpy(NLMSG_DATA(&m->header), body, bytes);
}

/* The names and numbers that come here are short: a message of MAX_MESSAGE has room for all of one command. */
static struct rtattr *put(union message *m, int type, const void *value, size_t bytes) {
    size_t at = NLMSG_ALIGN(m->header.nlmsg_len);
    struct rtattr *attribute = (struct rtattr *) (void *) (m->bytes + at);
    if (at + RTA_SPACE(bytes) > sizeof m->bytes) abort();
    attribute->rta_type = (uint16_t) type;
    attribute->rta_len = (uint16_t) RTA_LENGTH(bytes);
    if (bytes > 0) memcpy(RTA_DATA(attribute), value, bytes);
    m->header.nlmsg_len = (uint32_t) (at + RTA_ALIGN(attribute->rta_len));
    return attribute;
}

static void put_text(union message *m, int type, const char *text) { put(m, type, text, strlen(text) + 1); }

static void put_number(union message *m, int type, uint32_t number) { put(m, type, &number, sizeof number); }

/* An attribute that has all in it that is put between this and `end`. */
static struct rtattr *nest(union message *m, int type) { return put(m, type, NULL, 0); }

static void end(union message *m, struct rtattr *nested) {
    nested->rta_len = (uint16_t) (m->bytes + m->header.nlmsg_len - (char *) nested);
}

/* The kernel's own words for what it refuses (NETLINK_EXT_ACK), if there are any. */
static const char *words_of(const struct nlmsghdr *answer) {
    const struct nlmsgerr *error = NLMSG_DATA(answer);
    if (!(answer->nlmsg_flags & NLM_F_ACK_TLVS)) return NULL;
    size_t skip = sizeof *error;
    if (!(answer->nlmsg_flags & NLM_F_CAPPED)) skip += NLMSG_ALIGN(error->msg.nlmsg_len) - NLMSG_HDRLEN;
    const struct rtattr *attribute = (const void *) ((const char *) error + NLMSG_ALIGN(skip));
    int left = (int) (answer->nlmsg_len - NLMSG_HDRLEN - NLMSG_ALIGN(skip));
    for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
        if (attribute->rta_type == NLMSGERR_ATTR_MSG) return RTA_DATA(attribute);
    return NULL;
}

static int lost(void) {
    int code = errno;
    failed("netlink: %s", strerror(code));
    return code;
}

/* 0, or the kernel's errno; then `reason` has its words. */
static int asked(union message *m) {
    static union {
        struct nlmsghdr header;
        char bytes[MAX_ANSWER];
    } answer;
    const int yes = 1;
    if (netlink < 0) {
        netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
        if (netlink < 0) return lost();
        /* A kernel that has no words to give (before 4.12) refuses this. */
        (void) setsockopt(netlink, SOL_NETLINK, NETLINK_EXT_ACK, &yes, sizeof yes);
    }
    if (send(netlink, m, m->header.nlmsg_len, 0) < 0) return lost();
    ssize_t got = recv(netlink, &answer, sizeof answer, 0);
    if (got < 0) return lost();
    if (!NLMSG_OK(&answer.header, (size_t) got) || answer.header.nlmsg_type != NLMSG_ERROR) {
        failed("netlink: an answer that is none");
        return EPROTO;
    }
    int code = -((const struct nlmsgerr *) NLMSG_DATA(&answer.header))->error;
    if (code == 0) return 0;
    const char *words = words_of(&answer.header);
    failed("%s%s%s", words ? words : "", words ? ": " : "", strerror(code));
    return code;
}

/* --- interfaces ------------------------------------------------------------------------------------------------------- */

static bool index_of(const char *name, int *index) {
    *index = (int) if_nametoindex(name);
    return *index != 0 || failed("there is no interface %s", name);
}

static bool number_of(const char *text, unsigned long most, unsigned *number) {
    char *rest;
    errno = 0;
    unsigned long value = strtoul(text, &rest, 10);
    if (*text < '0' || *text > '9' || *rest || errno || value > most)
        return failed("\"%s\" is no number from 0 to %lu", text, most);
    *number = (unsigned) value;
    return true;
}

static bool mac_of(const char *text, unsigned char mac[6]) {
    char extra;
    int read = sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%c", &mac[0], &mac[1], &mac[2], &mac[3], &mac[4], &mac[5], &extra);
    return read == 6 || failed("\"%s\" is no Ethernet address", text);
}

/* Whoever has ended by now may have left its number to a process of the node's own. */
static bool other_namespace(const char *pid, int *fd) {
    char path[64];
    unsigned number;
    struct stat theirs, ours;
    if (!number_of(pid, INT32_MAX, &number)) return false;
    snprintf(path, sizeof path, "/proc/%u/ns/net", number);
    *fd = open(path, O_RDONLY | O_CLOEXEC);
    if (*fd < 0) return failed("process %u: %s", number, strerror(errno));
    if (fstat(*fd, &theirs) == 0 && stat("/proc/self/ns/net", &ours) == 0) {
        if (theirs.st_dev != ours.st_dev || theirs.st_ino != ours.st_ino) return true;
        failed("process %u is not in a container", number);
    } else
        failed("process %u: %s", number, strerror(errno));
    close(*fd);
    return false;
}

static bool veth(char **words, int count) {
    const char *name = words[1], *peer = words[2];
    unsigned char mac[6];
    unsigned mtu = 0;
    bool has_mac = false;
    int namespace = -1;
    for (int i = 3; i + 1 < count; i += 2) {
        if (!strcmp(words[i], "address")) {
            if (!mac_of(words[i + 1], mac)) return false;
            has_mac = true;
        } else if (!strcmp(words[i], "mtu")) {
            if (!number_of(words[i + 1], UINT16_MAX, &mtu)) return false;
        } else if (strcmp(words[i], "pid") || namespace >= 0)
            return failed("\"%s\" is not known", words[i]);
        else if (!other_namespace(words[i + 1], &namespace))
            return false;
    }
    union message m;
    const struct ifinfomsg none = {0};
    begin(&m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &none, sizeof none);
    put_text(&m, IFLA_IFNAME, name);
    if (mtu) put_number(&m, IFLA_MTU, mtu);
    struct rtattr *info = nest(&m, IFLA_LINKINFO);
    put_text(&m, IFLA_INFO_KIND, "veth");
    struct rtattr *data = nest(&m, IFLA_INFO_DATA);
    struct rtattr *other = put(&m, VETH_INFO_PEER, &none, sizeof none);
    put_text(&m, IFLA_IFNAME, peer);
    if (has_mac) put(&m, IFLA_ADDRESS, mac, sizeof mac);
    if (mtu) put_number(&m, IFLA_MTU, mtu);
    if (namespace >= 0) put_number(&m, IFLA_NET_NS_FD, (uint32_t) namespace);
    end(&m, other);
    end(&m, data);
    end(&m, info);
    bool done = asked(&m) == 0;
    if (namespace >= 0) close(namespace);
    return done;
}

static bool up(char **words, int count) {
    (void) count;
    struct ifinfomsg link = {.ifi_flags = IFF_UP, .ifi_change = IFF_UP};
    union message m;
    if (!index_of(words[1], &link.ifi_index)) return false;
    begin(&m, RTM_NEWLINK, 0, &link, sizeof link);
    return asked(&m) == 0;
}

static bool set_feature(const char *name, uint32_t command) {
    struct ethtool_value off = {.cmd = command, .data = 0};
    struct ifreq request = {.ifr_data = (void *) &off};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return failed("socket: %s", strerror(errno));
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    bool done = ioctl(fd, SIOCETHTOOL, &request) == 0 || failed("%s", strerror(errno));
    close(fd);
    return done;
}

static bool no_checksum_offload(char **words, int count) {
    (void) count;
    return set_feature(words[1], ETHTOOL_STXCSUM);
}

static bool no_gro(char **words, int count) {
    (void) count;
    return set_feature(words[1], ETHTOOL_SGRO);
}

/* Before it is up: an interface gets its address of IPv6 when it comes up. */
static bool bridge_port(char **words, int count) {
    const uint8_t mode = IN6_ADDR_GEN_MODE_NONE;
    struct ifinfomsg link = {0};
    union message m;
    if (!index_of(words[1], &link.ifi_index)) return false;
    begin(&m, RTM_NEWLINK, 0, &link, sizeof link);
    struct rtattr *families = nest(&m, IFLA_AF_SPEC);
    struct rtattr *six = nest(&m, AF_INET6);
    put(&m, IFLA_INET6_ADDR_GEN_MODE, &mode, sizeof mode);
    end(&m, six);
    end(&m, families);
    int code = asked(&m);
    /* A kernel without IPv6 makes none either. */
    if (code != 0 && code != EAFNOSUPPORT) return false;
    return up(words, count) && no_checksum_offload(words, count);
}

static bool remove_link(char **words, int count) {
    (void) count;
    const struct ifinfomsg none = {0};
    union message m;
    begin(&m, RTM_DELLINK, 0, &none, sizeof none);
    put_text(&m, IFLA_IFNAME, words[1]);
    int code = asked(&m);
    return code == 0 || code == ENODEV;
}

static bool enter(char **words, int count) {
    (void) count;
    int namespace;
    if (!other_namespace(words[1], &namespace)) return false;
    bool done = setns(namespace, CLONE_NEWNET) == 0 || failed("%s", strerror(errno));
    close(namespace);
    if (netlink >= 0) close(netlink);
    netlink = -1;
    return done;
}

/* --- addresses and routes --------------------------------------------------------------------------------------------- */

struct prefix {
    uint8_t family, length;
    unsigned char bytes[16];
    size_t size;
};

/* ADDRESS or ADDRESS/LENGTH. */
static bool prefix_of(char *text, struct prefix *prefix) {
    char *slash = strchr(text, '/');
    if (slash) *slash = 0;
    prefix->family = strchr(text, ':') ? AF_INET6 : AF_INET;
    prefix->size = prefix->family == AF_INET6 ? 16 : 4;
    bool known = inet_pton(prefix->family, text, prefix->bytes) == 1 || failed("\"%s\" is no address", text);
    unsigned length = (unsigned) prefix->size * 8;
    if (known && slash) known = number_of(slash + 1, length, &length);
    if (slash) *slash = '/';
    prefix->length = (uint8_t) length;
    return known;
}

static bool address(char **words, int count) {
    (void) count;
    struct prefix prefix;
    union message m;
    int index;
    if (!index_of(words[1], &index) || !prefix_of(words[2], &prefix)) return false;
    const struct ifaddrmsg body = {.ifa_family = prefix.family, .ifa_prefixlen = prefix.length, .ifa_index = (uint32_t) index};
    begin(&m, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &body, sizeof body);
    put(&m, IFA_LOCAL, prefix.bytes, prefix.size);
    put(&m, IFA_ADDRESS, prefix.bytes, prefix.size);
    return asked(&m) == 0;
}

static bool route(char **words, int count) {
    (void) count;
    struct prefix to = {0}, via;
    union message m;
    int index;
    bool is_default = !strcmp(words[2], "default");
    if (!index_of(words[1], &index) || !prefix_of(words[4], &via)) return false;
    if (!is_default && !prefix_of(words[2], &to)) return false;
    if (!is_default && to.family != via.family) return failed("destination and router are not of one family");
    const struct rtmsg body = {.rtm_family = via.family, .rtm_dst_len = to.length, .rtm_table = RT_TABLE_MAIN,
                               .rtm_protocol = RTPROT_BOOT, .rtm_scope = RT_SCOPE_UNIVERSE, .rtm_type = RTN_UNICAST};
    begin(&m, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, &body, sizeof body);
    if (!is_default) put(&m, RTA_DST, to.bytes, to.size);
    put(&m, RTA_GATEWAY, via.bytes, via.size);
    put_number(&m, RTA_OIF, (uint32_t) index);
    return asked(&m) == 0;
}

/* --- what has neither netlink nor ioctl ------------------------------------------------------------------------------- */

/* A file of /proc/sys/net is that of the namespace of whoever opens it. */
static bool no_rp_filter(char **words, int count) {
    (void) count;
    const char *scopes[] = {"all", words[1]};
    for (int i = 0; i < 2; i++) {
        char path[128];
        snprintf(path, sizeof path, "/proc/sys/net/ipv4/conf/%s/rp_filter", scopes[i]);
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        if (fd < 0) return failed("%s: %s", path, strerror(errno));
        bool written = write(fd, "0", 1) == 1 || failed("%s: %s", path, strerror(errno));
        close(fd);
        if (!written) return false;
    }
    return true;
}

static bool iptables(const char *action, char **words, bool quiet) {
    pid_t child = fork();
    if (child < 0) return failed("fork: %s", strerror(errno));
    if (child == 0) {
        int null = open("/dev/null", O_RDWR);
        if (null < 0) _exit(126);
        dup2(null, STDIN_FILENO);
        dup2(null, STDOUT_FILENO);
        if (quiet) dup2(null, STDERR_FILENO);
        execlp("iptables", "iptables", "-w", "-t", "nat", action, "PREROUTING", "-i", words[1], "-p", "tcp", "--dport", words[2],
               "-j", "REDIRECT", "--to-ports", words[3], (char *) NULL);
        dprintf(STDERR_FILENO, "iptables: %s\n", strerror(errno));
        _exit(127);
    }
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return failed("iptables: %s", strerror(errno));
    if (WIFSIGNALED(status)) return failed("iptables was killed by signal %d", WTERMSIG(status));
    return WEXITSTATUS(status) == 0 || failed("iptables ended with exit code %d", WEXITSTATUS(status));
}

static bool redirect(char **words, int count) {
    (void) count;
    return iptables("-C", words, true) || iptables("-A", words, false);
}

/* --- commands --------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int fewest, most;
    bool (*run)(char **words, int count);
} commands[] = {
    {"veth", 3, 9, veth},
    {"bridge-port", 2, 2, bridge_port},
    {"no-gro", 2, 2, no_gro},
    {"no-checksum-offload", 2, 2, no_checksum_offload},
    {"up", 2, 2, up},
    {"remove", 2, 2, remove_link},
    {"enter", 2, 2, enter},
    {"address", 3, 3, address},
    {"route", 5, 5, route},
    {"no-rp-filter", 2, 2, no_rp_filter},
    {"redirect", 4, 4, redirect},
};

static bool run_line(char *line) {
    char *words[MAX_WORDS];
    int count = 0;
    for (char *word = strtok(line, " "); word; word = strtok(NULL, " ")) {
        if (count == MAX_WORDS) return failed("too many words");
        words[count++] = word;
    }
    if (count == 0) return true;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(commands[i].name, words[0])) continue;
        if (count < commands[i].fewest || count > commands[i].most) return failed("it takes other words");
        /* Every command is about an interface, but for the namespace; the kernel's names have a fixed length. */
        if (strlen(words[1]) >= IFNAMSIZ) return failed("\"%s\" is too long for an interface's name", words[1]);
        return commands[i].run(words, count);
    }
    return failed("no such command");
}

/* Which interface, and how it changed, is for others to look at. */
static int monitor(void) {
    const struct sockaddr_nl links = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK};
    static char told[MAX_ANSWER];
    pid_t parent = getppid();
    netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (netlink < 0 || bind(netlink, (const struct sockaddr *) &links, sizeof links) != 0) {
        perror("netlink");
        return 1;
    }
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) return 1;
    for (;;) {
        /* ENOBUFS: so much happened that not all of it was told. */
        if (recv(netlink, told, sizeof told, 0) < 0 && errno != EINTR && errno != ENOBUFS) {
            perror("netlink");
            return 1;
        }
        if (write(STDOUT_FILENO, "\n", 1) != 1) return 1;
    }
}

int main(int argc, char **argv) {
    char line[MAX_LINE], whole[MAX_LINE];
    if (argc == 2 && !strcmp(argv[1], "monitor")) return monitor();
    if (argc > 1) {
        fprintf(stderr, "usage: %s <COMMANDS (see links.c), or %s monitor\n", argv[0], argv[0]);
        return 2;
    }
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        memcpy(whole, line, sizeof whole);
        if (run_line(line)) continue;
        fprintf(stderr, "%s (%s)\n", reason, whole);
        return 1;
    }
    return ferror(stdin) ? (perror("standard input"), 1) : 0;
}
