// VariableEnvironment: variables in scopes, and text with $variables in it.
#ifndef CLICK_VARIABLEENV_HH
#define CLICK_VARIABLEENV_HH
#include <click/string.hh>
#include <click/vector.hh>
CLICK_DECLS
class StringAccum;

class VariableExpander { public:
    virtual ~VariableExpander() {}
    /** What `$var` (@a vartype 0), `${var}` ('{') or `$(var)` ('(') stands for. 0: unknown; 1: @a expansion; above 1: @a expansion, and it is to be expanded again. */
    virtual int expand(const String &var, String &expansion, int vartype, int depth) const = 0;
};

class VariableEnvironment : public VariableExpander { public:
    explicit VariableEnvironment(VariableEnvironment *parent) : _depth(parent ? parent->_depth + 1 : 0), _parent(parent) {}
    int depth() const { return _depth; }
    int size() const { return _names.size(); }
    bool defines(const String &name) const { return index(name) >= 0; }
    const String &name(int i) const { return _names[i]; }
    const Vector<String> &values() const { return _values; }
    const String &value(int i) const { return _values[i]; }
    const String &value(const String &name, bool &found) const;
    void clear() { _names.clear(); _values.clear(); }
    VariableEnvironment *parent_of(int depth) const;
    /** False if it is defined already; the value is replaced only with @a override. */
    bool define(const String &name, const String &value, bool override);
    int expand(const String &var, String &expansion, int vartype, int depth) const override;
  private:
    Vector<String> _names, _values;
    int _depth;
    VariableEnvironment *_parent;
    int index(const String &name) const { for (int i = 0; i < _names.size(); ++i) if (_names[i] == name) return i; return -1; }
};

/** @a text with its variables expanded, except in single quotes. With @a expand_quote, what comes in is quoted as its place needs. */
String cp_expand(const String &text, const VariableExpander &, bool expand_quote = false, int depth = 0);

CLICK_ENDDECLS
#endif
