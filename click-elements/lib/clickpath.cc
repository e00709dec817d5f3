// CLICKPATH, files, and ar archives (a configuration may be one, with its text in the member `config`).
#include <click/config.h>
#include <click/clickpath.hh>
#include <click/confparse.hh>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
CLICK_DECLS

namespace {
String &the_path() {
    static String path(getenv("CLICKPATH"));
    return path;
}
enum { max_file = 64 << 20 };

bool is_file(const String &path) {
    struct stat st;
    return path.find_left('\0') < 0 && stat(path.c_str(), &st) == 0 && S_ISREG(st.st_mode);
}
}

String click_path() { return the_path(); }
void click_set_path(const String &path) { the_path() = path; }

String click_find_file(const String &name, const String &subdir, const String &beside) {
    if (!name || name[0] == '/')
        return name && is_file(name) ? name : String();
    String found = beside.substring(0, beside.find_right('/') + 1) + name;
    if (is_file(found))
        return found;
    String rest = the_path();
    while (rest) {
        int colon = rest.find_left(':');
        String dir = colon < 0 ? rest : rest.substring(0, colon);
        rest = colon < 0 ? String() : rest.substring(colon + 1);
        if (dir && (is_file(found = dir + "/" + subdir + "/" + name) || is_file(found = dir + "/" + name)))
            return found;
    }
    return String();
}

bool click_read_file(const String &path, String &text, String *why) {
    int fd = path == "-" ? 0 : open(path.c_str(), O_RDONLY | O_CLOEXEC);
    char buffer[16384];
    ssize_t n = fd < 0 ? -1 : 0;
    while (fd >= 0 && text.length() <= max_file && (n = read(fd, buffer, sizeof buffer)) != 0)
        if (n > 0) text.append(buffer, (int) n);
        else if (errno != EINTR) break;
    *why = n < 0 ? strerror(errno) : "file too large";
    if (fd > 0)
        close(fd);
    return n == 0 && text.length() <= max_file;
}

bool click_is_archive(const String &s) { return s.starts_with("!<arch>\n", 8); }

bool click_archive_member(const String &archive, const String &name, String &text, String *why) {
    // After the magic: members of a 60-byte header (name 16, date 12, owner 6, group 6, mode 8, size 10, "`\n") and the
    // data, padded to even. Long names: `/N` is at N of the member `//` (GNU), `#1/N` are the first N bytes of the data (BSD).
    String long_names;
    int at = 8, end = archive.length();
    while (at < end) {
        if (end - at < 60 || archive[at + 58] != '`' || archive[at + 59] != '\n') {
            *why = "bad archive: no member header at byte " + String(at);
            return false;
        }
        String member = archive.substring(at, 16).trim_space();
        int size, data = at + 60, n;
        if (!cp_integer(archive.substring(at + 48, 10).trim_space(), &size) || size < 0 || size > end - data) {
            *why = "bad archive: member '" + member + "' ends after the archive does";
            return false;
        }
        at = data + size + (size & 1);
        if (member == "//") {
            long_names = archive.substring(data, size);
            continue;
        }
        if (member.starts_with("#1/") && cp_integer(member.substring(3), &n) && n >= 0 && n <= size) {
            member = archive.substring(data, n), data += n, size -= n;
            int zero = member.find_left('\0');
            member = member.substring(0, zero < 0 ? n : zero);
        } else if (member.length() > 1 && member[0] == '/' && cp_integer(member.substring(1), &n) && n >= 0 && n < long_names.length()) {
            int eol = long_names.find_left('\n', n);
            member = long_names.substring(n, (eol < 0 ? long_names.length() : eol) - n);
        }
        if (member.length() > 1 && member.back() == '/')
            member = member.substring(0, member.length() - 1);
        if (member == name) {
            text = archive.substring(data, size);
            return true;
        }
    }
    *why = "archive has no member '" + name + "'";
    return false;
}

CLICK_ENDDECLS
