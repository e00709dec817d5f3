#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <click/router.hh>
#include "alignmentinfo.hh"
CLICK_DECLS

int AlignmentInfo::configure(Vector<String> &conf, ErrorHandler *errh) {
    int before = errh->nerrors();
    for (const String &arg : conf) {
        Vector<String> words;
        cp_spacevec(arg, words);
        if (words.empty()) continue;
        Element *e = router()->find(words[0], this, errh);
        if (!e) continue;
        Known k{e->eindex(), {}, {}};
        bool ok = words.size() % 2 == 1;
        for (int i = 1; i + 1 < words.size() && ok; i += 2) {
            int chunk = 0, offset = 0;
            ok = IntArg().parse(words[i], chunk) && IntArg().parse(words[i + 1], offset) && chunk >= 0 && offset >= 0 && (offset < chunk || !chunk);
            k.chunks.push_back(chunk), k.offsets.push_back(offset);
        }
        if (ok) _known.push_back(k);
        else errh->error("expected %<ELEMENTNAME [CHUNK OFFSET ...]%>");
    }
    return errh->nerrors() == before ? 0 : -1;
}

bool AlignmentInfo::query1(const Element *e, int port, int &chunk, int &offset) const {
    for (const Known &k : _known)
        if (k.element == e->eindex() && port >= 0 && port < k.chunks.size() && k.chunks[port]) {
            chunk = k.chunks[port], offset = k.offsets[port];
            return true;
        }
    return false;
}

bool AlignmentInfo::query(const Element *e, int port, int &chunk, int &offset) {
    for (Element *x : e->router()->elements())
        if (const AlignmentInfo *ai = (const AlignmentInfo *) x->cast("AlignmentInfo"))
            if (ai->query1(e, port, chunk, offset)) return true;
    chunk = 1, offset = 0;
    return false;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(AlignmentInfo)
