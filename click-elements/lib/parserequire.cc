// Click text to syntax tree: require, provide, define.
#include <click/config.h>
#include <click/clickpath.hh>
#include <click/package.hh>
#include "parser.hh"
CLICK_DECLS

/** What stands in parentheses after the keyword. */
bool Parser::keyword_arguments(Vector<String> &args) {
    String text;
    shift();
    if (!_t.is('('))
        return expected("'('");
    if (!config(text))
        return false;
    cp_argvec(text, args);
    return true;
}

bool Parser::require() {
    String landmark = _t.landmark;
    Vector<String> args;
    if (!keyword_arguments(args))
        return false;
    bool good = true;
    for (String arg : args) {
        String word = cp_shift_spacevec(arg);
        if (word == "compact_config" && !arg)
            _tree.requirements.push_back(Definition{String(), word});
        else if ((word == "library" || word == "package") && !arg)
            good = error(landmark, "syntax error at requirement: expected 'require(" + word + " NAME)'");
        else if (word == "library")
            good &= require_library(cp_unquote(arg), landmark);
        else if (word != "package" && arg)
            good = error(landmark, "syntax error at requirement '" + word + " " + arg + "': expected 'package NAME' or 'library FILE'");
        else
            good &= require_package(cp_unquote(word == "package" ? arg : word), landmark);
    }
    return true;
}

bool Parser::require_package(const String &name, const String &landmark) {
    for (const String &p : _tree.provisions)
        if (p == name) return true;
    String why;
    if (!click_require_package(name, landmark, why))
        return error(landmark, why);
    _tree.requirements.push_back(Definition{"package", name});
    return true;
}

/** Read the file here, as if its text stood here; once. */
bool Parser::require_library(const String &name, const String &landmark) {
    if (_scope != _tree.file || _group_input >= 0)
        return error(landmark, "'require(library)' must be used at file scope");
    String path = click_find_file(name, "conf", _file);
    if (!path)
        return error(landmark, "library '" + name + "' not found beside the file nor in CLICKPATH/conf (see -C)");
    char *real = realpath(path.c_str(), nullptr);
    String identity = real ? String(real) : path;
    free(real);
    for (const String &l : _tree.libraries)
        if (l == identity) return true;
    _tree.libraries.push_back(identity);
    String text, why;
    if (!click_read_file(path, text, &why))
        return error(landmark, path + ": " + why);
    Scanner outer_scan = _scan;
    Token outer_token = _t;
    String outer_file = _file;
    bool ok = true;
    _scan = Scanner(text, path, _errh);
    _file = path;
    shift();
    statements(0);
    ok &= !_scan.failed();
    _scan = outer_scan, _t = outer_token, _file = outer_file;
    _ok &= ok;
    return ok;
}

bool Parser::provide() {
    Vector<String> args;
    if (!keyword_arguments(args))
        return false;
    for (String arg : args) {
        String word = cp_shift_spacevec(arg);
        _tree.provisions.push_back(cp_unquote(word == "package" && arg ? arg : word));
    }
    return true;
}

bool Parser::define() {
    String landmark = _t.landmark;
    Vector<String> args;
    if (!keyword_arguments(args))
        return false;
    for (String arg : args) {
        String name = cp_shift_spacevec(arg);
        bool good = name.length() > 1 && name[0] == '$', again = false;
        for (int i = 1; i < name.length(); ++i)
            good &= isalnum((unsigned char) name[i]) || name[i] == '_';
        if (!good) {
            error(landmark, "bad 'define' declaration '" + name + "': expected $NAME VALUE");
            continue;
        }
        for (const Formal &f : _scope->formals)
            again |= f.name == name;
        for (const Definition &d : _scope->definitions)
            again |= d.name == name.substring(1);
        if (again)
            error(landmark, "parameter '" + name + "' multiply defined");
        else
            _scope->definitions.push_back(Definition{name.substring(1), arg});
    }
    return true;
}

CLICK_ENDDECLS
