// Reading files for elements: see fromfile.hh.
#include <click/config.h>
#include <click/args.hh>
#include <click/element.hh>
#include <click/fromfile.hh>
#include <click/userutils.hh>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
CLICK_DECLS

String FromFile::print_filename() const { return !_filename || _filename == "-" ? String("<stdin>") : _filename; }

String FromFile::landmark(const String &pattern) const {
    StringAccum sa;
    for (const char *s = pattern.begin(); s < pattern.end(); ++s)
        if (*s == '%' && s + 1 < pattern.end() && (s[1] == 'f' || s[1] == 'l')) {
            if (*++s == 'f') sa << print_filename();
            else sa << _lineno;
        } else
            sa << *s;
    return sa.take_string();
}

int FromFile::error(ErrorHandler *errh, const char *format, ...) const {
    va_list ap;
    va_start(ap, format);
    String s = ErrorHandler::vformat(format, ap);
    va_end(ap);
    return (errh ? errh : ErrorHandler::silent_handler())->lerror(landmark(), "%s", s.c_str());
}
int FromFile::warning(ErrorHandler *errh, const char *format, ...) const {
    va_list ap;
    va_start(ap, format);
    String s = ErrorHandler::vformat(format, ap);
    va_end(ap);
    return (errh ? errh : ErrorHandler::silent_handler())->lwarning(landmark(), "%s", s.c_str());
}

int FromFile::configure_keywords(Vector<String> &conf, Element *e, ErrorHandler *errh) {
    bool mmap;
    return Args(e, errh).bind(conf).read("MMAP", mmap).consume();
}

int FromFile::set_data(const String &data, ErrorHandler *errh) {
    if (_fd >= 0) return error(errh, "already initialized");
    char name[] = "/tmp/click-data-XXXXXX";
    _fd = mkstemp(name);
    if (_fd < 0) return error(errh, "%s", strerror(errno));
    unlink(name);
    for (int n = 0, w; n < data.length(); n += w)
        if ((w = ::write(_fd, data.data() + n, data.length() - n)) <= 0) return error(errh, "%s", strerror(errno));
    lseek(_fd, 0, SEEK_SET);
    return 0;
}

int FromFile::initialize(ErrorHandler *errh, bool allow_nonexistent) {
    if (_fd >= 0) return 0;
    _pos = _len = 0, _offset = 0;
    _fd = !_filename || _filename == "-" ? dup(0) : open(_filename.c_str(), O_RDONLY | O_CLOEXEC);
    if (_fd < 0) {
        int e = errno;
        return e == ENOENT && allow_nonexistent ? -ENOENT : error(errh, "%s", strerror(e));
    }
    if (!more(errh)) return _fd < 0 ? -1 : 0;      // an empty file; not the place to complain
    if (compressed_data(_buffer.begin(), (int) _len)) {
        if (_filename == "-" || !_filename) return error(errh, "compressed data on standard input");
        close(_fd);
        _fd = -1;
        _pipe = open_uncompress_pipe(_filename, _buffer.begin(), (int) _len, errh);
        if (!_pipe) return -1;
        _fd = dup(fileno(_pipe));
        _pos = _len = 0, _offset = 0;
        more(errh);
    }
    return 0;
}

void FromFile::cleanup() {
    if (_fd >= 0) close(_fd);
    if (_pipe) pclose(_pipe);
    _fd = -1, _pipe = nullptr, _len = _pos = 0;
}

void FromFile::take_state(FromFile &o, ErrorHandler *errh) {
    if (_filename != o._filename) {
        (void) error(errh, "FILENAME differs, not taking state");
        return;
    }
    cleanup();
    std::swap(_fd, o._fd), std::swap(_pipe, o._pipe), _buffer.swap(o._buffer);
    _pos = o._pos, _len = o._len, _offset = o._offset, _lineno = o._lineno;
    o._pos = o._len = 0;
}

/** Read on, dropping what was consumed. False at the end of the file. */
bool FromFile::more(ErrorHandler *errh) {
    if (_fd < 0) return false;
    if (_pos > _len) _pos = _len;
    if (_pos) {
        memmove(_buffer.begin(), _buffer.begin() + _pos, _len - _pos);
        _offset += _pos, _len -= _pos, _pos = 0;
    }
    if (_buffer.size() < (int) _len + buffer_size) _buffer.resize(_len + buffer_size, 0);
    ssize_t n;
    while ((n = ::read(_fd, _buffer.begin() + _len, _buffer.size() - _len)) < 0 && errno == EINTR) {}
    if (n < 0) error(errh, "%s", strerror(errno));
    if (n > 0) _len += (uint32_t) n;
    return n > 0;
}
bool FromFile::want(size_t n, ErrorHandler *errh) {
    if (n > (1 << 28)) return false;
    while (_pos > _len) {           // shift_pos() went beyond what is there
        uint32_t beyond = _pos - _len;
        _pos = _len;
        if (!more(errh)) return false;
        _pos += beyond;
    }
    while (_len - _pos < n)
        if (!more(errh)) return false;
    return true;
}

