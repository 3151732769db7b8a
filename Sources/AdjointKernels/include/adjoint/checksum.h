#ifndef ADJOINT_CHECKSUM_H
#define ADJOINT_CHECKSUM_H

#include "types.h"

/// CRC-64/XZ: the remainder of division by ECMA-182's polynomial, bits reflected, inverted at both ends. It finds every
/// change of up to 64 neighbouring bits.
///
/// `checksum` is 0 at the beginning, and what the bytes before gave to go on.
uint64_t adjoint_checksum(uint64_t checksum, const void *bytes, ptrdiff_t count);

#endif
