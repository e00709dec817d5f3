// The command line of lclick.
#include <click/config.h>
#include <click/clickpath.hh>
#include "driver.hh"
CLICK_USING_DECLS

static const char usage[] =
    "Usage: lclick [OPTION]... [FILE | -e EXPRESSION] [NAME=VALUE]...\n"
    "Run a Click router configuration (from standard input if neither is given).\n"
    "\n"
    "  -f, --file FILE             read the configuration from FILE\n"
    "  -e, --expression EXPR       use EXPR as the configuration\n"
    "      NAME=VALUE              set the parameter $NAME; wins over define()\n"
    "  -C, --clickpath PATH        directories of libraries and packages, instead of $CLICKPATH\n"
    "  -j, --threads N             run N threads; StaticThreadSched says which element on which\n"
    "  -a, --affinity[=N]          pin the threads to CPUs, the first to CPU N (0)\n"
    "  -p, --port PORT             listen for control connections on a TCP port (repeatable)\n"
    "  -u, --unix-socket FILE      listen for control connections on a Unix socket (repeatable)\n"
    "      --socket FD             use the open descriptor FD for control (repeatable)\n"
    "  -R, --allow-reconfigure     let the 'hotconfig' handler replace the configuration\n"
    "      --user USER[:GROUP]     once initialised, become this user and give up all capabilities\n"
    "      --seccomp=on|log|off    once initialised, refuse (on) or log system calls that a running router has no need of\n"
    "      --simtime[=T]           simulate: time begins at T (1000000000) and jumps to the next timer\n"
    "  -q, --quit                  check and initialise the configuration, do not run it\n"
    "  -o, --output FILE           write the flat configuration to FILE\n"
    "  -h, --handler ELEM.HANDLER  call a read handler after the run and print its value (repeatable);\n"
    "                              ELEM may be a pattern (*, ?, [..]) or an element class\n"
    "  -x, --exit-handler ELEM.H   use the value of a read handler as exit status\n"
    "  -t, --time                  print how long the run took\n"
    "  -w, --no-warnings           do not print warnings\n"
    "      --dpdk EAL-ARG... --    use DPDK's devices; all up to -- is for DPDK's EAL, what follows is for lclick\n"
    "      --probe-fastpath        print whether GTPFastPath can work here, or why not, and exit\n"
    "      --help                  print this and exit\n"
    "  -v, --version               print the version and exit\n";

namespace {
enum { opt_socket = 128, opt_simtime, opt_user, opt_seccomp, opt_dpdk, opt_probe };

/** value: 'n' none, 'y' one, 'o' one that may be left out. */
const struct Option { const char *name; unsigned char letter; char value; } known[] = {
    {"file", 'f', 'y'}, {"expression", 'e', 'y'}, {"unix-socket", 'u', 'y'}, {"port", 'p', 'y'}, {"socket", opt_socket, 'y'},
    {"handler", 'h', 'y'}, {"exit-handler", 'x', 'y'}, {"output", 'o', 'y'}, {"threads", 'j', 'y'}, {"affinity", 'a', 'o'}, {"cpu", 'a', 'o'},
    {"user", opt_user, 'y'}, {"seccomp", opt_seccomp, 'y'}, {"dpdk", opt_dpdk, 'n'}, {"probe-fastpath", opt_probe, 'n'}, {"clickpath", 'C', 'y'}, {"simtime", opt_simtime, 'o'}, {"simulation-time", opt_simtime, 'o'}, {"quit", 'q', 'n'}, {"time", 't', 'n'},
    {"no-warnings", 'w', 'n'}, {"warnings", 'W', 'n'}, {"allow-reconfigure", 'R', 'n'}, {"help", '?', 'n'}, {"version", 'v', 'n'}};

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

void set_configuration(Options &o, bool expression, const String &value) {
    if (o.has_file || o.has_expression)
        bad_usage("router configuration specified twice");
    (expression ? o.expression : o.file) = value;
    (expression ? o.has_expression : o.has_file) = true;
}

void operand(Options &o, const String &arg) {
    int eq = arg.find_left('=');
    String name = arg.substring(0, eq < 0 ? 0 : eq);
    bool param = eq > 0;
    for (char c : name) param &= isalnum((unsigned char) c) || c == '_';
    if (!param)
        return set_configuration(o, false, arg);
    for (const Definition &d : o.driver.definitions)
        if (d.name == name)
            bad_usage("parameter '" + name + "' given twice");
    o.driver.definitions.push_back(Definition{name, eq + 1 < arg.length() ? arg.substring(eq + 1) : String()});
}

int integer(const String &option, const String &value, int low, int high, const char *what) {
    int n;
    if (!cp_integer(value, &n) || n < low || n > high)
        bad_usage(option + " needs " + what + ", " + String(low) + " to " + String(high) + ", not '" + value + "'");
    return n;
}

void apply(Options &o, const Option &option, const String &value, bool given) {
    switch (option.letter) {
    case 'f': case 'e': set_configuration(o, option.letter == 'e', value); break;
    case 'u': add_control_socket(o, "UNIX, " + (cp_is_word(value) ? value : cp_quote(value))); break;
    case 'p': add_control_socket(o, "TCP, " + value); break;
    case opt_socket: add_control_socket(o, "SOCKET, " + String(integer("--socket", value, 0, 1 << 20, "a descriptor"))); break;
    case 'h': o.handlers.push_back(value); break;
    case 'x':
        if (o.exit_handler) bad_usage("--exit-handler specified twice");
        o.exit_handler = value;
        break;
    case 'o':
        if (o.output) bad_usage("--output specified twice");
        o.output = value;
        break;
    case 'j': o.threads = integer("-j", value, 1, 64, "a number of threads"); break;
    case 'a': o.affinity = given ? integer("-a", value, 0, 1023, "a CPU") : 0; break;
    case 'C': click_set_path(value); break;
    case opt_simtime: {
        double t;
        o.simtime = true;
        if (!given) break;
        if (!cp_double(value, &t) || t < 0 || t > 4e9) bad_usage("--simtime needs a time in seconds, not '" + value + "'");
        o.start = Timestamp(t);
        break;
    }
    case 'q': o.quit = true; break;
    case 't': o.times = true; break;
    case 'w': o.warnings = false; break;
    case 'W': o.warnings = true; break;
    case 'R': o.driver.hotswap = true; break;
    case opt_user: if (!o.confinement.set_user(value, ErrorHandler::default_handler())) exit(1); break;
    case opt_seccomp: if (!o.confinement.set_filter(value, ErrorHandler::default_handler())) exit(1); break;
    case opt_probe: click_probe_fast_path(); exit(0);
    case '?': fputs(usage, stdout); exit(0);
    case 'v': puts("lclick (LightMANO) 0.1.0, speaks Click " CLICK_VERSION); exit(0);
    }
}

/** By its name, or by a beginning of it that no other has. */
const Option &find_long(const String &arg, const String &name) {
    const Option *found = nullptr;
    for (const Option &x : known) {
        if (name == x.name) return x;
        if (name && String(x.name).starts_with(name)) {
            if (found && found->letter != x.letter) bad_usage("option '" + arg + "' is ambiguous");
            found = &x;
        }
    }
    if (!found) bad_usage("unrecognized option '" + arg + "'");
    return *found;
}

const Option &find_short(char letter) {
    for (const Option &x : known)
        if (letter == x.letter && letter != '?' && letter != 'W') return x;
    bad_usage(String("unrecognized option '-") + letter + "'");
}
}

