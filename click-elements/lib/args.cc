// Args: matching arguments with keywords and positions.
#include <click/config.h>
#include <click/element.hh>
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

Args::~Args() {
    while (Slot *s = _slots) {
        _slots = s->next;
        delete s;
    }
}

Args &Args::bind(const Vector<String> &conf) {
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

int Args::consume() {
    if (_status)
        for (Slot *s = _slots; s; s = s->next)
            s->store();
    while (Slot *s = _slots) {
        _slots = s->next;
        delete s;
    }
    _tail = &_slots;
    return _status ? 0 : -EINVAL;
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

bool IntArg::invalid(const String &, const ArgContext &args) const { args.error("invalid number"); return false; }
void IntArg::range(bool negative, const ArgContext &args) const { args.error(negative ? "number out of range, too small" : "number out of range, too large"); }

bool IPPortArg::parse(const String &s, uint16_t &result, const ArgContext &) const {
    int x;
    if (!cp_integer(s, &x) || x < 0 || x > 65535) return false;
    result = (uint16_t) x;
    return true;
}

bool AnnoArg::parse(const String &s, int &result, const ArgContext &args) const {
    static const struct { const char *name; int offset, size; } names[] = {
        {"PAINT", 16, 1}, {"DST_IP", 0, 4}, {"VLAN_TCI", 20, 2}, {"AGGREGATE", 20, 4}, {"EXTRA_PACKETS", 24, 4}, {"EXTRA_LENGTH", 28, 4}, {"SEQUENCE_NUMBER", 36, 4}};
    int offset = -1, width = size;
    for (const auto &n : names)
        if (s == n.name) offset = n.offset, width = n.size;
    if (offset < 0 && !cp_integer(s, &offset)) { args.error("not an annotation"); return false; }
    if (offset < 0 || offset + size > Packet::anno_size) { args.error("annotation offset out of range"); return false; }
    if (width != size) { args.error("annotation has %d bytes, not %d", width, size); return false; }
    result = offset | (size << 16);
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
