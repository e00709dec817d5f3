// Files, paths and shells: see userutils.hh.
#include <click/config.h>
#include <click/clickpath.hh>
#include <click/error.hh>
#include <click/userutils.hh>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
CLICK_DECLS

namespace {
ErrorHandler *or_silent(ErrorHandler *errh) { return errh ? errh : ErrorHandler::silent_handler(); }
const struct { const char *suffix, *program, *magic; int length; } compressors[] = {
    {".gz", "gzip", "\x1F\x8B", 2}, {".bz2", "bzip2", "BZh", 3}, {".xz", "xz", "\xFD" "7zXZ", 5}, {".zst", "zstd", "\x28\xB5\x2F\xFD", 4}};
int compression_of(const unsigned char *data, int len) {
    for (int i = 0; i < 4; ++i)
        if (len >= compressors[i].length && memcmp(data, compressors[i].magic, compressors[i].length) == 0) return i;
    return -1;
}
}

const char *filename_landmark(const char *f, bool is_expression) { return is_expression ? "config" : !f || !*f || strcmp(f, "-") == 0 ? "<stdin>" : f; }

String file_string(FILE *f, ErrorHandler *errh) {
    StringAccum sa;
    size_t n;
    while ((n = fread(sa.reserve(16384), 1, 16384, f)) > 0) sa.adjust_length((int) n);
    if (ferror(f)) or_silent(errh)->error("%s", strerror(errno));
    return sa.take_string();
}
String file_string(String filename, ErrorHandler *errh) {
    bool in = !filename || filename == "-";
    FILE *f = in ? stdin : fopen(filename.c_str(), "rbe");
    if (!f) {
        or_silent(errh)->error("%s: %s", filename.c_str(), strerror(errno));
        return String();
    }
    String s = file_string(f, errh);
    if (!in) fclose(f);
    return s;
}

String shell_quote(const String &s, bool quote_tilde) {
    bool plain = s.length() > 0 && !(quote_tilde && s[0] == '~');
    for (char c : s) plain &= isalnum((unsigned char) c) || strchr("_-+./:,@~=%", c);
    if (plain) return s;
    StringAccum sa;
    sa << '\'';
    for (char c : s)
        if (c == '\'') sa << "'\\''";
        else sa << c;
    sa << '\'';
    return sa.take_string();
}

String shell_command_output_string(String command, const String &input, ErrorHandler *errh) {
    FILE *f = tmpfile();
    if (!f) {
        or_silent(errh)->error("cannot create temporary file: %s", strerror(errno));
        return String();
    }
    fwrite(input.data(), 1, input.length(), f);
    fflush(f);
    rewind(f);
    int out[2];
    pid_t pid = -1;
    if (pipe2(out, O_CLOEXEC) == 0 && (pid = fork()) == 0) {
        dup2(fileno(f), 0);
        dup2(out[1], 1);
        execl("/bin/sh", "sh", "-c", command.c_str(), (char *) nullptr);
        _exit(127);
    }
    fclose(f);
    if (pid < 0) {
        or_silent(errh)->error("%<%s%>: %s", command.c_str(), strerror(errno));
        return String();
    }
    close(out[1]);
    FILE *o = fdopen(out[0], "r");
    String result = file_string(o, errh);
    fclose(o);
    int status;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    return result;
}

void click_signal(int signum, void (*handler)(int), bool resethand) {
    struct sigaction sa = {};
    sa.sa_handler = handler;
    sa.sa_flags = resethand ? SA_RESETHAND : 0;
    sigaction(signum, &sa, nullptr);
}

String click_mktmpdir(ErrorHandler *errh) {
    const char *base = getenv("TMPDIR");
    String name = String(base && *base ? base : "/tmp") + "/clicktmp-XXXXXX";
    if (mkdtemp(name.mutable_c_str())) return name;
    or_silent(errh)->error("cannot create temporary directory: %s", strerror(errno));
    return String();
}
String unique_tmpnam(const String &pattern, ErrorHandler *errh) {
    // `*` in the pattern stands for what makes the name unique
    int star = pattern.find_left('*');
    String dir = click_mktmpdir(errh);
    return dir ? dir + "/" + (star < 0 ? pattern : pattern.substring(0, star) + "1" + pattern.substring(star + 1)) : String();
}

const char *clickpath() {
    static String path;
    path = click_path();
    return path.c_str();
}
void set_clickpath(const char *p) { click_set_path(p); }
bool path_allows_default_path(String path) {
    Vector<String> parts;
    for (int i = 0, e; i <= path.length(); i = e + 1) {
        e = path.find_left(':', i);
        if (e < 0) e = path.length();
        if (e == i) return true;
    }
    return false;
}

void clickpath_expand_path(const char *subdir, const String &default_path, Vector<String> &result) {
    String path(clickpath());
    for (int i = 0, e; i <= path.length(); i = e + 1) {
        e = path.find_left(':', i);
        if (e < 0) e = path.length();
        String dir = path.substring(i, e - i);
        if (e == i) {
            if (default_path) result.push_back(default_path);
            continue;
        }
        if (dir.back() == '/') dir = dir.substring(0, dir.length() - 1);
        if (subdir && *subdir) result.push_back(dir + "/" + subdir);
        result.push_back(dir);
    }
}
String clickpath_find_file(const String &filename, const char *subdir, String default_path, ErrorHandler *errh) {
    if (filename && filename[0] == '/') return access(filename.c_str(), F_OK) == 0 ? filename : String();
    Vector<String> dirs;
    clickpath_expand_path(subdir, default_path, dirs);
    for (const String &d : dirs) {
        String f = d + "/" + filename;
        if (access(f.c_str(), F_OK) == 0) return f;
    }
    if (errh) errh->error("cannot find file %<%s%>", filename.c_str());
    return String();
}

bool compressed_data(const unsigned char *data, int len) { return compression_of(data, len) >= 0; }
int compressed_filename(const String &f) {
    for (int i = 0; i < 4; ++i)
        if (f.ends_with(compressors[i].suffix)) return i + 1;
    return 0;
}
FILE *open_uncompress_pipe(const String &f, const unsigned char *data, int len, ErrorHandler *errh) {
    int c = compression_of(data, len);
    FILE *p = c < 0 ? nullptr : popen((String(compressors[c].program) + " -dc < " + shell_quote(f)).c_str(), "re");
    if (!p) or_silent(errh)->error("%s: cannot decompress", f.c_str());
    return p;
}
FILE *open_compress_pipe(const String &f, ErrorHandler *errh) {
    int c = compressed_filename(f) - 1;
    FILE *p = c < 0 ? nullptr : popen((String(compressors[c].program) + " -c > " + shell_quote(f)).c_str(), "we");
    if (!p) or_silent(errh)->error("%s: cannot compress", f.c_str());
    return p;
}

CLICK_ENDDECLS
