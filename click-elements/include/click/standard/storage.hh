#ifndef CLICK_STANDARD_STORAGE_HH
#define CLICK_STANDARD_STORAGE_HH
CLICK_DECLS
/** What a queue can say of itself. */
class Storage { public:
    virtual ~Storage() {}
    virtual int size() const = 0;
    virtual int capacity() const = 0;
    bool empty() const { return size() == 0; }
};
CLICK_ENDDECLS
#endif
