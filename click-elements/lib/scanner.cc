// Click text to tokens: identifiers, arrows, comments, configuration strings, and the line directives that cpp leaves.
#include <click/config.h>
#include "scanner.hh"
CLICK_DECLS

namespace {
bool id_char(char c) { return isalnum((unsigned char) c) || c == '_' || c == '@'; }
bool name_char(char c) { return isalnum((unsigned char) c) || c == '_'; }
bool comment_at(const char *s, const char *end) { return s + 1 < end && *s == '/' && (s[1] == '/' || s[1] == '*'); }
}

const char *parse_line_directive(const char *s, const char *end, int *line, String *file) {
    const char *eol = s;
    while (eol < end && *eol != '\n') ++eol;
    if (s >= end || *s != '#')
        return nullptr;
    String rest = String(s + 1, (int) (eol - s - 1)).trim_space(), word = cp_shift_spacevec(rest);
    if (word == "line")
        word = cp_shift_spacevec(rest);
    if (!cp_integer(word, line) || *line < 0)
        return nullptr;
    if (rest && rest[0] == '"')
        *file = cp_unquote(cp_shift_spacevec(rest));
    return eol;
}

const char *skip_config_piece(const char *s, const char *end) {
    if (*s == '"' || *s == '\'') {
        char q = *s++;
        while (s < end && *s != q) s += *s == '\\' && q == '"' && s + 1 < end ? 2 : 1;
        return s < end ? s + 1 : end;
    }
    if (comment_at(s, end))
        return cp_skip_comment(s, end);
    if (*s == '\\' && s + 1 < end && s[1] == '<') {
        while (s < end && *s != '>') ++s;
        return s;
    }
    return s + 1;
}

/** The next line is line 12 of that file. A `#` line that says something else is an error: it wants the C preprocessor. */
bool Scanner::line_directive() {
    int line;
    if (const char *eol = parse_line_directive(_s, _end, &line, &_file)) {
        _s = eol;
        _line = line - 1;
        return true;
    }
    const char *eol = _s;
    while (eol < _end && *eol != '\n') ++eol;
    _errh->lerror(landmark(), "unknown preprocessor directive '%s' (run the file through cpp -P first)", _text.substring(_s, eol).trim_space().c_str());
    _failed = true;
    _s = eol;
    return true;
}

void Scanner::skip_space() {
    while (_s < _end) {
        if (*_s == '\n') ++_line, ++_s, _line_start = true;
        else if (*_s == '#' && _line_start && line_directive()) continue;
        else if (isspace((unsigned char) *_s)) ++_s, _line_start = false;
        else if (comment_at(_s, _end)) advance(cp_skip_comment(_s, _end));
        else break;
    }
    _line_start = false;
}

bool Scanner::before_parameter() {
    skip_space();
    return _s < _end && *_s == '$';
}

Token Scanner::next() {
    skip_space();
    Token t;
    t.landmark = landmark();
    if (_s >= _end)
        return t;
    const char *b = _s;
    auto two = [&](const char *s) { return _end - _s >= 2 && _s[0] == s[0] && _s[1] == s[1]; };
    if (id_char(*_s)) {
        while (_s < _end && (id_char(*_s) || (*_s == '/' && _s + 1 < _end && id_char(_s[1])))) ++_s;
        t.kind = T_ID;
    } else if (*_s == '$' && _s + 1 < _end && name_char(_s[1])) {
        for (++_s; _s < _end && name_char(*_s); ) ++_s;
        t.kind = T_VAR;
    } else if (two("->")) _s += 2, t.kind = T_ARROW;
    else if (two("=>")) _s += 2, t.kind = T_DARROW;
    else if (two("::")) _s += 2, t.kind = T_COLONS;
    else if (two("||")) _s += 2, t.kind = T_BARS;
    else if (_end - _s >= 3 && memcmp(_s, "...", 3) == 0) _s += 3, t.kind = T_DOTS;
    else ++_s, t.kind = T_CHAR;
    t.text = _text.substring(b, _s);
    return t;
}

String Scanner::config(bool *closed) {
    StringAccum sa;
    int depth = 1;
    while (_s < _end) {
        if (*_s == '(') ++depth;
        else if (*_s == ')' && --depth == 0) break;
        else if (*_s == '\n') {
            sa << *_s++, ++_line;
            int line;
            if (const char *eol = parse_line_directive(_s, _end, &line, &_file))
                _s = eol, _line = line - 1;         // cpp left it; it is no part of the arguments
            continue;
        }
        const char *e = skip_config_piece(_s, _end);
        sa.append(_s, e);
        advance(e);
    }
    *closed = _s < _end;
    if (*closed)
        ++_s;
    return sa.take_string().trim_space();
}

CLICK_ENDDECLS
