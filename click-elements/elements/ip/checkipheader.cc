#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <click/straccum.hh>
#include <clicknet/ip.h>
#include <click/glue.hh>
#include "checkipheader.hh"
EXPORT_ELEMENT(CheckIPHeader)
