#include <click/config.h>
#include "devicefeatures.hh"
#include "frameio.hh"
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <unistd.h>
CLICK_DECLS
namespace frameio {

namespace {
enum { most = 256 };

/** Asks about one device. */
class Question { public:
    explicit Question(const String &device) : _fd(device.length() < IFNAMSIZ ? question_socket() : -1) {
        if (device.length() < IFNAMSIZ) memcpy(_ifr.ifr_name, device.data(), (size_t) device.length());
    }
    ~Question() { if (_fd >= 0) close(_fd); }
    bool ask(void *what) {
        _ifr.ifr_data = (char *) what;
        return _fd >= 0 && ioctl(_fd, SIOCETHTOOL, &_ifr) == 0;
    }
  private:
    int _fd;
    struct ifreq _ifr = {};
};

/** Features have no fixed numbers: bit i is what string i names. Each of these is a head and what follows it. */
struct Names {
    uint32_t count = 0;
    bool read(Question &q) {
        union { struct ethtool_sset_info head; uint32_t words[sizeof(struct ethtool_sset_info) / 4 + 1]; } set = {};
        set.head.cmd = ETHTOOL_GSSET_INFO, set.head.sset_mask = 1 << ETH_SS_FEATURES;
        if (!q.ask(&set) || !set.head.sset_mask || set.head.data[0] > most)
            return false;
        count = set.head.data[0];
        strings.head.cmd = ETHTOOL_GSTRINGS, strings.head.string_set = ETH_SS_FEATURES, strings.head.len = count;
        return q.ask(&strings);
    }
    bool is(uint32_t i, const char *name) const { return !strncmp((const char *) strings.head.data + i * ETH_GSTRING_LEN, name, ETH_GSTRING_LEN); }
  private:
    union { struct ethtool_gstrings head; char bytes[sizeof(struct ethtool_gstrings) + most * ETH_GSTRING_LEN]; } strings = {};
};
}

int32_t features_on(const String &device, const char *const *names, int n) {
    union { struct ethtool_gfeatures head; char bytes[sizeof(struct ethtool_gfeatures) + most / 32 * sizeof(struct ethtool_get_features_block)]; } features = {};
    Question q(device);
    Names known;
    if (!known.read(q))
        return -1;
    features.head.cmd = ETHTOOL_GFEATURES, features.head.size = (known.count + 31) / 32;
    if (!q.ask(&features))
        return -1;
    int32_t on = 0;
    for (uint32_t i = 0; i < known.count; ++i)
        for (int k = 0; k < n; ++k)
            if (features.head.features[i / 32].active >> (i % 32) & 1 && known.is(i, names[k])) on |= 1 << k;
    return on;
}

bool turn_feature_off(const String &device, const char *name) {
    union { struct ethtool_sfeatures head; char bytes[sizeof(struct ethtool_sfeatures) + most / 32 * sizeof(struct ethtool_set_features_block)]; } features = {};
    Question q(device);
    Names known;
    errno = EOPNOTSUPP;
    if (!known.read(q))
        return false;
    features.head.cmd = ETHTOOL_SFEATURES, features.head.size = (known.count + 31) / 32;
    for (uint32_t i = 0; i < known.count; ++i)
        if (known.is(i, name)) features.head.features[i / 32].valid |= 1U << i % 32;
    return q.ask(&features);
}

String driver_of(const String &device) {
    struct ethtool_drvinfo info = {};
    info.cmd = ETHTOOL_GDRVINFO;
    return Question(device).ask(&info) ? String(info.driver) : String();
}

}
CLICK_ENDDECLS
ELEMENT_REQUIRES(linux userlevel)