int FromFile::seek(off_t to, ErrorHandler *errh) {
    if (to >= _offset && to <= _offset + (off_t) _len) {
        _pos = (uint32_t) (to - _offset);
        return 0;
    }
    if (!_pipe && lseek(_fd, to, SEEK_SET) == to) {
        _offset = to, _pos = _len = 0;
        return 0;
    }
    if (to < file_pos()) return error(errh, "cannot seek backwards in a pipe");
    while (to > _offset + (off_t) _len) {
        _pos = _len;
        if (!more(errh)) return error(errh, "end of file");
    }
    _pos = (uint32_t) (to - _offset);
    return 0;
}

int FromFile::read(void *to, uint32_t n, ErrorHandler *errh) {
    want(n, errh);
    uint32_t have = _pos < _len ? _len - _pos : 0;
    if (have < n) n = have;
    memcpy(to, _buffer.begin() + _pos, n);
    _pos += n;
    return (int) n;
}
const uint8_t *FromFile::get_unaligned(size_t n, void *, ErrorHandler *errh) {
    if (!want(n, errh)) return nullptr;
    const uint8_t *p = _buffer.begin() + _pos;
    _pos += (uint32_t) n;
    return p;
}
const uint8_t *FromFile::get_aligned(size_t n, void *store, ErrorHandler *errh) {
    const uint8_t *p = get_unaligned(n, store, errh);
    if (!p || !((uintptr_t) p & 3)) return p;
    memcpy(store, p, n);
    return (const uint8_t *) store;
}
String FromFile::get_string(size_t n, ErrorHandler *errh) {
    const uint8_t *p = get_unaligned(n, nullptr, errh);
    return p ? String((const char *) p, (int) n) : String();
}
Packet *FromFile::get_packet(size_t n, uint32_t sec, uint32_t subsec, ErrorHandler *errh) {
    const uint8_t *p = get_unaligned(n, nullptr, errh);
    return p ? get_packet_from_data(p, n, n, sec, subsec, errh) : nullptr;
}
Packet *FromFile::get_packet_from_data(const void *data, size_t n, size_t full_size, uint32_t sec, uint32_t subsec, ErrorHandler *errh) {
    WritablePacket *p = Packet::make(Packet::default_headroom, nullptr, (uint32_t) full_size, 0);
    if (!p) {
        error(errh, "out of memory!");
        return nullptr;
    }
    if (n > full_size) n = full_size;
    memcpy(p->data(), data, n);
    memset(p->data() + n, 0, full_size - n);
    p->timestamp_anno().assign(sec, subsec);
    return p;
}

int FromFile::peek_line(String &result, ErrorHandler *errh, bool) {
    for (uint32_t at = 0;;) {
        if (_pos > _len && !want(0, errh)) return 0;
        const uint8_t *b = _buffer.begin() + _pos;
        uint32_t have = _len - _pos;
        for (; at < have; ++at)
            if (b[at] == '\n' || (b[at] == '\r' && at + 1 < have)) {
                if (b[at] == '\r' && b[at + 1] == '\n') ++at;
                result = String((const char *) b, (int) at + 1);
                return 1;
            } else if (b[at] == '\r')
                break;                      // a line feed may follow
        if (!more(errh)) {
            have = _len - _pos;
            result = String((const char *) _buffer.begin() + _pos, (int) have);
            return have > 0;
        }
    }
}
int FromFile::read_line(String &result, ErrorHandler *errh, bool temporary) {
    int r = peek_line(result, errh, temporary);
    if (r > 0) _pos += result.length(), ++_lineno;
    return r;
}

String FromFile::read_handler(Element *e, void *data) {
    (void) e;
    const FromFile *f = (const FromFile *) ((uintptr_t) data & ~(uintptr_t) 3);
    struct stat st;
    switch ((uintptr_t) data & 3) {
    case 0: return f->print_filename();
    case 1: return f->_fd >= 0 && !f->_pipe && fstat(f->_fd, &st) == 0 && S_ISREG(st.st_mode) ? String((long long) st.st_size) : String("-");
    default: return String((long long) f->file_pos());
    }
}
int FromFile::write_handler(const String &s, Element *, void *data, ErrorHandler *errh) {
    off_t to;
    return cp_file_offset(cp_uncomment(s), &to) ? ((FromFile *) ((uintptr_t) data & ~(uintptr_t) 3))->seek(to, errh) : errh->error("argument must be file position");
}
void FromFile::add_handlers(Element *e, bool writable) const {
    static_assert(alignof(FromFile) >= 4, "low bits tell the handlers apart");
    e->add_read_handler("filename", read_handler, (const char *) this);
    e->add_read_handler("filesize", read_handler, (const char *) this + 1);
    e->add_read_handler("filepos", read_handler, (const char *) this + 2);
    if (writable) e->add_write_handler("filepos", write_handler, (const char *) this);
}

CLICK_ENDDECLS
