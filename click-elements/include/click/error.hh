// ErrorHandler: where complaints go. Formats are printf's plus %<...%> (quotes) and %p{element} (the
// declaration `name :: Class`). error() returns a negative value, so that `return errh->error(...)` works.
#ifndef CLICK_ERROR_HH
#define CLICK_ERROR_HH
#include <click/vector.hh>
#include <click/straccum.hh>
CLICK_DECLS

class ErrorHandler { public:
    enum Level { el_fatal = -1, el_error = 3, el_warning = 4, el_message = 5, el_debug = 7 };
    static const int error_result = -EINVAL;

    ErrorHandler() {}
    virtual ~ErrorHandler() {}
    static ErrorHandler *default_handler();
    static void set_default_handler(ErrorHandler *);
    static ErrorHandler *silent_handler();

    int error(const char *fmt, ...);
    int warning(const char *fmt, ...);
    void message(const char *fmt, ...);
    void debug(const char *fmt, ...);
    int fatal(const char *fmt, ...);
    int lerror(const String &landmark, const char *fmt, ...);
    int lwarning(const String &landmark, const char *fmt, ...);

    /** Expand @a fmt as error() would. */
    static String format(const char *fmt, ...);
    static String vformat(const char *fmt, va_list);

    virtual int nerrors() const { return _nerrors; }
    virtual int nwarnings() const { return _nwarnings; }
    virtual void clear() { _nerrors = _nwarnings = 0; }
    bool ok() const { return !nerrors(); }

    /** One complaint, of one or more lines; landmark (`file:line`) may be empty. */
    virtual void report(int level, const String &landmark, const String &text) = 0;

  protected:
    int _nerrors = 0, _nwarnings = 0;
    void count(int level) { _nerrors += level <= el_error, _nwarnings += level == el_warning; }
};

/** Writes to a stdio stream, each line with the prefix given. */
class FileErrorHandler : public ErrorHandler { public:
    explicit FileErrorHandler(FILE *f, const String &prefix = String()) : _f(f), _prefix(prefix) {}
    void report(int level, const String &landmark, const String &text) override;
  private:
    FILE *_f;
    String _prefix;
};

/** Keeps the lines, for whoever asked over a socket. */
class BufferErrorHandler : public ErrorHandler { public:
    void report(int level, const String &landmark, const String &text) override;
    const Vector<String> &lines() const { return _lines; }
    String unparse() const;
  private:
    Vector<String> _lines;
};

class ErrorVeneer : public ErrorHandler { public:
    explicit ErrorVeneer(ErrorHandler *errh) : _errh(errh ? errh : silent_handler()) {}
    int nerrors() const override { return _errh->nerrors(); }
    int nwarnings() const override { return _errh->nwarnings(); }
    void clear() override { _errh->clear(); }
    void report(int level, const String &landmark, const String &text) override { _errh->report(level, landmark, text); }
  protected:
    ErrorHandler *_errh;
};

/** Says the context once before the first complaint and indents what follows by two spaces. */
class ContextErrorHandler : public ErrorVeneer { public:
    ContextErrorHandler(ErrorHandler *errh, const char *fmt, ...);
    ContextErrorHandler(ErrorHandler *errh, const String &landmark, const String &context) : ErrorVeneer(errh), _landmark(landmark), _context(context) {}
    void report(int level, const String &landmark, const String &text) override;
  private:
    String _landmark, _context;
    bool _said = false;
};

class PrefixErrorHandler : public ErrorVeneer { public:
    PrefixErrorHandler(ErrorHandler *errh, const String &prefix) : ErrorVeneer(errh), _prefix(prefix) {}
    void report(int level, const String &landmark, const String &text) override { _errh->report(level, landmark, _prefix + text); }
  private:
    String _prefix;
};

class LandmarkErrorHandler : public ErrorVeneer { public:
    LandmarkErrorHandler(ErrorHandler *errh, const String &landmark) : ErrorVeneer(errh), _landmark(landmark) {}
    void report(int level, const String &landmark, const String &text) override { _errh->report(level, landmark ? landmark : _landmark, text); }
  private:
    String _landmark;
};

CLICK_ENDDECLS
#endif
