#ifndef CLICK_CRC32_H
#define CLICK_CRC32_H
#include <stdint.h>
extern "C" {
/** The CRC of IEEE 802.3's polynomial, most significant bit first, neither inverted nor reflected, carried on over @a len bytes. */
uint32_t update_crc(uint32_t crc, const char *data, int len);
}
#endif
