// ErrorHandler: annotations in front of messages, for handlers that take or give complaints as text.
#include <click/config.h>
#include <click/error.hh>
CLICK_DECLS

const char ErrorHandler::e_abort[] = "<-999>", ErrorHandler::e_fatal[] = "<-1>", ErrorHandler::e_emergency[] = "<0>", ErrorHandler::e_alert[] = "<1>",
    ErrorHandler::e_critical[] = "<2>", ErrorHandler::e_error[] = "<3>", ErrorHandler::e_warning[] = "<4>", ErrorHandler::e_warning_annotated[] = "<4>warning: ",
    ErrorHandler::e_notice[] = "<5>", ErrorHandler::e_info[] = "<6>", ErrorHandler::e_debug[] = "<7>";

namespace {
/** One annotation at @a s: where it ends, its name (`<>` for the level) and value; null if there is none. */
const char *one_anno(const char *s, const char *end, String &name, String &value) {
    if (s < end && *s == '<') {
        const char *e = s + 1;
        while (e < end && (isdigit((unsigned char) *e) || *e == '-')) ++e;
        if (e == end || *e != '>' || e == s + 1) return nullptr;
        name = "<>", value = String(s + 1, e);
        return e + 1;
    }
    if (s >= end || *s != '{') return nullptr;
    const char *colon = s + 1;
    while (colon < end && (isalnum((unsigned char) *colon) || *colon == '_')) ++colon;
    if (colon == end || *colon != ':' || colon == s + 1) return nullptr;
    const char *e = colon + 1;
    while (e < end && *e != '}' && *e != '\n') ++e;
    if (e == end || *e != '}') return nullptr;
    name = String(s + 1, colon), value = String(colon + 1, e);
    return e + 1;
}
}

const char *ErrorHandler::skip_anno(const char *begin, const char *end) {
    String name, value;
    while (const char *e = one_anno(begin, end, name, value)) begin = e;
    return begin;
}

const char *ErrorHandler::parse_anno(const String &s, const char *begin, const char *end, ...) {
    if (begin < s.begin()) begin = s.begin();
    String name, value;
    while (const char *e = one_anno(begin, end, name, value)) {
        va_list ap;
        va_start(ap, end);
        while (const char *want = va_arg(ap, const char *)) {
            void *store = va_arg(ap, void *);
            if (*want != '#' && name == want) *static_cast<String *>(store) = value;
            else if (*want == '#' && name == want + 1) *static_cast<int *>(store) = (int) strtol(value.c_str(), nullptr, 10);
        }
        va_end(ap);
        begin = e;
    }
    return begin;
}

String ErrorHandler::clean_landmark(const String &landmark, bool colon) {
    const char *e = landmark.end();
    while (e > landmark.begin() && (isspace((unsigned char) e[-1]) || e[-1] == ':')) --e;
    String s = landmark.substring(landmark.begin(), e);
    return s && colon ? s + ": " : s;
}

int ErrorHandler::xmessage(const String &annotations, const String &text) {
    String all = annotations + text, landmark;
    int level = el_message;
    const char *s = parse_anno(all, all.begin(), all.end(), "l", &landmark, "#<>", &level, (const char *) nullptr);
    String plain = all.substring(s, all.end());
    if (level == el_warning && plain.starts_with("warning: ", 9)) plain = plain.substring(9);      // report() says it itself
    report(level, landmark, plain);
    return level <= el_error ? error_result : ok_result;
}

void ErrorHandler::report(int level, const String &landmark, const String &text) {
    String front = "<" + String(level) + ">" + make_landmark_anno(landmark);
    void *user_data = nullptr;
    const char *s = text.begin(), *end = text.end();
    bool more;
    do {
        const char *e = s;
        while (e < end && *e != '\n') ++e;
        more = e + 1 < end;
        user_data = emit(front + (level == el_warning ? "warning: " : "") + String(s, e), user_data, more);
        s = e + 1;
    } while (more);
    account(level);
}

CLICK_ENDDECLS
