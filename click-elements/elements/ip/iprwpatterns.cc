#include <click/config.h>
#include "iprwpatterns.hh"
#include <click/confparse.hh>
#include <click/error.hh>
#include <click/router.hh>
CLICK_DECLS

int IPRewriterPatterns::configure(Vector<String> &conf, ErrorHandler *errh) {
    int errors = errh->nerrors();
    for (int i = 0; i < conf.size(); ++i) {
        Vector<String> words;
        cp_spacevec(conf[i], words);
        String name = words.empty() ? String() : words[0];
        PrefixErrorHandler prefix(errh, "argument " + String(i + 1) + ": ");
        IPRWPattern p;
        if (!cp_is_word(name)) prefix.error("expected %<NAME SADDR SPORT DADDR DPORT%>");
        else if (find(router(), name)) prefix.error("pattern %<%s%> exists already", name.c_str());
        else {
            words.erase(words.begin());
            if (!p.parse(words, this, &prefix)) continue;
            _names.push_back(name);
            _patterns.push_back(p);
        }
    }
    return errh->nerrors() == errors ? 0 : -1;
}

IPRWPattern *IPRewriterPatterns::find(Router *r, const String &name) {
    for (int i = 0; i < r->nelements(); ++i)
        if (IPRewriterPatterns *e = (IPRewriterPatterns *) r->element(i)->cast("IPRewriterPatterns"))
            for (int k = 0; k < e->_names.size(); ++k)
                if (e->_names[k] == name) return &e->_patterns[k];
    return nullptr;
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(IPRWPattern)
EXPORT_ELEMENT(IPRewriterPatterns)
