#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include "dpdkdevice.hh"
#include <click/straccum.hh>
CLICK_DECLS

int DPDKDevice::find_port(const String &name, bool allow_nonexistent, ErrorHandler *errh) {
    int id = DPDKPort::find(name);
    if (id >= 0)
        _port = DPDKPort::get(router(), id);
    else if (!allow_nonexistent)
        return errh->error("no DPDK port %<%s%>; %s", name.c_str(), known_ports().c_str());
    return 0;
}

String DPDKDevice::known_ports() {
    StringAccum sa;
    uint16_t id;
    RTE_ETH_FOREACH_DEV(id) {
        char name[RTE_ETH_NAME_MAX_LEN] = "";
        rte_eth_dev_get_name_by_port(id, name);
        sa << (sa.empty() ? "there are " : ", ") << (int) id << " (" << name << ')';
    }
    return sa.empty() ? String("there is none (--vdev and -a of the EAL make some)") : sa.take_string();
}

int DPDKDevice::open_port(ErrorHandler *errh) {
    if (_port && _port->open(errh) < 0)
        return -1;
    _opened = _port;
    return 0;
}

void DPDKDevice::cleanup(CleanupStage) {
    if (_port)
        _port->release(_opened);
    _port = nullptr;
}

bool DPDKDevice::statistics(rte_eth_stats &s) const {
    s = rte_eth_stats();
    return _port && rte_eth_stats_get((uint16_t) _port->id(), &s) == 0;
}

namespace {
enum { h_device, h_mac, h_carrier, h_speed, h_duplex, h_autoneg, h_rx_queues, h_tx_queues };
const char *const names[] = {"device", "mac", "carrier", "speed", "duplex", "autoneg", "nb_rx_queues", "nb_tx_queues"};

String speed(uint32_t mbps) {
    if (mbps == RTE_ETH_SPEED_NUM_NONE || mbps == RTE_ETH_SPEED_NUM_UNKNOWN)
        return "unknown";
    return mbps % 1000 ? String(mbps) + " Mbps" : String(mbps / 1000) + " Gbps";
}

String read(Element *e, void *data) {
    DPDKPort *port = static_cast<DPDKDevice *>(e)->port();
    if (!port)
        return String();
    uint16_t id = (uint16_t) port->id();
    rte_eth_link link = {};
    rte_eth_dev_info info;
    switch ((uintptr_t) data) {
    case h_device: return String(port->id());
    case h_mac: return port->address().unparse_colon();
    case h_rx_queues: return rte_eth_dev_info_get(id, &info) == 0 ? String(info.nb_rx_queues) : String();
    case h_tx_queues: return rte_eth_dev_info_get(id, &info) == 0 ? String(info.nb_tx_queues) : String();
    default: break;
    }
    rte_eth_link_get_nowait(id, &link);
    switch ((uintptr_t) data) {
    case h_carrier: return String((bool) link.link_status);
    case h_speed: return speed(link.link_speed);
    case h_duplex: return link.link_duplex == RTE_ETH_LINK_FULL_DUPLEX ? "full" : "half";
    default: return String(link.link_autoneg == RTE_ETH_LINK_AUTONEG);
    }
}

/** All of the device's statistics, a line each, or the value of the one that is named. */
int xstats(int, String &text, Element *e, const Handler *, ErrorHandler *errh) {
    DPDKPort *port = static_cast<DPDKDevice *>(e)->port();
    String wanted = text.trim_space();
    StringAccum sa;
    int n = port ? rte_eth_xstats_get_names((uint16_t) port->id(), nullptr, 0) : 0;
    Vector<rte_eth_xstat_name> name((n > 0 ? n : 0), rte_eth_xstat_name());
    Vector<rte_eth_xstat> value((n > 0 ? n : 0), rte_eth_xstat());
    if (n > 0)
        n = std::min(rte_eth_xstats_get_names((uint16_t) port->id(), name.begin(), (unsigned) n), rte_eth_xstats_get((uint16_t) port->id(), value.begin(), (unsigned) n));
    for (int i = 0; i < n && i < name.size(); ++i) {
        const rte_eth_xstat &x = value[i];
        if (x.id >= (uint64_t) name.size())
            continue;
        const char *called = name[(int) x.id].name;
        if (wanted && wanted == called) {
            text = String((uint64_t) x.value);
            return 0;
        }
        sa << called << ": " << (uint64_t) x.value << '\n';
    }
    if (wanted)
        return errh->error("this port has no statistic %<%s%>", wanted.c_str());
    text = sa.take_string();
    return 0;
}
}

void DPDKDevice::add_handlers() {
    for (int i = 0; i < 8; ++i)
        add_read_handler(names[i], read, i);
    set_handler("xstats", Handler::f_read | Handler::f_read_param, xstats);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(dpdk)
ELEMENT_PROVIDES(DPDKDevice)
