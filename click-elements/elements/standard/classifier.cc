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
    Vector<Pattern> patterns(conf.size(), Pattern());
    bool ok = true;
    for (int i = 0; i < conf.size(); ++i)
        ok &= parse(cp_unquote(conf[i]), patterns[i], i, errh);
    if (!ok)
        return -1;
    DecisionProgram program;
    int entry = DecisionProgram::leaf(DecisionProgram::drop);
    for (int i = patterns.size() - 1; i >= 0; --i) {
        int no = entry, yes = DecisionProgram::leaf(i);
        for (int k = patterns[i].size() - 1; k >= 0; --k)
            yes = compile(program, patterns[i][k], yes, no);
        entry = yes;
    }
    program.finish(entry, 0);
    for (int i = 0; i < patterns.size(); ++i)
        if (!program.reaches(i)) errh->warning("output %d matches no packets", i);
    _program.swap(program);
    return 0;
}

/** A clause as tests of up to four bytes; returns where they begin. */
int Classifier::compile(DecisionProgram &program, const Clause &c, int yes, int no) {
    if (c.negate) std::swap(yes, no);
    int at = yes;
    for (int i = c.value.size(), width; i > 0; i -= width) {
        width = i % 4 == 0 ? 4 : i % 2 == 0 ? 2 : 1;
        DecisionField f = {0, (uint8_t) width, c.offset + i - width, 0};
        uint32_t value = 0;
        for (int k = i - width; k < i; ++k) value = value << 8 | c.value[k], f.mask = f.mask << 8 | c.mask[k];
        at = program.test(f, value, value, at, no);
    }
    return at;
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(DecisionProgram)
EXPORT_ELEMENT(Classifier)
