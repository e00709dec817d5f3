// MD5 (RFC 1321).
#ifndef CLICK_MD5_H
#define CLICK_MD5_H
#include <stdint.h>
typedef unsigned char md5_byte_t;
typedef uint32_t md5_word_t;
typedef struct md5_state_s { uint64_t length; md5_word_t abcd[4]; md5_byte_t buf[64]; } md5_state_t;
#define MD5_DIGEST_SIZE 16
#define MD5_TEXT_DIGEST_SIZE 22
#define MD5_TEXT_DIGEST_MAX_SIZE 26
extern "C" {
int md5_init(md5_state_t *);
void md5_append(md5_state_t *, const md5_byte_t *data, int nbytes);
void md5_finish(md5_state_t *, md5_byte_t digest[16]);
}
#define md5_free(s)
#endif
