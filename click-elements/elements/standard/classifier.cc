#include <click/config.h>
#include <click/confparse.hh>
#include <click/error.hh>
#include "classifier.hh"
CLICK_DECLS

static int nibble(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

bool Classifier::parse(const String &text, Pattern &pattern, int number, ErrorHandler *errh) {
    Vector<String> words;
    cp_spacevec(text, words);
    if (words.size() == 1 && words[0] == "-")
        return true;
    if (words.empty())
        return errh->error("pattern %d: empty pattern", number), false;
    bool negate = false;
    for (const String &word : words) {
        Clause c;
        const char *s = word.begin(), *end = word.end();
        if (s < end && *s == '!')
            ++s, negate = !negate;
        if (s == end)
            continue;       // a lone ! applies to the next clause
        c.negate = negate;
        negate = false;
        const char *slash = s;
        while (slash < end && *slash != '/') ++slash;
        int offset;
        if (slash == end || !cp_integer(word.substring(s, slash), &offset) || offset < 0 || offset > 65535)
            return errh->error("pattern %d: expected %<OFFSET/VALUE%>, not %<%s%>", number, word.c_str()), false;
        c.offset = offset;
        const char *pct = slash;
        while (pct < end && *pct != '%') ++pct;
        String value = word.substring(slash + 1, pct), mask = pct < end ? word.substring(pct + 1, end) : String();
        if (!value || (pct < end && mask.length() != value.length()))
            return errh->error("pattern %d: %s", number, value ? "value and mask differ in length" : "empty value"), false;
        if (value.length() % 2)
            return errh->error("pattern %d: value has odd number of hex digits", number), false;
        for (int i = 0; i < value.length(); i += 2) {
            int v = 0, m = 0;
            for (int k = i; k < i + 2; ++k) {
                int d = value[k] == '?' ? 0 : nibble(value[k]), f = value[k] == '?' ? 0 : 15;
                if (mask && (f &= nibble(mask[k])) < 0)
                    f = 0, d = -1;
                if (d < 0 || (mask && nibble(mask[k]) < 0))
                    return errh->error("pattern %d: invalid hex digit in %<%s%>", number, word.c_str()), false;
                v = v << 4 | (d & f), m = m << 4 | f;
            }
            c.value.push_back(v);
            c.mask.push_back(m);
        }
        pattern.push_back(c);
    }
    if (negate)
        return errh->error("pattern %d: nothing follows %<!%>", number), false;
    return true;
}

int Classifier::configure(Vector<String> &conf, ErrorHandler *errh) {
    if (conf.size() != noutputs())
        return errh->error("need %d arguments, one per output port", noutputs());
    Vector<Pattern> patterns(conf.size());
    bool ok = true;
    for (int i = 0; i < conf.size(); ++i)
        ok &= parse(cp_unquote(conf[i]), patterns[i], i, errh);
    if (!ok)
        return -1;
    _patterns = patterns;
    return 0;
}

bool Classifier::matches(const Clause &c, const Packet *p) {
    uint32_t n = c.value.size();
    if (c.offset + n > p->length())
        return c.negate;
    const uint8_t *d = p->data() + c.offset, *v = c.value.begin(), *m = c.mask.begin();
    for (uint32_t i = 0; i < n; ++i)
        if ((d[i] & m[i]) != v[i])
            return c.negate;
    return !c.negate;
}

int Classifier::classify(Packet *p) {
    for (int i = 0; i < _patterns.size(); ++i) {
        bool all = true;
        for (const Clause &c : _patterns[i])
            if (!matches(c, p)) {
                all = false;
                break;
            }
        if (all)
            return i;
    }
    return -1;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(Classifier)
