/* SPDX-License-Identifier: MPL-2.0 */
#include "sha1.h"

enum { BLOCK = 64, WORDS = 5 };

static uint32_t rotate(uint32_t value, unsigned bits) {
  return value << bits | value >> (32 - bits);
}

#define CHOOSE(b, c, d) (d ^ (b & (c ^ d)))
#define PARITY(b, c, d) (b ^ c ^ d)
#define MAJORITY(b, c, d) ((b & c) | (d & (b | c)))

#define SCHEDULE(t) \
  (w[(t)&15] = rotate(w[((t) + 13) & 15] ^ w[((t) + 8) & 15] ^ w[((t) + 2) & 15] ^ w[(t)&15], 1))
#define LOAD(t) (w[t] = __builtin_bswap32(((const uint32_t*)block)[t]))

/* One step; the caller turns the names instead of moving the values: 358 MB go through here. */
#define STEP(a, b, c, d, e, f, k, word)          \
  do {                                           \
    e += rotate(a, 5) + f(b, c, d) + k + (word); \
    b = rotate(b, 30);                           \
  } while (0)
#define FIVE(f, k, word, t)                   \
  do {                                        \
    STEP(a, b, c, d, e, f, k, word(t));       \
    STEP(e, a, b, c, d, f, k, word((t) + 1)); \
    STEP(d, e, a, b, c, f, k, word((t) + 2)); \
    STEP(c, d, e, a, b, f, k, word((t) + 3)); \
    STEP(b, c, d, e, a, f, k, word((t) + 4)); \
  } while (0)
#define TWENTY(f, k, t)             \
  do {                              \
    FIVE(f, k, SCHEDULE, t);        \
    FIVE(f, k, SCHEDULE, (t) + 5);  \
    FIVE(f, k, SCHEDULE, (t) + 10); \
    FIVE(f, k, SCHEDULE, (t) + 15); \
  } while (0)

static void compress(uint32_t state[WORDS], const uint8_t* block) {
  uint32_t w[16];
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];

  FIVE(CHOOSE, 0x5a827999, LOAD, 0);
  FIVE(CHOOSE, 0x5a827999, LOAD, 5);
  FIVE(CHOOSE, 0x5a827999, LOAD, 10);
  STEP(a, b, c, d, e, CHOOSE, 0x5a827999, LOAD(15));
  STEP(e, a, b, c, d, CHOOSE, 0x5a827999, SCHEDULE(16));
  STEP(d, e, a, b, c, CHOOSE, 0x5a827999, SCHEDULE(17));
  STEP(c, d, e, a, b, CHOOSE, 0x5a827999, SCHEDULE(18));
  STEP(b, c, d, e, a, CHOOSE, 0x5a827999, SCHEDULE(19));
  TWENTY(PARITY, 0x6ed9eba1, 20);
  TWENTY(MAJORITY, 0x8f1bbcdc, 40);
  TWENTY(PARITY, 0xca62c1d6, 60);

  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
}

static void finish(uint32_t state[WORDS], const uint8_t* rest, size_t rest_length, size_t length) {
  uint8_t tail[2 * BLOCK] = {0};
  size_t size = rest_length < BLOCK - 8 ? BLOCK : 2 * BLOCK;
  for (size_t i = 0; i < rest_length; i++) tail[i] = rest[i];
  tail[rest_length] = 0x80;
  uint64_t bits = (uint64_t)length * 8;
  for (size_t i = 1; i <= 8; i++, bits >>= 8) tail[size - i] = (uint8_t)bits;
  for (size_t i = 0; i < size; i += BLOCK) compress(state, tail + i);
}

void sha1_hex(const uint8_t* data, size_t length, char hex[SHA1_HEX + 1]) {
  uint32_t state[WORDS] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  size_t whole = length - length % BLOCK;
  for (size_t i = 0; i < whole; i += BLOCK) compress(state, data + i);
  finish(state, data + whole, length - whole, length);
  for (int i = 0; i < SHA1_HEX; i++) hex[i] = "0123456789abcdef"[state[i / 8] >> (28 - i % 8 * 4) & 15];
  hex[SHA1_HEX] = '\0';
}
