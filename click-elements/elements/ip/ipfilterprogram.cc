// Code is made from the last rule to the first, so that every jump target is known when it is needed.
#include <click/config.h>
#include "ipfilterprogram.hh"
#include "ipfilternode.hh"
CLICK_DECLS

IPFilterProgram::~IPFilterProgram() {
    for (Rule &r : _rules)
        delete r.tree;
}

bool IPFilterProgram::add(const String &pattern, int output, const String &what, const Element *context, ErrorHandler *errh) {
    IPFilterNode *tree = IPFilterNode::parse(pattern, what, context, errh);
    if (tree) _rules.push_back(Rule{tree, output});
    return tree != nullptr;
}

/** Code that goes to @a yes or @a no; returns where it begins. */
int IPFilterProgram::generate(const IPFilterNode *n, int yes, int no) {
    switch (n->kind) {
    case IPFilterNode::constant_value: return n->value ? yes : no;
    case IPFilterNode::negation: return generate(n->a, no, yes);
    case IPFilterNode::conjunction: return generate(n->a, generate(n->b, yes, no), no);
    case IPFilterNode::disjunction: return generate(n->a, yes, generate(n->b, yes, no));
    case IPFilterNode::condition: {
        int otherwise = generate(n->c, yes, no);
        return generate(n->a, generate(n->b, yes, no), otherwise);
    }
    case IPFilterNode::test: break;
    }
    return _program.test(n->field, n->low, n->high, yes, no);
}

void IPFilterProgram::finish() {
    int entry = DecisionProgram::leaf(drop);
    for (int i = _rules.size() - 1; i >= 0; --i) entry = generate(_rules[i].tree, DecisionProgram::leaf(_rules[i].output), entry);
    _program.finish(entry, sizeof(click_ip));
}

bool IPFilterProgram::useless(int rule) const {
    const IPFilterNode *n = _rules[rule].tree;
    return !_program.reaches(_rules[rule].output) && !(n->kind == IPFilterNode::constant_value && !n->value);
}

bool IPFilterProgram::evaluate(const IPFilterNode *n, const unsigned char *ip, uint32_t length) {
    switch (n->kind) {
    case IPFilterNode::constant_value: return n->value;
    case IPFilterNode::negation: return !evaluate(n->a, ip, length);
    case IPFilterNode::conjunction: return evaluate(n->a, ip, length) && evaluate(n->b, ip, length);
    case IPFilterNode::disjunction: return evaluate(n->a, ip, length) || evaluate(n->b, ip, length);
    case IPFilterNode::condition: return evaluate(n->a, ip, length) ? evaluate(n->b, ip, length) : evaluate(n->c, ip, length);
    case IPFilterNode::test: break;
    }
    const DecisionField &f = n->field;
    uint32_t off = f.offset + (f.base ? (ip[0] & 15) * 4 : 0), x = 0;
    if (f.base == DecisionField::link || off + f.width > length) return false;
    for (int i = 0; i < f.width; ++i) x = x << 8 | ip[off + i];
    x &= f.mask;
    return x >= n->low && x <= n->high;
}

int IPFilterProgram::run_naively(const unsigned char *ip, uint32_t length) const {
    for (const Rule &r : _rules)
        if (evaluate(r.tree, ip, length)) return r.output;
    return drop;
}

CLICK_ENDDECLS
