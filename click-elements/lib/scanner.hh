// The tokens of the Click language.
#ifndef LCLICK_SCANNER_HH
#define LCLICK_SCANNER_HH
#include <click/confparse.hh>
#include <click/error.hh>
CLICK_DECLS

enum TokenKind { T_END, T_ID, T_VAR, T_ARROW, T_DARROW, T_COLONS, T_BARS, T_DOTS, T_CHAR };

struct Token {
    TokenKind kind = T_END;
    String text;
    String landmark;
    bool is(char c) const { return kind == T_CHAR && text[0] == c; }
    bool is(const char *word) const { return kind == T_ID && text == word; }
    bool arrow() const { return kind == T_ARROW || kind == T_DARROW; }
    bool keyword() const { return is("elementclass") || is("require") || is("provide") || is("define"); }
};

class Scanner { public:
    Scanner(const String &text, const String &filename, ErrorHandler *errh) : _text(text), _s(_text.begin()), _end(_text.end()), _file(filename), _errh(errh) {}
    String landmark() const { return _file + ":" + String(_line); }
    Token next();
    /** Raw text up to the parenthesis that balances the one just read. */
    String config(bool *closed);
    /** Does a `$` come next? */
    bool before_parameter();
    /** Some `#` line was not understood. */
    bool failed() const { return _failed; }

  private:
    String _text;
    const char *_s, *_end;
    String _file;
    ErrorHandler *_errh;
    int _line = 1;
    bool _line_start = true, _failed = false;

    void skip_space();
    bool line_directive();
    void advance(const char *to) { for (; _s < to; ++_s) _line += *_s == '\n'; }
};

/** Past one piece of a configuration string: a quoted text, a comment, `\<...>`, or one character. */
const char *skip_config_piece(const char *s, const char *end);
/** If @a s is a line `# 12 "file"` or `#line 12 "file"`: where it ends, else null. */
const char *parse_line_directive(const char *s, const char *end, int *line, String *file);

CLICK_ENDDECLS
#endif
