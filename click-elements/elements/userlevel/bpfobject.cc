#include <click/config.h>
#include "bpfobject.hh"
#include <click/vector.hh>
#include <elf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifndef EM_BPF
# define EM_BPF 247
#endif
CLICK_DECLS
namespace bpf {

static int call(int command, union bpf_attr &a) {
    int r = (int) syscall(SYS_bpf, command, &a, sizeof a);
    return r < 0 ? -errno : r;
}

int make_map(const char *name, int type, uint32_t key_bytes, uint32_t value_bytes, uint32_t entries, uint32_t flags) {
    union bpf_attr a;
    memset(&a, 0, sizeof a);
    a.map_type = (uint32_t) type, a.key_size = key_bytes, a.value_size = value_bytes, a.max_entries = entries, a.map_flags = flags;
    strncpy(a.map_name, name, sizeof a.map_name - 1);
    return call(BPF_MAP_CREATE, a);
}

int put(int map, const void *key, const void *value) {
    union bpf_attr a;
    memset(&a, 0, sizeof a);
    a.map_fd = (uint32_t) map, a.key = (uintptr_t) key, a.value = (uintptr_t) value;
    return call(BPF_MAP_UPDATE_ELEM, a);
}

enum { tcx_ingress = 46, before_all = 1 << 3 };        // linux/bpf.h since 6.6

int link(int program, int ifindex, Hook hook) {
    union bpf_attr a;
    memset(&a, 0, sizeof a);
    a.link_create.prog_fd = (uint32_t) program, a.link_create.target_ifindex = (uint32_t) ifindex;
    a.link_create.attach_type = hook == Hook::tc ? tcx_ingress : (int) BPF_XDP;
    a.link_create.flags = hook == Hook::tc ? (uint32_t) before_all : hook == Hook::native ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE;
    return call(BPF_LINK_CREATE, a);
}

namespace {
/** An ELF object for BPF, 64 bits, little-endian as all that we build for is. It comes with the binary, but is read with care. */
class Object { public:
    Object(const unsigned char *elf, size_t size) : _elf(elf), _size(size) {
        _head = at<Elf64_Ehdr>(0, 1);
        if (_head && (memcmp(_head->e_ident, ELFMAG, SELFMAG) != 0 || _head->e_machine != EM_BPF))
            _head = nullptr;
        _sections = _head ? at<Elf64_Shdr>(_head->e_shoff, _head->e_shnum) : nullptr;
    }
    int count() const { return _sections ? _head->e_shnum : 0; }
    const Elf64_Shdr &section(int i) const { return _sections[i]; }
    const char *name(int i) const { return text(_head->e_shstrndx, _sections[i].sh_name); }
    const char *text(unsigned table, size_t offset) const {
        if (table >= (unsigned) count() || offset >= _sections[table].sh_size)
            return "";
        const char *s = at<char>(_sections[table].sh_offset, _sections[table].sh_size);
        return s && !s[_sections[table].sh_size - 1] ? s + offset : "";
    }
    template <typename T> const T *at(uint64_t offset, uint64_t n) const {
        return offset <= _size && n <= (_size - offset) / sizeof(T) ? reinterpret_cast<const T *>(_elf + offset) : nullptr;
    }
    template <typename T> const T *rows(const Elf64_Shdr &s) const { return at<T>(s.sh_offset, s.sh_size / sizeof(T)); }

  private:
    const unsigned char *_elf;
    size_t _size;
    const Elf64_Ehdr *_head;
    const Elf64_Shdr *_sections;
};

/** Put the maps' descriptors where the code names them. */
bool relocate(const Object &o, int code, Vector<bpf_insn> &program, const NamedMap *maps, int nmaps) {
    for (int i = 0; i < o.count(); ++i) {
        const Elf64_Shdr &s = o.section(i);
        if (s.sh_type != SHT_REL || (int) s.sh_info != code)
            continue;
        if (s.sh_link >= (unsigned) o.count())
            return false;
        const Elf64_Shdr &symbols = o.section((int) s.sh_link);
        const Elf64_Rel *rel = o.rows<Elf64_Rel>(s);
        const Elf64_Sym *symbol = o.rows<Elf64_Sym>(symbols);
        for (size_t r = 0; rel && symbol && r < s.sh_size / sizeof *rel; ++r) {
            const size_t which = ELF64_R_SYM(rel[r].r_info), place = rel[r].r_offset / sizeof(bpf_insn);
            if (which >= symbols.sh_size / sizeof *symbol || place >= (size_t) program.size() || program[(int) place].code != (BPF_LD | BPF_IMM | BPF_DW))
                return false;
            const char *name = o.text(symbols.sh_link, symbol[which].st_name);
            int fd = -1;
            for (int m = 0; m < nmaps; ++m)
                if (strcmp(maps[m].name, name) == 0) fd = maps[m].fd;
            if (fd < 0)
                return false;
            program[(int) place].src_reg = BPF_PSEUDO_MAP_FD, program[(int) place].imm = fd;
        }
    }
    return true;
}

/** The last line but the verifier's statistics. */
String last_words(const String &log) {
    String rest = log, line;
    while (rest) {
        int eol = rest.find_left('\n');
        String l = rest.substring(0, eol < 0 ? rest.length() : eol);
        if (l && !l.starts_with("processed ") && !l.starts_with("verification time") && !l.starts_with("stack depth"))
            line = l;
        rest = eol < 0 ? String() : rest.substring(eol + 1);
    }
    return line;
}
}

int load(Kind kind, const unsigned char *elf, size_t size, const char *section, const NamedMap *maps, int nmaps, String *why) {
    Object o(elf, size);
    for (int i = 0; i < o.count(); ++i) {
        if (o.section(i).sh_type != SHT_PROGBITS || strcmp(o.name(i), section) != 0)
            continue;
        const bpf_insn *code = o.rows<bpf_insn>(o.section(i));
        Vector<bpf_insn> program;
        for (size_t n = 0; code && n < o.section(i).sh_size / sizeof *code; ++n)
            program.push_back(code[n]);
        if (!relocate(o, i, program, maps, nmaps))
            break;
        union bpf_attr a;
        memset(&a, 0, sizeof a);
        a.prog_type = kind == Kind::xdp ? BPF_PROG_TYPE_XDP : kind == Kind::tc ? BPF_PROG_TYPE_SCHED_CLS : BPF_PROG_TYPE_SOCKET_FILTER;
        a.expected_attach_type = kind == Kind::xdp ? (uint32_t) BPF_XDP : kind == Kind::tc ? (uint32_t) tcx_ingress : 0;
        a.insns = (uintptr_t) program.begin(), a.insn_cnt = (uint32_t) program.size();
        a.license = (uintptr_t) "Dual BSD/GPL";
        memcpy(a.prog_name, "lclick", 7);
        enum { patience = 5 };
        int fd = -EAGAIN;               // a signal came while the verifier was at it
        for (int n = 0; n < patience && fd == -EAGAIN; ++n)
            fd = call(BPF_PROG_LOAD, a);
        if (fd >= 0 || fd == -EPERM)
            return fd;
        // Once more, to know why.
        enum { log_bytes = 1 << 20 };
        char *log = new char[log_bytes]();
        a.log_buf = (uintptr_t) log, a.log_size = log_bytes, a.log_level = 1;
        int again = call(BPF_PROG_LOAD, a);
        log[log_bytes - 1] = 0;
        *why = last_words(log);
        delete[] log;
        return again;
    }
    *why = "no such program in the object";
    return -EINVAL;
}

}
CLICK_ENDDECLS
ELEMENT_REQUIRES(linux userlevel)
