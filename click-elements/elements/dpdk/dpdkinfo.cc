#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include "dpdkinfo.hh"
#include <click/router.hh>
#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>
CLICK_DECLS

namespace {
rte_mempool *the_pool;
int pool_buffers, pool_buffer_size;
}

int DPDKInfo::configure(Vector<String> &conf, ErrorHandler *errh) {
    Settings &s = _settings;
    BoundedIntArg threshold(0, 255);
    if (Args(conf, this, errh).read("NB_MBUF", BoundedIntArg(64, 1 << 26), s.buffers)
            .read("MBUF_SIZE", BoundedIntArg(RTE_PKTMBUF_HEADROOM + 256, 65535), s.buffer_size)
            .read("MBUF_CACHE_SIZE", BoundedIntArg(0, RTE_MEMPOOL_CACHE_MAX_SIZE), s.cache)
            .read("RX_PTHRESH", threshold, s.rx.prefetch).read("RX_HTHRESH", threshold, s.rx.host).read("RX_WTHRESH", threshold, s.rx.write_back)
            .read("TX_PTHRESH", threshold, s.tx.prefetch).read("TX_HTHRESH", threshold, s.tx.host).read("TX_WTHRESH", threshold, s.tx.write_back)
            .read("MEMPOOL_PREFIX", WordArg(), s.prefix).read("DEF_BURST_SIZE", BoundedIntArg(1, max_burst), s.burst).complete() < 0)
        return -1;
    // DPDK's own rule; it would only say "invalid argument".
    if (s.cache * 3 > s.buffers * 2)
        return errh->error("MBUF_CACHE_SIZE %d is too large for %d buffers: at most two thirds", s.cache, s.buffers);
    if (s.prefix.length() > 16)
        return errh->error("MEMPOOL_PREFIX has at most 16 characters");
    for (int i = 0; i < eindex(); ++i)
        if (router()->element(i)->cast("DPDKInfo"))
            return errh->error("there is another DPDKInfo, %<%s%>", router()->element(i)->name().c_str());
    return 0;
}

const DPDKInfo::Settings &DPDKInfo::of(const Router *router) {
    static const Settings defaults;
    for (int i = 0; i < router->nelements(); ++i)
        if (void *e = router->element(i)->cast("DPDKInfo"))
            return static_cast<DPDKInfo *>(e)->_settings;
    return defaults;
}

rte_mempool *DPDKInfo::pool(const Router *router, ErrorHandler *errh) {
    const Settings &s = of(router);
    if (the_pool) {
        if (s.buffers != pool_buffers || s.buffer_size != pool_buffer_size)
            errh->warning("DPDK's buffers stay as they are: %d of %d bytes", pool_buffers, pool_buffer_size);
        return the_pool;
    }
    the_pool = rte_pktmbuf_pool_create((s.prefix + "_0").c_str(), (unsigned) s.buffers, (unsigned) s.cache, 0, (uint16_t) s.buffer_size, (int) rte_socket_id());
    if (!the_pool)
        errh->error("no memory for %d buffers of %d bytes: %s (see DPDKInfo, and -m of the EAL)", s.buffers, s.buffer_size, rte_strerror(rte_errno));
    pool_buffers = s.buffers, pool_buffer_size = s.buffer_size;
    return the_pool;
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(dpdk)
EXPORT_ELEMENT(DPDKInfo)
