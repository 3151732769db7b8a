// The checksum: its known answer, and that pieces give what the whole gives.
#include "check.h"

int main(void) {
  check(adjoint_checksum(0, "123456789", 9) == UINT64_C(0x995DC9BBDF1939FA), "known answer");
  check(adjoint_checksum(0, NULL, 0) == 0, "nothing");
  unsigned char *bytes = fresh(1000);
  for (int i = 0; i < 1000; i++) bytes[i] = (unsigned char)(i * i + 7 * i);
  const uint64_t whole = adjoint_checksum(0, bytes, 1000);
  for (int cut = 0; cut <= 1000; cut++) {
    check(adjoint_checksum(adjoint_checksum(0, bytes, cut), bytes + cut, 1000 - cut) == whole, "cut at %d", cut);
  }
  for (int bit = 0; bit < 8000; bit++) {
    bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
    check(adjoint_checksum(0, bytes, 1000) != whole, "bit %d", bit);
    bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
  }
  free(bytes);
  return finish("checksum");
}
