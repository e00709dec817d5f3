#ifndef CLICK_MESSAGE_HH
#define CLICK_MESSAGE_HH
#include <click/element.hh>
CLICK_DECLS

/*
=c
Message(MESSAGE [, TYPE])
=s control
says something when the configuration is read
=d
TYPE is MESSAGE (the default), WARNING or ERROR; with ERROR the configuration is refused.
=a Error
*/
class MessageElement : public Element { public:
    const char *class_name() const override { return "Message"; }
    int configure(Vector<String> &, ErrorHandler *) override;
};

CLICK_ENDDECLS
#endif
