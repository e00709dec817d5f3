// The driver of the fuzz targets where there is no libFuzzer: the corpus as it is, then mutants of it, the same ones for the same seed.
//
//   lclick-fuzz [ITERATIONS [SEED [TARGET]]]
//
// ITERATIONS are shared among the targets. A finding is a sanitizer's report or an abort; the input is then in fuzz-finding.
#include "fuzz.hh"
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>

FuzzTarget *FuzzTarget::all;

namespace {
uint64_t state;
uint32_t rnd() {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (uint32_t) (state >> 16);
}
uint32_t below(uint32_t n) { return n ? rnd() % n : 0; }

struct Input { uint8_t d[4096]; uint32_t n; };
Input current;

/** On the way out: keep what did it. */
void keep(int = 0) {
    int fd = open("fuzz-finding", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    (void) !write(fd, current.d, current.n);
    close(fd);
}

void insert(Input &x, const void *p, uint32_t len) {
    uint32_t at = below(x.n + 1);
    if (x.n + len > sizeof x.d) return;
    memmove(x.d + at + len, x.d + at, x.n - at);
    memcpy(x.d + at, p, len);
    x.n += len;
}

void mutate(Input &x, const Vector<Input *> &corpus, bool text) {
    static const char *const words[] = {"->", "::", "[1]", "{", "}", "(", ")", "$a", "|", "||", ",", ";", "input", "output", "elementclass ", "\"", "'", "\\<0", "/*", "//", "# 3 \"x\"\n", "Idle", "Counter", "Queue",
        " and ", " or ", "not ", "src ", "port ", "80", "1-", "!", "&&", "READ ", "WRITE ", "\r\n", ".", "DATA 3", "READDATA a.count 2\r\n", "=>", "[0-1]", "define(", "require(", "allow ", "icmp type ", "%f0", "12/08"};
    for (uint32_t k = 1 + below(5); k; --k)
        switch (below(text ? 9 : 7)) {
        case 0: if (x.n) x.d[below(x.n)] ^= 1 << below(8); break;
        case 1: if (x.n) x.d[below(x.n)] = (uint8_t) rnd(); break;
        case 2: if (x.n) x.d[below(x.n)] = below(2) ? 0xFF : 0; break;
        case 3: if (!below(4)) x.n = below(x.n + 1); break;
        case 4: { uint8_t c = (uint8_t) rnd(); insert(x, &c, 1); break; }
        case 5: if (x.n) { uint32_t at = below(x.n), len = 1 + below(click_min(x.n - at, 32U)); memmove(x.d + at, x.d + at + len, x.n - at - len); x.n -= len; } break;
        case 6: { Input &y = *corpus[below(corpus.size())]; uint32_t at = below(y.n), len = below(click_min(y.n - at, 256U) + 1); insert(x, y.d + at, len); break; }
        default: { const char *w = words[below(sizeof words / sizeof *words)]; insert(x, w, (uint32_t) strlen(w)); break; }
        }
}

void read_corpus(const String &folder, Vector<Input *> &corpus) {
    struct dirent **names;
    int n = scandir(folder.c_str(), &names, nullptr, alphasort);
    for (int i = 0; i < n; ++i) {
        FILE *f = names[i]->d_name[0] == '.' ? nullptr : fopen((folder + "/" + names[i]->d_name).c_str(), "rb");
        if (f) {
            Input *x = new Input;
            x->n = (uint32_t) fread(x->d, 1, sizeof x->d, f);
            corpus.push_back(x);
            fclose(f);
        }
        free(names[i]);
    }
    if (n >= 0) free(names);
}
}

extern "C" void __sanitizer_set_death_callback(void (*)()) __attribute__((weak));

int main(int argc, char **argv) {
    uint64_t n = argc > 1 ? strtoull(argv[1], nullptr, 0) : 200000, seed = argc > 2 ? strtoull(argv[2], nullptr, 0) : 1;
    signal(SIGABRT, keep);
    if (__sanitizer_set_death_callback) __sanitizer_set_death_callback([] { keep(); });
    int ntargets = 0;
    for (FuzzTarget *t = FuzzTarget::all; t; t = t->next) ntargets += argc < 4 || strcmp(argv[3], t->name) == 0;
    for (FuzzTarget *t = FuzzTarget::all; t; t = t->next) {
        if (argc > 3 && strcmp(argv[3], t->name)) continue;
        state = seed * 0x9E3779B97F4A7C15ULL + 0x1234567;
        Vector<Input *> corpus;
        read_corpus(String(LCLICK_FUZZ_FOLDER "/corpus/") + t->name, corpus);
        read_corpus(String(LCLICK_FUZZ_FOLDER "/regressions/") + t->name, corpus);
        if (corpus.empty()) {
            dprintf(2, "fuzz: %s has no corpus\n", t->name);
            return 1;
        }
        bool text = strstr("language ipfilter classifier control", t->name);
        Timestamp start = Timestamp::now_steady();
        for (Input *x : corpus) {
            current = *x;
            t->run(current.d, current.n);
        }
        uint64_t share = n / ntargets;
        if (strcmp(t->name, "elements") == 0) share /= 8;        // one is a frame through each of them
        for (uint64_t i = 0; i < share; ++i) {
            Input &x = *corpus[below(corpus.size())];
            memcpy(current.d, x.d, current.n = x.n);
            mutate(current, corpus, text);
            t->run(current.d, current.n);
        }
        printf("%-12s %4d of the corpus, %9llu mutants  %.2f s  seed %llu\n", t->name, corpus.size(), (unsigned long long) share, (Timestamp::now_steady() - start).doubleval(), (unsigned long long) seed);
        fflush(stdout);
        for (Input *x : corpus) delete x;
    }
    return ntargets ? 0 : 1;
}
