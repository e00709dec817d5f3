// Programs that clang made of C at build time: what of an ELF object is needed to load them with bpf(2), and no library.
#ifndef LCLICK_BPFOBJECT_HH
#define LCLICK_BPFOBJECT_HH
#include <click/string.hh>
CLICK_DECLS
namespace bpf {

/** A map; @a bytes of each key and value. A descriptor, or a negative errno. */
int make_map(const char *name, int type, uint32_t key_bytes, uint32_t value_bytes, uint32_t entries, uint32_t flags);
/** 0, or a negative errno. */
int put(int map, const void *key, const void *value);
/** As bpf::redirect() does it. */
int link_xdp(int program, int ifindex, bool native);

struct NamedMap { const char *name; int fd; };

/** Load the program of a section, as XDP; what it calls a map by name is one of @a maps. A descriptor, or a negative errno, with more
    about it in @a why: the verifier's last words, where it had any. */
int load_xdp(const unsigned char *elf, size_t size, const char *section, const NamedMap *maps, int nmaps, String *why);

}
CLICK_ENDDECLS
#endif
