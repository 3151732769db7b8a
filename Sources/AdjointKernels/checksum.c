// A checksum of bytes, eight at a time: table k holds the remainders of a byte that k bytes follow.
#include <pthread.h>
#include <string.h>

#include "include/AdjointKernels.h"

static uint64_t table[8][256];

static void make_table(void) {
  for (int byte = 0; byte < 256; byte++) {
    uint64_t rest = (uint64_t)byte;
    for (int bit = 0; bit < 8; bit++) rest = rest >> 1 ^ (rest & 1 ? UINT64_C(0xC96C5795D7870F42) : 0);
    table[0][byte] = rest;
  }
  for (int k = 1; k < 8; k++) {
    for (int byte = 0; byte < 256; byte++) {
      const uint64_t rest = table[k - 1][byte];
      table[k][byte] = rest >> 8 ^ table[0][rest & 255];
    }
  }
}

uint64_t adjoint_checksum(uint64_t checksum, const void *bytes, ptrdiff_t count) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, make_table);
  const unsigned char *next = bytes;
  uint64_t rest = ~checksum;
  for (; count >= 8; count -= 8, next += 8) {
    // Byte by byte, so that the result is the same for both byte orders.
    uint64_t sum = 0;
    for (int k = 0; k < 8; k++) sum ^= table[7 - k][(rest >> 8 * k & 255) ^ next[k]];
    rest = sum;
  }
  for (; count > 0; count--) rest = rest >> 8 ^ table[0][(rest & 255) ^ *next++];
  return ~rest;
}
