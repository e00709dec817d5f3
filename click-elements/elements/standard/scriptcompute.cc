// Script's handlers that compute something of their arguments.
#include <click/config.h>
#include "script.hh"
#include <click/confparse.hh>
#include <click/error.hh>
#include <click/router.hh>
#include <click/straccum.hh>
#include <math.h>
CLICK_DECLS

namespace {
enum {
    h_add, h_sub, h_mul, h_div, h_idiv, h_min, h_max, h_mod, h_rem, h_neg, h_abs, h_eq, h_ne, h_lt, h_le, h_gt, h_ge, h_not, h_and, h_or, h_nand, h_nor,
    h_if, h_in, h_first, h_sprintf, h_length, h_unquote, h_random, h_now, h_htons, h_htonl, h_ntohs, h_ntohl, h_readable, h_writable
};

struct Number {
    int64_t i = 0;
    double d = 0;
    bool integer = true;
    bool parse(const String &s) {
        if ((integer = cp_integer(s, &i))) d = (double) i;
        return integer || cp_double(s, &d);
    }
    void set(int64_t x) { i = x, d = (double) x, integer = true; }
    void set(double x) { d = x, integer = false; }
    String unparse() const {
        StringAccum sa;
        if (integer) sa << (long long) i;
        else sa << d;
        return sa.take_string();
    }
};

/** @a a becomes a op b. Sums of integers wrap, as machine words do. */
bool combine(int op, Number &a, const Number &b) {
    bool ints = a.integer && b.integer;
    switch (op) {
    case h_add: ints ? a.set((int64_t) ((uint64_t) a.i + (uint64_t) b.i)) : a.set(a.d + b.d); return true;
    case h_sub: ints ? a.set((int64_t) ((uint64_t) a.i - (uint64_t) b.i)) : a.set(a.d - b.d); return true;
    case h_mul: ints ? a.set((int64_t) ((uint64_t) a.i * (uint64_t) b.i)) : a.set(a.d * b.d); return true;
    case h_div:
        if (ints && b.i > 0 && a.i % b.i == 0) a.set(a.i / b.i);
        else a.set(a.d / b.d);
        return true;
    case h_idiv: {
        if (ints && b.i > 0) {
            a.set(a.i / b.i);
            return true;
        }
        double q = trunc(a.d / b.d);
        if (!(q >= -9.2e18 && q <= 9.2e18)) return false;
        a.set((int64_t) q);
        return true;
    }
    case h_min: if (b.d < a.d) a = b; return true;
    default: if (b.d > a.d) a = b; return true;
    }
}

/** Text by a printf format, whose arguments are words. False if they do not fit. */
bool format(const Vector<String> &words, String &result) {
    if (words.empty())
        return true;
    String f = cp_unquote(words[0]);
    StringAccum sa;
    int next = 1;
    for (int k = 0; k < f.length(); ++k) {
        if (f[k] != '%') {
            sa << f[k];
            continue;
        }
        StringAccum spec;
        spec << '%';
        int digits = 0;
        for (++k; k < f.length() && strchr("-+ #0123456789.", f[k]); ++k) {
            digits = isdigit((unsigned char) f[k]) ? digits + 1 : 0;
            if (digits > 3) return false;
            spec << f[k];
        }
        while (k < f.length() && (f[k] == 'l' || f[k] == 'h')) ++k;
        if (k >= f.length() || spec.length() > 12)
            return false;
        char c = f[k];
        if (c == '%') {
            sa << '%';
            continue;
        }
        if (next >= words.size())
            return false;
        String arg = cp_unquote(words[next++]);
        Number x;
        char out[1100];
        if (c == 's') {
            int width = 0, precision = arg.length(), at = 1;
            bool left = false;
            String t = spec.take_string();
            for (; at < t.length() && strchr("-+ #0", t[at]); ++at) left |= t[at] == '-';
            for (; at < t.length() && t[at] != '.'; ++at) width = width * 10 + t[at] - '0';
            if (at < t.length()) precision = atoi(t.c_str() + at + 1);
            arg = arg.substring(0, precision);
            sa.append_fill(' ', left ? 0 : width - arg.length());
            sa << arg;
            sa.append_fill(' ', left ? width - arg.length() : 0);
            continue;
        }
        if (!x.parse(arg))
            return false;
        if (strchr("diuxXo", c)) {
            if (!x.integer) return false;
            spec << "ll" << c;
            snprintf(out, sizeof out, spec.take_string().c_str(), (long long) x.i);
        } else if (c == 'c') {
            out[0] = (char) x.i, out[1] = 0;
        } else if (strchr("eEfFgG", c)) {
            spec << c;
            snprintf(out, sizeof out, spec.take_string().c_str(), x.d);
        } else
            return false;
        sa << out;
    }
    result = sa.take_string();
    return next == words.size();
}

bool compare(int op, const String &a, const String &b) {
    Number x, y;
    int c;
    if (x.parse(a) && y.parse(b))
        c = x.integer && y.integer ? (x.i < y.i ? -1 : x.i > y.i) : (x.d < y.d ? -1 : x.d > y.d);
    else
        c = cp_unquote(a).compare(cp_unquote(b));
    switch (op) {
    case h_eq: return c == 0;
    case h_ne: return c != 0;
    case h_lt: return c < 0;
    case h_le: return c <= 0;
    case h_gt: return c > 0;
    default: return c >= 0;
    }
}
}

