// Error handlers and their formats.
#include <click/config.h>
#include <click/element.hh>
#include <click/error.hh>
CLICK_DECLS

namespace {
ErrorHandler *the_default;
}

ErrorHandler *ErrorHandler::default_handler() {
    static FileErrorHandler file(stderr);
    return the_default ? the_default : &file;
}
void ErrorHandler::set_default_handler(ErrorHandler *errh) { the_default = errh; }
ErrorHandler *ErrorHandler::silent_handler() {
    static SilentErrorHandler silent;
    return &silent;
}

String ErrorHandler::vformat(const char *fmt, va_list ap) {
    StringAccum sa;
    va_list args;
    va_copy(args, ap);
    while (*fmt) {
        const char *pct = strchr(fmt, '%');
        if (!pct) {
            sa << fmt;
            break;
        }
        sa.append(fmt, (int) (pct - fmt));
        fmt = pct + 1;
        if (*fmt == '<' || *fmt == '>' || *fmt == '%') {
            sa << (*fmt == '%' ? '%' : '\'');
            ++fmt;
            continue;
        }
        // Copy one conversion, then let snprintf do it.
        char spec[32] = "%";
        int n = 1, stars[2], nstars = 0, longs = 0;
        bool size = false;
        while (*fmt && strchr("-+ #0123456789.*hlqzjt", *fmt) && n < 24) {
            if (*fmt == '*' && nstars < 2)
                stars[nstars++] = va_arg(args, int);
            longs += *fmt == 'l';
            size |= *fmt == 'z' || *fmt == 'j' || *fmt == 't';
            spec[n++] = *fmt++;
        }
        char conv = *fmt ? *fmt++ : 's';
        spec[n++] = conv, spec[n] = 0;
        char buf[1024];
        auto print = [&](auto value) {
            int len = nstars == 0 ? snprintf(buf, sizeof buf, spec, value)
                : nstars == 1 ? snprintf(buf, sizeof buf, spec, stars[0], value)
                : snprintf(buf, sizeof buf, spec, stars[0], stars[1], value);
            sa.append(buf, len < (int) sizeof buf ? len : (int) sizeof buf - 1);
        };
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        if (conv == 'p' && strncmp(fmt, "{element}", 9) == 0) {
            const Element *e = va_arg(args, const Element *);
            sa << (e ? e->declaration() : String("(null)"));
            fmt += 9;
        } else if (conv == 'p' && strncmp(fmt, "{timestamp}", 11) == 0) {
            sa << *va_arg(args, const Timestamp *);
            fmt += 11;
        } else if (conv == 'p' && strncmp(fmt, "{ip_ptr}", 8) == 0) {
            sa << *va_arg(args, const IPAddress *);
            fmt += 8;
        } else if (conv == 'p' && strncmp(fmt, "{ip}", 4) == 0) {
            sa << IPAddress(va_arg(args, unsigned));
            fmt += 4;
        } else if (conv == 's' && n == 2) {
            const char *s = va_arg(args, const char *);
            sa << (s ? s : "(null)");
        } else if (conv == 's')
            print(va_arg(args, const char *));
        else if (conv == 'p')
            print(va_arg(args, void *));
        else if (strchr("eEfgGa", conv))
            print(va_arg(args, double));
        else if (longs == 1 || size)
            print(va_arg(args, long));
        else if (longs > 1)
            print(va_arg(args, long long));
        else
            print(va_arg(args, int));
#pragma GCC diagnostic pop
    }
    va_end(args);
    return sa.take_string();
}

#define CLICK_VFORMAT(var, fmt) String var; { va_list ap; va_start(ap, fmt); var = vformat(fmt, ap); va_end(ap); }

String ErrorHandler::format(const char *fmt, ...) { CLICK_VFORMAT(s, fmt); return s; }
int ErrorHandler::error(const char *fmt, ...) { CLICK_VFORMAT(s, fmt); report(el_error, String(), s); return error_result; }
int ErrorHandler::warning(const char *fmt, ...) { CLICK_VFORMAT(s, fmt); report(el_warning, String(), s); return error_result; }
void ErrorHandler::message(const char *fmt, ...) { CLICK_VFORMAT(s, fmt); report(el_message, String(), s); }
void ErrorHandler::debug(const char *fmt, ...) { CLICK_VFORMAT(s, fmt); report(el_debug, String(), s); }
int ErrorHandler::fatal(const char *fmt, ...) { CLICK_VFORMAT(s, fmt); report(el_fatal, String(), s); exit(1); }
int ErrorHandler::lerror(const String &lm, const char *fmt, ...) { CLICK_VFORMAT(s, fmt); report(el_error, lm, s); return error_result; }
String ErrorHandler::xformat(const char *fmt, ...) { CLICK_VFORMAT(s, fmt); return s; }
int ErrorHandler::lfatal(const String &lm, const char *fmt, ...) { CLICK_VFORMAT(s, fmt); report(el_fatal, lm, s); exit(1); }
void ErrorHandler::lmessage(const String &lm, const char *fmt, ...) { CLICK_VFORMAT(s, fmt); report(el_message, lm, s); }
void ErrorHandler::ldebug(const String &lm, const char *fmt, ...) { CLICK_VFORMAT(s, fmt); report(el_debug, lm, s); }
int ErrorHandler::lwarning(const String &lm, const char *fmt, ...) { CLICK_VFORMAT(s, fmt); report(el_warning, lm, s); return error_result; }

/** Call @a f with each line, landmark and `warning:` in front. */
template <typename F> static void each_line(int level, const String &landmark, const String &text, F f) {
    const char *s = text.begin(), *end = text.end();
    do {
        const char *e = s;
        while (e < end && *e != '\n') ++e;
        StringAccum sa;
        if (landmark) {
            // "warning: " belongs after the landmark, the indent of a detail after both.
            sa << landmark << (landmark.back() == ':' ? " " : ": ");
        }
        if (level == ErrorHandler::el_warning) {
            const char *t = s;
            while (t < e && *t == ' ') ++t;
            sa.append(s, t);
            sa << "warning: ";
            s = t;
        }
        sa.append(s, e);
        f(sa.take_string());
        s = e + 1;
    } while (s < end);
}

void FileErrorHandler::report(int level, const String &landmark, const String &text) {
    count(level);
    each_line(level, landmark, text, [this](const String &line) { fprintf(_f, "%s%.*s\n", _prefix.c_str(), line.length(), line.data()); });
}

void BufferErrorHandler::report(int level, const String &landmark, const String &text) {
    count(level);
    each_line(level, landmark, text, [this](const String &line) { _lines.push_back(line); });
}

String BufferErrorHandler::unparse() const {
    StringAccum sa;
    for (const String &line : _lines)
        sa << line << '\n';
    return sa.take_string();
}

ContextErrorHandler::ContextErrorHandler(ErrorHandler *errh, const char *fmt, ...) : ErrorVeneer(errh) { CLICK_VFORMAT(s, fmt); _context = s; }

void ContextErrorHandler::report(int level, const String &landmark, const String &text) {
    if (!_said) {
        _said = true;
        _errh->report(el_message, _landmark, _context);
    }
    StringAccum sa;
    for (const char *s = text.begin(); s < text.end(); ) {
        const char *e = s;
        while (e < text.end() && *e != '\n') ++e;
        sa << (sa.length() ? "\n  " : "  ");
        sa.append(s, e);
        s = e + 1;
    }
    _errh->report(level, landmark, sa.take_string());
}

CLICK_ENDDECLS
