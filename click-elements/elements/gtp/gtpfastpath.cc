#include <click/config.h>
#include "gtpfastpath.hh"
#include "elements/userlevel/fromdevice.hh"
#include "elements/userlevel/opener.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <click/master.hh>
#include <click/router.hh>
CLICK_DECLS

GTPFastPath::~GTPFastPath() { delete _kernel; }

int GTPFastPath::configure(Vector<String> &conf, ErrorHandler *errh) {
    String mode = "auto", super = "cut";
    if (Args(conf, this, errh).read_mp("TABLE", ElementCastArg("GTPTable"), _table).read_mp("RAN", _names[gtpfast_ran]).read_mp("CORE", _names[gtpfast_core])
            .read_mp("LOCAL", _names[gtpfast_local]).read("MODE", WordArg(), mode).read("FLOWS", BoundedIntArg(2, 1 << 22), _flows)
            .read("SUPER", WordArg(), super).read("PACKETS", BoundedIntArg(1, 1 << 20), _packets).read("LEASE", BoundedIntArg(1, 3600), _lease).complete() < 0)
        return -1;
    static const char *const modes[] = {"auto", "native", "generic", "tc", "off"}, *const supers[] = {"cut", "whole", "off"};
    int m = 0, s = 0;
    while (m < 5 && mode != modes[m]) ++m;
    while (s < 3 && super != supers[s]) ++s;
    if (m == 5)
        return errh->error("MODE must be auto, native, generic, tc or off");
    if (s == 3)
        return errh->error("SUPER must be cut, whole or off");
    _mode = (GTPFastKernel::Mode) m, _super = (uint32_t) s;
    return 0;
}

/** The only one, if it is of a kind that a program can decide for. */
FromDevice *GTPFastPath::reader_of(const String &device) const {
    FromDevice *found = nullptr;
    for (int i = 0; i < router()->nelements(); ++i)
        if (FromDevice *f = static_cast<FromDevice *>(router()->element(i)->cast("FromDevice")))
            if (f->device() == device) {
                if (found)
                    return nullptr;
                found = f;
            }
    return found && found->takes_decisions() ? found : nullptr;
}

/** Elements that read a device stand for it. False if one is no such element. */
bool GTPFastPath::name_devices(ErrorHandler *errh) {
    for (String &name : _names) {
        Element *e = router()->find(name, this, ErrorHandler::silent_handler());
        FromDevice *f = e ? static_cast<FromDevice *>(e->cast("FromDevice")) : nullptr;
        if (e && !f) {
            _why = name + " reads no network device";
            return false;
        }
        if (f)
            name = f->device();
    }
    for (int i = 0; i < gtpfast_nports; ++i)
        _readers[i] = reader_of(_names[i]);
    return true;
}

int GTPFastPath::initialize(ErrorHandler *errh) {
    _timer.initialize(this);
    if (!name_devices(errh) || _mode == GTPFastKernel::off) {
        if (!_why)
            _why = "MODE off";
        _mode = GTPFastKernel::off;
        return 0;
    }
    if (!_installed.reserve(_flows, click_random()) || !_candidates.reserve(2 * _flows < min_candidates ? (uint32_t) min_candidates : 2 * _flows, click_random()))
        return errh->error("out of memory");
    _table->watch(this);
    _credit.find(this, _table);
    if (!hotswap_element())
        start();
    if (_kernel)
        _kernel->note();
    _timer.schedule_after_sec(1);
    return 0;
}

/** What the elements that strip and wrap were told that no example shows: what they do with packets that are unlike it. */
void GTPFastPath::ask_others() {
    _kernel->config->tunnel_mtu = 65535, _kernel->config->outer_dscp = 0;
    for (int i = 0; i < router()->nelements(); ++i) {
        Element *e = router()->element(i);
        const bool wraps = strcmp(e->class_name(), "GTPEncap") == 0;
        if (!wraps && strcmp(e->class_name(), "GTPBreakout") != 0)
            continue;
        Vector<String> conf;
        cp_argvec(e->configuration(), conf);
        String dscp;
        int mtu = 65535;
        Args(conf, this, ErrorHandler::silent_handler()).read("DSCP", WordArg(), dscp).read("MTU", mtu).consume();
        if (!wraps && dscp == "outer")
            _kernel->config->outer_dscp = 1;
        if (wraps && mtu > 0 && (uint32_t) mtu < _kernel->config->tunnel_mtu)
            _kernel->config->tunnel_mtu = (uint32_t) mtu;
    }
}

/** At traffic control: from here on packet sockets decide. False if one does not take it, and all packets take the slow way. */
bool GTPFastPath::put_to_work() {
    for (int i = 0; i < gtpfast_nports; ++i) {
        if (_kernel->devices[i].hook != bpf::Hook::tc)
            continue;
        if (!_readers[i] || !_readers[i]->decide(_kernel->socket_program(i))) {
            _why = _names[i] + ": its packet socket does not take a program";
            detach();
            return false;
        }
        __atomic_store_n(&_kernel->config->at_work[i], 1, __ATOMIC_RELEASE);
    }
    return true;
}

void GTPFastPath::detach() {
    _kernel->detach();
    for (FromDevice *f : _readers)
        if (f)
            f->decide(-1);
}

