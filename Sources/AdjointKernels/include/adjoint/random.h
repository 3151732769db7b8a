#ifndef ADJOINT_RANDOM_H
#define ADJOINT_RANDOM_H

#include "types.h"

/// Philox4x32-10 (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
void adjoint_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t result[4]);

/// A place in a random sequence. Draw i of (seed, stream) is a function of these three alone: word i mod 4 of
/// Philox(counter = (block, stream), key = seed) with block = i / 4, low words first.
typedef struct adjoint_random_key { uint64_t seed, stream; } adjoint_random_key;

/// result[i] = the 32-bit draws number first + i.
void adjoint_random_bits(adjoint_random_key key, uint64_t first, uint32_t *result, ptrdiff_t count);

/// The elements number first + i, uniform in [low, high). float32 uses the top 24 bits of draw i; float64 the top 53 bits of
/// draws 2i (high) and 2i + 1.
void adjoint_random_uniform(adjoint_dtype dtype, void *result, ptrdiff_t count, adjoint_random_key key, uint64_t first,
                            double low, double high);

/// The elements number first + i, normal, by Box and Muller's transform of pairs of uniform draws; element 2j is the cosine, 2j + 1 the sine.
void adjoint_random_normal(adjoint_dtype dtype, void *result, ptrdiff_t count, adjoint_random_key key, uint64_t first,
                           double mean, double standard_deviation);

/// result[i] = draw first + i ≥ threshold ? scale · x[i] : 0. A dropped element is 0 even where x is not finite. The mask is
/// the same in both element types.
void adjoint_dropout(adjoint_dtype dtype, void *result, const void *x, ptrdiff_t count, adjoint_random_key key,
                     uint64_t first, uint32_t threshold, double scale);

#endif
