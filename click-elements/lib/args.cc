// Args: matching arguments with keywords and positions.
#include <click/config.h>
#include <click/element.hh>
#include <click/nameinfo.hh>
#include <click/packet_anno.hh>
#include <click/standard/portinfo.hh>
#include <click/router.hh>
CLICK_DECLS

const ArgContext blank_args;

void ArgContext::error(const char *fmt, ...) const {
    va_list ap;
    va_start(ap, fmt);
    String s = ErrorHandler::vformat(fmt, ap);
    va_end(ap);
    _complained = true;
    errh()->error(_keyword ? "%s: %s" : "%s%s", _keyword.c_str(), s.c_str());
}
void ArgContext::warning(const char *fmt, ...) const {
    va_list ap;
    va_start(ap, fmt);
    String s = ErrorHandler::vformat(fmt, ap);
    va_end(ap);
    errh()->warning(_keyword ? "%s: %s" : "%s%s", _keyword.c_str(), s.c_str());
}

void ArgContext::message(const char *fmt, ...) const {
    va_list ap;
    va_start(ap, fmt);
    String s = ErrorHandler::vformat(fmt, ap);
    va_end(ap);
    errh()->message("%s%s", error_prefix().c_str(), s.c_str());
}
void ArgContext::xmessage(const String &annotations, const String &text) const {
    const char *b = ErrorHandler::skip_anno(text.begin(), text.end());
    _complained = true;
    errh()->xmessage(annotations + text.substring(text.begin(), b), error_prefix() + text.substring(b, text.end()));
}

void Args::drop_slots(Slot **from) {
    while (Slot *s = *from) {
        *from = s->next;
        delete s;
    }
    _tail = from;
}
Args::~Args() { drop_slots(&_slots); }

Args &Args::strip() {
    int kept = 0;
    for (int i = 0; i < _conf.size(); ++i)
        if (!_used[i]) {
            if (kept != i) _conf[kept] = _conf[i];
            ++kept;
        }
    _conf.resize(kept);
    _used.assign(kept, 0);
    return *this;
}

Args &Args::take(const Vector<String> &conf) {
    _conf = conf;
    _used.assign(conf.size(), 0);
    return *this;
}

bool Args::empty() const {
    for (char u : _used)
        if (!u) return false;
    return true;
}

/** The length of the upper-case word that starts @a arg and is followed by a value; 0 if there is none. */
int Args::keyword_length(const String &arg) {
    int n = 0;
    while (n < arg.length() && (isupper((unsigned char) arg[n]) || arg[n] == '_' || (n && isdigit((unsigned char) arg[n])))) ++n;
    return n && n < arg.length() && isspace((unsigned char) arg[n]) ? n : 0;
}

bool Args::find(const char *kw, int flags, String &value) {
    _keyword = kw ? String(kw) : String();
    _complained = false;
    int at = -1;
    for (int i = 0; i < _conf.size() && kw; ++i)
        if (!_used[i] && keyword_length(_conf[i]) == (int) strlen(kw) && _conf[i].starts_with(kw)) {
            at = i;
            value = _conf[i].substring((int) strlen(kw)).trim_space();
            break;
        }
    for (int i = 0; at < 0 && i < _conf.size() && (flags & positional); ++i)
        if (!_used[i] && !keyword_length(_conf[i])) {
            if (!_conf[i]) {        // an empty argument stands for the default
                _used[i] = 1;
                break;
            }
            at = i;
            value = _conf[i];
        }
    if (at >= 0)
        _used[at] = 1;
    else if (flags & mandatory) {
        _keyword = String();
        error("missing mandatory %s argument", kw);
        _status = false;
    }
    return at >= 0;
}

void Args::failed(const char *kw) {
    _status = false;
    if (!_complained) {
        _keyword = kw;
        error("invalid argument");
    }
}

int Args::execute() {
    if (_status)
        for (Slot *s = _slots; s; s = s->next)
            s->store();
    drop_slots(&_slots);
    return _status ? 0 : -EINVAL;
}
int Args::consume() {
    if (_bound) {
        strip();
        *_bound = _conf;
    }
    return execute();
}

