// What a network device does of what senders leave to it, as `ethtool -k` has it.
#ifndef LCLICK_DEVICEFEATURES_HH
#define LCLICK_DEVICEFEATURES_HH
#include <click/string.hh>
#include <stdint.h>
CLICK_DECLS
namespace frameio {

/** Which of at most 31 features, by name, are on: bit i is names[i]'s. Negative where the kernel does not tell. */
int32_t features_on(const String &device, const char *const *names, int n);
/** Turn one off. False, with errno, if that cannot be. */
bool turn_feature_off(const String &device, const char *name);
/** The name of its driver; empty if the kernel does not tell. */
String driver_of(const String &device);

}
CLICK_ENDDECLS
#endif
