#include <click/config.h>
#include "bpf.hh"
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>
CLICK_DECLS
namespace bpf {

enum { tcx_ingress = 46, tcx_drop = 2 };      // linux/bpf.h since 6.6

static int call(int command, union bpf_attr &a) {
    int r = (int) syscall(SYS_bpf, command, &a, sizeof a);
    return r < 0 ? -errno : r;
}

static bpf_insn instruction(uint8_t code, uint8_t to, uint8_t from, int16_t offset, int32_t value) {
    bpf_insn i = {};
    i.code = code, i.dst_reg = to & 15, i.src_reg = from & 15, i.off = offset, i.imm = value;
    return i;
}

static int load(int type, int attach_type, const bpf_insn *program, int n) {
    union bpf_attr a;
    memset(&a, 0, sizeof a);
    a.prog_type = type, a.expected_attach_type = attach_type;
    a.insns = (uintptr_t) program, a.insn_cnt = n;
    a.license = (uintptr_t) "Dual BSD/GPL";
    memcpy(a.prog_name, "lclick", 7);
    return call(BPF_PROG_LOAD, a);
}

/** A map from receive queue to AF_XDP socket. */
static int make_socket_map(int entries) {
    union bpf_attr a;
    memset(&a, 0, sizeof a);
    a.map_type = BPF_MAP_TYPE_XSKMAP, a.key_size = a.value_size = 4, a.max_entries = entries;
    memcpy(a.map_name, "lclick", 7);
    return call(BPF_MAP_CREATE, a);
}

static int put_socket(int map, int queue, int socket) {
    union bpf_attr a;
    memset(&a, 0, sizeof a);
    a.map_fd = map, a.key = (uintptr_t) &queue, a.value = (uintptr_t) &socket;
    return call(BPF_MAP_UPDATE_ELEM, a);
}

static int load_redirect(int map) {
    const bpf_insn program[] = {
        instruction(BPF_LDX | BPF_MEM | BPF_W, 2, 1, offsetof(struct xdp_md, rx_queue_index), 0),     // r2 = the queue
        instruction(BPF_LD | BPF_IMM | BPF_DW, 1, BPF_PSEUDO_MAP_FD, 0, map), instruction(0, 0, 0, 0, 0),
        instruction(BPF_ALU64 | BPF_MOV | BPF_K, 3, 0, 0, XDP_PASS),                                  // where there is no socket
        instruction(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_redirect_map),
        instruction(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)};
    return load(BPF_PROG_TYPE_XDP, BPF_XDP, program, sizeof program / sizeof *program);
}

static int load_drop() {
    const bpf_insn program[] = {instruction(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, tcx_drop), instruction(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)};
    return load(BPF_PROG_TYPE_SCHED_CLS, tcx_ingress, program, 2);
}

static int link(int program, int ifindex, int attach_type, uint32_t flags) {
    union bpf_attr a;
    memset(&a, 0, sizeof a);
    a.link_create.prog_fd = program, a.link_create.target_ifindex = ifindex;
    a.link_create.attach_type = attach_type, a.link_create.flags = flags;
    return call(BPF_LINK_CREATE, a);
}

int redirect(int socket, int ifindex, int *generic) {
    *generic = 0;
    int map = make_socket_map(1), program = map < 0 ? map : load_redirect(map), l = program;
    if (program >= 0 && (l = put_socket(map, 0, socket)) >= 0) {
        l = link(program, ifindex, BPF_XDP, XDP_FLAGS_DRV_MODE);
        if (l < 0 && l != -EBUSY && l != -EEXIST) {
            *generic = -l;
            l = link(program, ifindex, BPF_XDP, XDP_FLAGS_SKB_MODE);
        }
    }
    // The link holds the program, and that the map.
    if (program >= 0) close(program);
    if (map >= 0) close(map);
    return l;
}

int drop_ingress(int ifindex) {
    int program = load_drop();
    if (program < 0)
        return program;
    int l = link(program, ifindex, tcx_ingress, 0);
    close(program);
    return l;
}

}
CLICK_ENDDECLS