int Args::complete() {
    _keyword = String();
    bool too_many = false;
    for (int i = 0; i < _conf.size(); ++i)
        if (!_used[i]) {
            if (int n = keyword_length(_conf[i]))
                error("%s: unknown argument", _conf[i].substring(0, n).c_str());
            else if (!too_many && _conf[i])
                too_many = true, error("too many arguments");
            _status = _status && !_conf[i];
        }
    return consume();
}

bool IntArg::magnitude(const String &s, bool &negative, uint64_t &v) {
    negative = s && s[0] == '-';
    String digits = negative || (s && s[0] == '+') ? s.substring(1) : s;
    if (!digits || digits[0] == '-' || digits[0] == '+') return false;
    if (cp_integer(digits, base, &v)) return true;
    // digits and too many of them, or no number
    if (cp_integer(digits.begin(), digits.end(), base, &v) != digits.end()) return false;
    status = status_range;
    return true;
}
bool IntArg::invalid(const String &, const ArgContext &args) const { args.error("invalid number"); return false; }
void IntArg::range(bool negative, const ArgContext &args) const { args.error(negative ? "number out of range, too small" : "number out of range, too large"); }

String FixedPointArg::shifted(const String &s, int exponent) {
    if (!exponent) return s;
    int e = s.lower().find_left('e'), x = 0;
    if (e >= 0 && !cp_integer(s.substring(e + 1), 10, &x)) return String();
    return (e < 0 ? s : s.substring(0, e)) + "e" + String(x + exponent);
}
bool BandwidthArg::parse(const String &s, uint32_t &r, const ArgContext &args) {
    status = status_inval;
    if (!cp_bandwidth(s, &r)) return false;
    status = status_ok;
    if (s && (isdigit((unsigned char) s.back()) || s.back() == '.')) {
        status = status_unitless;
        args.warning("no units on bandwidth, assuming Bps");
    }
    return true;
}

const char *IPAddressArg::basic_parse(const char *begin, const char *end, IPAddress &result) {
    unsigned char d[4];
    const char *s = begin;
    for (int i = 0; i < 4; ++i) {
        int v = 0, n = 0;
        if (i && (s == end || *s++ != '.')) return begin;
        for (; s < end && isdigit((unsigned char) *s) && n < 3; ++s, ++n) v = v * 10 + *s - '0';
        if (!n || v > 255) return begin;
        d[i] = v;
    }
    result = IPAddress(d);
    return s;
}

bool IPPortArg::parse(const String &s, uint16_t &result, const ArgContext &args) const {
    int x;
    if (!cp_integer(s, &x)) return PortInfo::query(s, proto, &result, args.context());
    if (x < 0 || x > 65535) return false;
    result = (uint16_t) x;
    return true;
}

bool AnnoArg::parse(const String &s, int &result, const ArgContext &args) const {
    uint32_t info;
    int offset = -1, width = size;
    if (NameInfo::query(NameInfo::T_ANNOTATION, args.context(), s, &info, 4))
        offset = ANNOTATIONINFO_OFFSET(info), width = ANNOTATIONINFO_SIZE(info);
    else if (!cp_integer(s, &offset)) { args.error("not an annotation"); return false; }
    if (offset < 0 || offset + size > Packet::anno_size) { args.error("annotation offset out of range"); return false; }
    if (width != size) { args.error("annotation has %d bytes, not %d", width, size); return false; }
    result = MAKE_ANNOTATIONINFO(offset, size);
    return true;
}

bool ElementArg::parse(const String &s, Element *&result, const ArgContext &args) {
    String name = cp_unquote(s);
    if (!args.context() || !args.context()->router()) return false;
    result = args.context()->router()->find(name, args.context());
    if (!result) args.error("no element named %<%s%>", name.c_str());
    return result;
}

void *ElementCastArg::find(const String &s, const ArgContext &args) const {
    Element *e;
    if (!ElementArg::parse(s, e, args)) return nullptr;
    void *p = e->cast(type);
    if (!p) args.error("%<%s%> is a %s, not a %s", e->name().c_str(), e->class_name(), type);
    return p;
}

CLICK_ENDDECLS