int Script::compute(int, String &str, Element *e, const Handler *h, ErrorHandler *errh) {
    int op = (int) (uintptr_t) h->read_user_data();
    Vector<String> words;
    cp_spacevec(str, words);
    switch (op) {
    case h_add: case h_sub: case h_mul: case h_div: case h_idiv: case h_min: case h_max: {
        Number sum, x;
        sum.set(int64_t(op == h_mul || op == h_div || op == h_idiv));
        if (words.empty() && op >= h_min)
            return errh->error("expected list of numbers");
        for (int i = 0; i < words.size(); ++i) {
            if (!x.parse(words[i])) return errh->error("expected list of numbers");
            if (!i) sum = x;
            else if (!combine(op, sum, x)) return errh->error("division by zero");
        }
        str = sum.unparse();
        return 0;
    }
    case h_mod: case h_rem: {
        Number x, y;
        if (words.size() != 2 || !x.parse(words[0]) || !y.parse(words[1]) || (op == h_mod && !(x.integer && y.integer)))
            return errh->error("expected two numbers");
        if (op == h_mod && y.i == 0) return errh->error("division by zero");
        if (op == h_mod) x.set(y.i == -1 ? int64_t(0) : x.i % y.i);
        else x.set(fmod(x.d, y.d));
        str = x.unparse();
        return 0;
    }
    case h_neg: case h_abs: {
        Number x, zero;
        if (words.size() != 1 || !x.parse(words[0])) return errh->error("expected one number");
        if (op == h_neg || x.d < 0) {
            combine(h_sub, zero, x);
            x = zero;
        }
        str = x.unparse();
        return 0;
    }
    case h_eq: case h_ne: case h_lt: case h_le: case h_gt: case h_ge:
        if (words.size() != 2) return errh->error("expected two numbers");
        str = String(compare(op, words[0], words[1]));
        return 0;
    case h_not: case h_and: case h_or: case h_nand: case h_nor: {
        bool all = true, any = false, b;
        for (const String &w : words) {
            if (!cp_bool(cp_unquote(w), &b)) return errh->error("syntax error");
            all &= b, any |= b;
        }
        if (op == h_not && words.size() != 1) return errh->error("syntax error");
        str = String(op == h_and ? all : op == h_or ? any : op == h_nand ? !all : !any);
        return 0;
    }
    case h_if: {
        bool b;
        if (words.size() != 3 || !cp_bool(cp_unquote(words[0]), &b)) return errh->error("syntax error");
        str = words[b ? 1 : 2];
        return 0;
    }
    case h_in: {
        bool found = false;
        for (int i = 1; i < words.size(); ++i) found |= cp_unquote(words[i]) == cp_unquote(words[0]);
        str = String(found);
        return 0;
    }
    case h_first: str = words.empty() ? String() : words[0]; return 0;
    case h_sprintf: return format(words, str) ? 0 : errh->error("syntax error");
    case h_length: str = String(str.length()); return 0;
    case h_unquote: str = cp_unquote(str); return 0;
    case h_now: {
        if (str) return errh->error("read handler %<%s.now%> does not take parameters", e->name().c_str());
        StringAccum sa;
        Timestamp t = Timestamp::now();
        sa.snprintf(32, "%d.%09u", t.sec(), t.nsec());
        str = sa.take_string();
        return 0;
    }
    case h_random: {
        int64_t low = 0, high = 0x7FFFFFFF;
        if (words.size() > 2 || (words.size() && !cp_integer(words[0], &high)) || (words.size() == 2 && (low = high, !cp_integer(words[1], &high))))
            return errh->error("expected two numbers");
        if (words.size() == 1) --high;
        if (low > high) return errh->error("bad range");
        uint64_t r = (uint64_t) click_random() << 32 | click_random(), n = (uint64_t) high - (uint64_t) low + 1;
        str = String((long long) ((uint64_t) low + (n ? r % n : r)));
        return 0;
    }
    case h_htons: case h_ntohs: case h_htonl: case h_ntohl: {
        int64_t x, max = op == h_htons || op == h_ntohs ? 0xFFFF : 0xFFFFFFFF;
        if (words.size() != 1 || !cp_integer(words[0], &x) || x < 0 || x > max) return errh->error("syntax error");
        str = String((unsigned) (max == 0xFFFF ? htons((uint16_t) x) : htonl((uint32_t) x)));
        return 0;
    }
    default: {
        bool all = true;
        Element *of;
        for (const String &w : words) {
            const Handler *f = static_cast<Script *>(e)->find_handler(w, of);
            all &= f && (op == h_readable ? f->readable() : f->writable());
        }
        str = String(all);
        return 0;
    }
    }
}

CLICK_ENDDECLS
