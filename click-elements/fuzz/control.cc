// A ControlSocket dialogue over a socket pair; a zero byte is where the peer waits for what comes back.
#include "fuzz.hh"
#include "elements/userlevel/controlsocket.hh"
#include <sys/socket.h>

FUZZ_TARGET(control) {
    fuzz_quiet();
    static Master master;
    static ControlSocket *control;
    static int live;
    if (!control) {
        Vector<Definition> none, sockets;
        sockets.push_back(Definition{"cs", "TCP, 0, LOCALHOST true"});
        Router *r = click_read_router("c::Counter; Idle->c->sw::Switch->Idle; Idle->cl::Classifier(12/0800,-); cl[0]->Idle; cl[1]->q::Queue(4)->Idle; t::GTPTable(CAPACITY 4, FLOWS 4)",
                                      "f", none, sockets, &master, ErrorHandler::default_handler());
        REQUIRE(r);
        click_add_global_handlers(r);
        REQUIRE(r->initialize(ErrorHandler::default_handler()) >= 0);
        control = static_cast<ControlSocket *>(r->find("cs"));
        live = Packet::live_count();
    }
    int fd[2];
    char answers[65536];
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd) == 0);
    control->serve(fd[0]);
    for (size_t at = 0; at <= size; ) {
        const uint8_t *zero = (const uint8_t *) memchr(data + at, 0, size - at);
        size_t n = (zero ? zero - data : size) - at;
        (void) !send(fd[1], data + at, n, MSG_NOSIGNAL | MSG_DONTWAIT);
        master.thread(0)->run_once(0);
        while (recv(fd[1], answers, sizeof answers, MSG_DONTWAIT) > 0) master.thread(0)->run_once(0);
        at += n + 1;
    }
    close(fd[1]);
    master.thread(0)->run_once(0);
    REQUIRE(Packet::live_count() == live);
    return 0;
}
