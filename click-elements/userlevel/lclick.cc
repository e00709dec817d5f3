// lclick: reads a Click configuration and runs it.
#include <click/config.h>
#include <click/globals.hh>
#include <click/handlercall.hh>
#include <click/lexer.hh>
#include <click/master.hh>
#include "confine.hh"
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
CLICK_USING_DECLS

static Master *the_master;
static void on_signal(int) { the_master->interrupt(); }

static const char usage[] =
    "Usage: lclick [OPTION]... [FILE | -e EXPRESSION] [NAME=VALUE]...\n"
    "Run a Click router configuration (from standard input if neither is given).\n"
    "\n"
    "  -f, --file FILE           read the configuration from FILE\n"
    "  -e, --expression EXPR     use EXPR as the configuration\n"
    "  -u, --unix-socket FILE    listen for control connections on a Unix socket (repeatable)\n"
    "  -p, --port PORT           listen for control connections on a TCP port (repeatable)\n"
    "  -h, --handler ELEM.HNDLR  call a read handler after the run and print its value (repeatable)\n"
    "  -j, --threads N           run N threads; StaticThreadSched says which element on which\n"
    "  -R, --allow-reconfigure   let the 'hotconfig' handler replace the configuration\n"
    "      --user USER[:GROUP]   once initialised, become this user and give up all capabilities\n"
    "      --seccomp=on|log|off  once initialised, refuse (on) or log system calls that a running router has no need of\n"
    "  -q, --quit                check and initialise the configuration, do not run it\n"
    "      NAME=VALUE            set the parameter $NAME; wins over define()\n"
    "      --help                print this and exit\n"
    "  -v, --version             print the version and exit\n";

namespace {
struct Options {
    String file, expression;
    bool has_file = false, has_expression = false, quit = false;
    DriverOptions driver;
    Vector<String> handlers;
    int threads = 1;
    Confinement confinement;
};

[[noreturn]] void bad_usage(const String &text) {
    fprintf(stderr, "lclick: %s\nTry 'lclick --help' for more information.\n", text.c_str());
    exit(1);
}

void add_control_socket(Options &o, const String &config) {
    int n = o.driver.control_sockets.size();
    String name = "click_driver@@ControlSocket";
    if (n)
        name += "@" + String(n);
    o.driver.control_sockets.push_back(Definition{name, config});
}

Options parse_options(int argc, char **argv) {
    static const struct { const char *name; char letter; bool value; } longs[] = {
        {"file", 'f', true}, {"expression", 'e', true}, {"unix-socket", 'u', true}, {"port", 'p', true}, {"handler", 'h', true}, {"threads", 'j', true},
        {"quit", 'q', false}, {"user", 'U', true}, {"seccomp", 'S', true}, {"allow-reconfigure", 'R', false}, {"help", '?', false}, {"version", 'v', false}};
    Options o;
    bool only_operands = false;
    for (int i = 1; i < argc; ++i) {
        String arg = argv[i], value;
        char letter = 0;
        bool wants = false, has = false;
        if (only_operands || arg.length() < 2 || arg[0] != '-') {
            int eq = arg.find_left('=');
            String name = arg.substring(0, eq < 0 ? 0 : eq);
            bool param = eq > 0;
            for (char c : name) param &= isalnum((unsigned char) c) || c == '_';
            if (param)
                o.driver.definitions.push_back(Definition{name, arg.substring(eq + 1)});
            else if (o.has_file || o.has_expression)
                bad_usage("router configuration specified twice");
            else
                o.file = arg, o.has_file = true;
            continue;
        }
        if (arg == "--") {
            only_operands = true;
            continue;
        }
        if (arg[1] == '-') {
            int eq = arg.find_left('=');
            String name = arg.substring(2, eq < 0 ? arg.length() : eq - 2);
            for (const auto &l : longs)
                if (name == l.name) letter = l.letter, wants = l.value;
            if (eq >= 0) value = arg.substring(eq + 1), has = true;
            if (!letter) bad_usage("unrecognized option '" + arg + "'");
        } else {
            letter = arg[1];
            wants = strchr("feuphj", letter);
            if (!strchr("feuphjRqv", letter))
                bad_usage("option '" + arg + "' is not implemented");
            if (arg.length() > 2) {
                if (!wants) bad_usage("option '" + arg.substring(0, 2) + "' takes no argument");
                value = arg.substring(2), has = true;
            }
        }
        if (wants && !has) {
            if (i + 1 >= argc) bad_usage("option '" + arg + "' requires an argument");
            value = argv[++i];
        }
        switch (letter) {
        case 'f': case 'e':
            if (o.has_file || o.has_expression) bad_usage("router configuration specified twice");
            (letter == 'f' ? o.file : o.expression) = value;
            (letter == 'f' ? o.has_file : o.has_expression) = true;
            break;
        case 'u': add_control_socket(o, "UNIX, " + (cp_is_word(value) ? value : cp_quote(value))); break;
        case 'p': add_control_socket(o, "TCP, " + value); break;
        case 'h': o.handlers.push_back(value); break;
        case 'j':
            if (!cp_integer(value, &o.threads) || o.threads < 1 || o.threads > 64) bad_usage("-j needs a number of threads, 1 to 64, not '" + value + "'");
            break;
        case 'R': o.driver.hotswap = true; break;
        case 'q': o.quit = true; break;
        case 'U': if (!o.confinement.set_user(value, ErrorHandler::default_handler())) exit(1); break;
        case 'S': if (!o.confinement.set_filter(value, ErrorHandler::default_handler())) exit(1); break;
        case '?': fputs(usage, stdout); exit(0);
        case 'v': puts("lclick (LightMANO) 0.1.0, speaks Click " CLICK_VERSION); exit(0);
        }
    }
    return o;
}

bool read_all(int fd, String &text) {
    char buffer[16384];
    for (ssize_t n; (n = read(fd, buffer, sizeof buffer)) != 0; )
        if (n > 0) text.append(buffer, (int) n);
        else if (errno != EINTR) return false;
    return true;
}

/** Print the handlers asked for with -h; several are each headed by their name. */
bool print_handlers(const Options &o, Router *r, ErrorHandler *errh) {
    bool ok = true;
    for (const String &name : o.handlers) {
        HandlerCall call(name);
        int before = errh->nerrors();
        if (call.initialize_read(r->root_element(), errh) < 0) {
            ok = false;
            continue;
        }
        String value = call.call_read(errh);
        ok &= errh->nerrors() == before;
        if (o.handlers.size() > 1) printf("%s:\n", name.c_str());
        fwrite(value.data(), 1, value.length(), stdout);
        if (value && value.back() != '\n') putchar('\n');
        if (o.handlers.size() > 1) putchar('\n');
    }
    fflush(stdout);
    return ok;
}
}

