// FromFile: how elements read files: mapped or in pieces, from standard input, compressed ones through a decompressor.
#ifndef CLICK_FROMFILE_HH
#define CLICK_FROMFILE_HH
#include <click/packet.hh>
#include <click/vector.hh>
#include <stdio.h>
CLICK_DECLS
class Element;
class ErrorHandler;

class FromFile { public:
    FromFile() {}
    ~FromFile() { cleanup(); }
    FromFile(const FromFile &) = delete;
    FromFile &operator=(const FromFile &) = delete;
    const String &filename() const { return _filename; }
    String &filename() { return _filename; }
    bool initialized() const { return _fd >= 0; }
    /** FILE:LINE; in the pattern %f is the file, %l the line. */
    void set_landmark_pattern(const String &p) { _landmark_pattern = p; }
    String landmark(const String &pattern) const;
    String landmark() const { return landmark(_landmark_pattern); }
    String print_filename() const;
    int lineno() const { return _lineno; }
    void set_lineno(int n) { _lineno = n; }
    off_t file_pos() const { return _offset + _pos; }

    /** FILENAME is the element's to read; this takes MMAP, which changes nothing here but is checked. */
    int configure_keywords(Vector<String> &conf, Element *, ErrorHandler *);
    /** Read @a data instead of a file. */
    int set_data(const String &data, ErrorHandler *);
    /** <0: an error was reported; with @a allow_nonexistent, -ENOENT silently. */
    int initialize(ErrorHandler *, bool allow_nonexistent = false);
    void add_handlers(Element *, bool filepos_writable = false) const;
    void cleanup();
    void take_state(FromFile &, ErrorHandler *);

    int seek(off_t, ErrorHandler *);
    int read(void *, uint32_t, ErrorHandler * = nullptr);
    /** @a n bytes, in place or in @a store; null if there are no more. Aligned to 4 bytes, or not. */
    const uint8_t *get_aligned(size_t n, void *store, ErrorHandler * = nullptr);
    const uint8_t *get_unaligned(size_t n, void *store, ErrorHandler * = nullptr);
    String get_string(size_t, ErrorHandler * = nullptr);
    Packet *get_packet(size_t, uint32_t sec, uint32_t subsec, ErrorHandler *);
    Packet *get_packet_from_data(const void *data, size_t n, size_t full_size, uint32_t sec, uint32_t subsec, ErrorHandler *);
    void shift_pos(int delta) { _pos += delta; }
    /** Up to and with the line end. 1; 0 at the end of the file; <0 after an error. */
    int read_line(String &, ErrorHandler *, bool temporary = false);
    int peek_line(String &, ErrorHandler *, bool temporary = false);
    int error(ErrorHandler *, const char *format, ...) const;
    int warning(ErrorHandler *, const char *format, ...) const;

  private:
    enum { buffer_size = 32768 };
    int _fd = -1;
    FILE *_pipe = nullptr;
    String _filename, _landmark_pattern = String::make_stable("%f");
    int _lineno = 0;
    Vector<uint8_t> _buffer;        // bytes from _offset of the file on
    uint32_t _pos = 0, _len = 0;
    off_t _offset = 0;
    bool more(ErrorHandler *);
    bool want(size_t n, ErrorHandler *);
    static String read_handler(Element *, void *);
    static int write_handler(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
