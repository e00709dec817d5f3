// Files, paths and shells.
#ifndef CLICK_USERUTILS_HH
#define CLICK_USERUTILS_HH
#include <click/vector.hh>
#include <stdio.h>
CLICK_DECLS
class ErrorHandler;

inline bool glob_match(const String &s, const String &pattern) { return s.glob_match(pattern); }
/** What stands for the file in messages. */
const char *filename_landmark(const char *filename, bool is_expression = false);
/** All of a file; empty, and an error reported, if it cannot be read. */
String file_string(FILE *, ErrorHandler * = nullptr);
String file_string(String filename, ErrorHandler * = nullptr);
String shell_quote(const String &, bool quote_tilde = false);
/** The output of a shell command that is given @a input. */
String shell_command_output_string(String command, const String &input, ErrorHandler *);
void click_signal(int signum, void (*handler)(int), bool resethand);
String click_mktmpdir(ErrorHandler * = nullptr);
String unique_tmpnam(const String &pattern, ErrorHandler * = nullptr);

/** The directories of CLICKPATH or set_clickpath(), separated by colons; an empty one stands for the built-in path. */
const char *clickpath();
void set_clickpath(const char *);
bool path_allows_default_path(String path);
/** The files `DIR/SUBDIR/...`, `DIR/...` of the path's directories that are called @a filename: the first, or nothing. */
String clickpath_find_file(const String &filename, const char *subdir, String default_path, ErrorHandler * = nullptr);
void clickpath_expand_path(const char *subdir, const String &default_path, Vector<String> &result);

/** By content: gzip, bzip2, xz, zstd? By name, likewise: 1 for .gz, 2 for .bz2, 3 for .xz, ... */
bool compressed_data(const unsigned char *, int len);
int compressed_filename(const String &filename);
FILE *open_uncompress_pipe(const String &filename, const unsigned char *data, int len, ErrorHandler *);
FILE *open_compress_pipe(const String &filename, ErrorHandler *);

CLICK_ENDDECLS
#endif
