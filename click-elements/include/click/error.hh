// ErrorHandler: where complaints go. Formats are printf's plus %<...%> (quotes) and %p{element} (the
// declaration `name :: Class`). error() returns a negative value, so that `return errh->error(...)` works.
#ifndef CLICK_ERROR_HH
#define CLICK_ERROR_HH
#include <click/vector.hh>
#include <click/straccum.hh>
CLICK_DECLS

class ErrorHandler { public:
    enum Level { el_abort = -999, el_fatal = -1, el_emergency = 0, el_alert = 1, el_critical = 2, el_error = 3, el_warning = 4, el_notice = 5, el_message = 5, el_info = 6, el_debug = 7 };
    static const char e_abort[], e_fatal[], e_emergency[], e_alert[], e_critical[], e_error[], e_warning[], e_warning_annotated[], e_notice[], e_info[], e_debug[];
    static const int ok_result = 0, error_result = -EINVAL;

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

    int lfatal(const String &landmark, const char *fmt, ...);
    void lmessage(const String &landmark, const char *fmt, ...);
    void ldebug(const String &landmark, const char *fmt, ...);
    /** @a text may begin with annotations: `<4>` the level, `{l:FILE:1}` the landmark. Returns an error if the level is one. */
    int xmessage(const String &text) { return xmessage(String(), text); }
    int xmessage(const String &annotations, const String &text);
    int xmessage(const String &annotations, const char *fmt, va_list ap) { return xmessage(annotations, vformat(fmt, ap)); }
    int xmessage(const String &landmark, const String &annotations, const String &text) { return xmessage(make_landmark_anno(landmark) + annotations, text); }
    static String xformat(const char *fmt, ...);
    static String make_landmark_anno(const String &landmark) { return landmark ? "{l:" + landmark + "}" : String(); }
    static String make_anno(const char *name, const String &value) { return String("{") + name + ":" + value + "}"; }
    static String combine_anno(const String &text, const String &anno) { return anno + text; }
    /** Read the annotations in front of [begin, end) of @a s. What follows are pairs, ended by a null: a name and a String *, `#name` and an
        int *; `<>` is the level. Returns where the text begins. */
    static const char *parse_anno(const String &s, const char *begin, const char *end, ...) __attribute__((sentinel));
    static const char *skip_anno(const char *begin, const char *end);
    /** Without spaces and colons at the end; with @a colon, `: ` is added to what is not empty. */
    static String clean_landmark(const String &landmark, bool colon = false);

    /** Expand @a fmt as error() would. */
    static String format(const char *fmt, ...);
    static String vformat(const char *fmt, va_list);

    virtual int nerrors() const { return _nerrors; }
    virtual int nwarnings() const { return _nwarnings; }
    virtual void clear() { _nerrors = _nwarnings = 0; }
    bool ok() const { return !nerrors(); }

    /** One complaint, of one or more lines; landmark (`file:line`) may be empty. An heir writes this, or emit() and account(). */
    virtual void report(int level, const String &landmark, const String &text);
    /** One line of a complaint, its annotations in front; @a user_data is null for the first, then what the line before returned. */
    virtual void *emit(const String &line, void *user_data, bool more) { (void) line, (void) more; return user_data; }
    virtual void account(int level) { count(level); }

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

class SilentErrorHandler : public ErrorHandler { public:
    void report(int level, const String &, const String &) override { count(level); }
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

/** Counts for itself, too. */
class LocalErrorHandler : public ErrorVeneer { public:
    explicit LocalErrorHandler(ErrorHandler *errh) : ErrorVeneer(errh) {}
    int nerrors() const override { return _nerrors; }
    int nwarnings() const override { return _nwarnings; }
    void clear() override { _nerrors = _nwarnings = 0; }
    void report(int level, const String &landmark, const String &text) override { count(level); ErrorVeneer::report(level, landmark, text); }
};

/** Ends the process after a complaint of that level or worse. */
class BailErrorHandler : public ErrorVeneer { public:
    explicit BailErrorHandler(ErrorHandler *errh, int level = el_error) : ErrorVeneer(errh), _level(level) {}
    void report(int level, const String &landmark, const String &text) override { ErrorVeneer::report(level, landmark, text); if (level <= _level) exit(1); }
  private:
    int _level;
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
    void set_landmark(const String &landmark) { _landmark = landmark; }
    void report(int level, const String &landmark, const String &text) override { _errh->report(level, landmark ? landmark : _landmark, text); }
  private:
    String _landmark;
};

CLICK_ENDDECLS
#endif