void GTPFastPath::give_up_kernel() {
    if (_kernel)
        detach();
    delete _kernel;
    _kernel = nullptr, _active = false;
}

/** The programs are loaded and attached beside; where that cannot be, here. */
void GTPFastPath::start() {
    if (!_kernel) {
        GTPFastKernel *k = new GTPFastKernel;
        if (!k->prepare(_flows, &_why)) {
            delete k;
            return;
        }
        for (int i = 0; i < gtpfast_nports; ++i)
            k->devices[i].name = _names[i];
        _kernel = k;
        _resting.assign((int) _flows, Resting{0, 0});
        for (uint32_t i = 0; i < _flows; ++i)
            _resting[(int) i].slot = i;
        _rest_head = 0, _rest_count = _flows;
        ask_others();
        k->config->super = _super;
        for (int i = 0; i < gtpfast_nports; ++i)
            k->config->sockets |= _readers[i] ? 1U << i : 0;
        if (_loader.start(*k, _mode)) {
            watch_loader();
            return;
        }
        if (!k->load(_mode, &_why)) {
            give_up_kernel();
            return;
        }
    }
    ask_others();
    if ((_active = _kernel->attach(_mode, &_why) && put_to_work()))
        _why = String();
}

/** Have its descriptor selected on, as long as there is one. */
void GTPFastPath::watch_loader() {
    if (_watched == _loader.fd())
        return;
    if (_watched >= 0)
        remove_select(_watched, SELECT_READ);
    if ((_watched = _loader.fd()) >= 0)
        add_select(_watched, SELECT_READ);
}

void GTPFastPath::look_at_loader() {
    if (_loader.fd() < 0)
        return;
    String why;
    const GTPFastLoader::Outcome outcome = _loader.look(_kernel, &why);
    if (outcome != GTPFastLoader::pending)
        _why = why;
    if (outcome == GTPFastLoader::ready)
        _active = put_to_work();
    else if (outcome == GTPFastLoader::failed)
        give_up_kernel();
    watch_loader();
}

void GTPFastPath::selected(int, int) { look_at_loader(); }

/** All packets take the slow way. */
void GTPFastPath::stop(const String &why) {
    click_chatter("%s: %s", declaration().c_str(), why.c_str());
    _why = why;
    _active = false;
    detach();
    empty();
}

void GTPFastPath::empty() {
    flows_changed();
    while (Installed *x = _installed.oldest()) {
        const Id id = _installed.key_of(x);
        uninstall(id);
    }
    _candidates.clear();
}

/** In a hot swap the programs stay where they are, and know nothing for a moment. */
void GTPFastPath::take_state(Element *e, ErrorHandler *) {
    GTPFastPath *old = static_cast<GTPFastPath *>(e->cast("GTPFastPath"));
    if (_mode == GTPFastKernel::off || !old)
        return;
    old->look_at_loader();
    bool alike = old->_kernel && (old->_active || old->_loader.busy()) && old->_flows == _flows && old->_mode == _mode && old->_super == _super;
    for (int i = 0; i < gtpfast_nports; ++i)
        alike = alike && old->_names[i] == _names[i] && !old->_readers[i] == !_readers[i];
    if (old->_kernel)
        old->empty();
    if (alike) {
        _kernel = old->_kernel, _active = old->_active && put_to_work();
        _loader.swap(old->_loader);
        ask_others();
        _resting.swap(old->_resting);
        _rest_head = old->_rest_head, _rest_count = old->_rest_count;
        old->_kernel = nullptr, old->_active = false;
    } else {
        old->_loader.stop();
        old->give_up_kernel();
        start();
    }
    old->watch_loader();
    watch_loader();
}

void GTPFastPath::cleanup(CleanupStage stage) {
    if (stage >= CLEANUP_INITIALIZED && _mode != GTPFastKernel::off)
        _table->unwatch(this);
    _loader.stop();
    watch_loader();
    give_up_kernel();
}

void GTPFastPath::settle_counts() {
    for (Installed *x = _installed.oldest(); x; x = _installed.next_newer(x))
        credit(_installed.key_of(x), *x);
}

/** Once a second: counters, leases that ended, and whether the devices are still there. */
void GTPFastPath::run_timer(Timer *) {
    _timer.schedule_after_sec(1);
    String why;
    if (_active && !_kernel->check(&why))
        stop(why);
    if (!_active) {
        if (_kernel && !_loader.busy() && frameio::may_open(this))
            start();
        return;
    }
    settle_counts();
    const uint64_t now = (uint64_t) Timestamp::recent_steady().nsecval();
    int budget = 10000;
    for (Installed *x; budget && (x = _installed.oldest()) && _kernel->slot(x->slot).lease_ns < now; --budget) {
        const Id id = _installed.key_of(x);
        uninstall(id);
    }
}

void GTPFastPath::push(int port, Packet *p) {
    if (unlikely(_table->tracing()))
        see_traced(port, p);
    else if (_active)
        see(port, p);
    output(port).push(p);
}

void GTPFastPath::push_batch(int port, PacketBatch *batch) {
    if (unlikely(_table->tracing()))
        FOR_EACH_PACKET(batch, p)
            see_traced(port, p);
    else if (_active)
        FOR_EACH_PACKET(batch, p)
            see(port, p);
    output(port).push_batch(batch);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(linux userlevel GTPTable)
EXPORT_ELEMENT(GTPFastPath)