Options parse_options(int argc, char **argv) {
    Options o;
    bool only_operands = false;
    for (int i = 1; i < argc; ++i) {
        String arg = argv[i];
        auto next = [&](const String &option) {
            if (i + 1 >= argc) bad_usage("option '" + option + "' requires an argument");
            return String(argv[++i]);
        };
        if (only_operands || arg.length() < 2 || arg[0] != '-')
            operand(o, arg);
        else if (arg == "--")
            only_operands = true;
        else if (arg[1] == '-') {
            int eq = arg.find_left('=');
            bool given = eq >= 0;
            String value = given && eq + 1 < arg.length() ? arg.substring(eq + 1) : String();
            const Option &x = find_long(arg, arg.substring(2, (given ? eq : arg.length()) - 2));
            if (given && x.value == 'n') bad_usage(String("option '--") + x.name + "' takes no argument");
            if (x.letter == opt_dpdk) {
                if (o.dpdk) bad_usage("--dpdk given twice");
                o.dpdk = true;
                while (++i < argc && strcmp(argv[i], "--") != 0) o.eal.push_back(argv[i]);
                if (i >= argc) bad_usage("--dpdk needs -- behind the arguments for DPDK's EAL");
                continue;
            }
            if (!given && x.value == 'y') value = next(arg), given = true;
            apply(o, x, value, given);
        } else
            for (int k = 1; k < arg.length(); ++k) {        // -qe EXPR, -uFILE
                const Option &x = find_short(arg[k]);
                String rest = k + 1 < arg.length() ? arg.substring(k + 1) : String();
                bool digits = rest && isdigit((unsigned char) rest[0]);
                if (x.value == 'n' || (x.value == 'o' && !digits)) {
                    apply(o, x, String(), false);
                    continue;
                }
                apply(o, x, rest ? rest : next(String("-") + arg[k]), true);
                break;
            }
    }
    if (o.simtime && o.threads > 1)
        bad_usage("--simtime needs one thread, not -j " + String(o.threads) + ": several would not run in the same order each time");
    if (o.dpdk && o.threads > 1)
        bad_usage("--dpdk needs one thread, not -j " + String(o.threads));
    if (o.dpdk && o.affinity >= 0)
        bad_usage("-a does not go with --dpdk: -l among the EAL's arguments says which CPU");
    if (o.dpdk && o.simtime)
        bad_usage("--simtime does not go with --dpdk: devices do not wait for simulated time");
    if (o.dpdk && o.confinement.wanted())
        bad_usage("--user and --seccomp do not go with --dpdk, which has threads of its own");
    return o;
}
