// Files that configurations name: beside the configuration, and in the directories of CLICKPATH.
#ifndef CLICK_CLICKPATH_HH
#define CLICK_CLICKPATH_HH
#include <click/string.hh>
CLICK_DECLS

/** Directories with colons between: what -C gave, else $CLICKPATH. */
String click_path();
void click_set_path(const String &);
/** @a name beside the file @a beside, else as DIRECTORY/SUBDIR/NAME or DIRECTORY/NAME of the path; empty if there is no such file. */
String click_find_file(const String &name, const String &subdir, const String &beside = String());
/** All of a file ("-" is standard input); false if it cannot be, and @a why. */
bool click_read_file(const String &path, String &text, String *why);
/** Is it an ar(1) archive? */
bool click_is_archive(const String &);
/** The member @a name of an archive. */
bool click_archive_member(const String &archive, const String &name, String &text, String *why);

CLICK_ENDDECLS
#endif
