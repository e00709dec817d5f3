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
/** Where a program runs: XDP in the driver or the kernel's generic hook, or traffic control at ingress (tcx, Linux 6.6). */
enum class Hook : uint8_t { generic, native, tc };
/** Until the descriptor that is returned is closed; or a negative errno. At traffic control it comes before those that are there. */
int link(int program, int ifindex, Hook);

struct NamedMap { const char *name; int fd; };

enum class Kind { xdp, tc, socket };
/** Load the program of a section; what it calls a map by name is one of @a maps. A descriptor, or a negative errno, with more
    about it in @a why: the verifier's last words, where it had any. */
int load(Kind, const unsigned char *elf, size_t size, const char *section, const NamedMap *maps, int nmaps, String *why);

}
CLICK_ENDDECLS
#endif