int main(int argc, char **argv) {
    Options o = parse_options(argc, argv);
    ErrorHandler *errh = ErrorHandler::default_handler();
    String filename = o.has_expression ? "config" : o.has_file && o.file != "-" ? o.file : "<stdin>", text = o.expression;
    if (!o.has_expression) {
        int fd = filename == "<stdin>" ? 0 : open(o.file.c_str(), O_RDONLY | O_CLOEXEC);
        if (fd < 0 || !read_all(fd, text)) {
            fprintf(stderr, "%s: %s\nRouter could not be initialized!\n", o.file.c_str(), strerror(errno));
            return 1;
        }
        if (fd > 0)
            close(fd);
    }

    Master master(o.threads);
    the_master = &master;
    struct sigaction sa = {};
    sa.sa_handler = on_signal;
    sigaction(SIGINT, &sa, nullptr);
    sigaction(SIGTERM, &sa, nullptr);
    signal(SIGPIPE, SIG_IGN);

    Timestamp::refresh_recent();
    Router *router = click_read_router(text, filename, o.driver.definitions, o.driver.control_sockets, &master, errh);
    if (router && router->nelements() == o.driver.control_sockets.size() && o.driver.control_sockets.empty())
        errh->lwarning(filename, "configuration has no elements");
    if (router)
        click_add_global_handlers(router, &o.driver);
    if (!router || router->initialize(errh) < 0) {
        fputs("Router could not be initialized!\n", stderr);
        delete router;
        return 1;
    }
    if (router->nelements() && !o.quit) {
        if (!o.confinement.apply(o.driver.hotswap, o.threads > 1, errh)) {
            delete router;
            return 1;
        }
        master.run(router);
    }
    bool ok = print_handlers(o, router, errh);
    delete router;
    Packet::drain_pool();
    return ok ? 0 : 1;
}
