// What neither Click nor FastClick has, from here.
#include "../../include/click/int128.hh"
