// Entry points for random numbers.
#include "chunks.h"

// A multiple of 8, so that chunks begin with a whole block in either element type.
enum { CHUNK = 16384 };

void adjoint_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t result[4]) {
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3], k0 = key[0], k1 = key[1];
  for (int round = 0; round < 10; round++) {
    const uint64_t a = (uint64_t)c0 * 0xd2511f53u, b = (uint64_t)c2 * 0xcd9e8d57u;
    c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
    c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
    c1 = (uint32_t)b;
    c3 = (uint32_t)a;
    k0 += 0x9e3779b9u;
    k1 += 0xbb67ae85u;
  }
  result[0] = c0;
  result[1] = c1;
  result[2] = c2;
  result[3] = c3;
}

typedef struct random_loop {
  range range;
  adjoint_dtype dtype;
  adjoint_random_key key;
  uint64_t first;
  void *result;
  const void *x;
  double a, b;  // low and high, or mean and standard deviation, or the scale
  uint32_t threshold;
} random_loop;

static void bits_chunk(void *context, ptrdiff_t chunk) {
  const random_loop *loop = context;
  ptrdiff_t first, count = elements_of_chunk(&loop->range, chunk, &first);
  random_kernels(ADJOINT_FLOAT32)->bits(loop->key, loop->first + (uint64_t)first, (uint32_t *)loop->result + first,
                                        count);
}

void adjoint_random_bits(adjoint_random_key key, uint64_t first, uint32_t *result, ptrdiff_t count) {
  // The words up to the next whole block.
  while (count > 0 && first % 4 != 0) {
    const uint64_t block = first / 4;
    const uint32_t counter[4] = {(uint32_t)block, (uint32_t)(block >> 32), (uint32_t)key.stream,
                                 (uint32_t)(key.stream >> 32)};
    const uint32_t seed[2] = {(uint32_t)key.seed, (uint32_t)(key.seed >> 32)};
    uint32_t words[4];
    adjoint_philox(counter, seed, words);
    *result++ = words[first++ % 4];
    count--;
  }
  random_loop loop = {.range = {count, CHUNK}, .key = key, .first = first, .result = result};
  adjoint_parallel(chunks_of(CHUNK, count), bits_chunk, &loop);
}

static void uniform_chunk(void *context, ptrdiff_t chunk) {
  const random_loop *loop = context;
  ptrdiff_t first, count = elements_of_chunk(&loop->range, chunk, &first);
  random_kernels(loop->dtype)->uniform(loop->key, (uint64_t)first, element(loop->dtype, loop->result, first), count,
                                       loop->a, loop->b);
}

void adjoint_random_uniform(adjoint_dtype dtype, void *result, ptrdiff_t count, adjoint_random_key key, double low,
                            double high) {
  random_loop loop = {.range = {count, CHUNK}, .dtype = dtype, .key = key, .result = result, .a = low, .b = high};
  adjoint_parallel(chunks_of(CHUNK, count), uniform_chunk, &loop);
}

static void normal_chunk(void *context, ptrdiff_t chunk) {
  const random_loop *loop = context;
  ptrdiff_t first, count = elements_of_chunk(&loop->range, chunk, &first);
  random_kernels(loop->dtype)->normal(loop->key, (uint64_t)first, element(loop->dtype, loop->result, first), count,
                                      loop->a, loop->b);
}

void adjoint_random_normal(adjoint_dtype dtype, void *result, ptrdiff_t count, adjoint_random_key key, double mean,
                           double standard_deviation) {
  random_loop loop = {.range = {count, CHUNK}, .dtype = dtype, .key = key, .result = result, .a = mean,
                      .b = standard_deviation};
  adjoint_parallel(chunks_of(CHUNK, count), normal_chunk, &loop);
}

static void dropout_chunk(void *context, ptrdiff_t chunk) {
  const random_loop *loop = context;
  ptrdiff_t first, count = elements_of_chunk(&loop->range, chunk, &first);
  random_kernels(loop->dtype)->dropout(loop->key, (uint64_t)first, element(loop->dtype, loop->result, first),
                                       constant_element(loop->dtype, loop->x, first), count, loop->threshold, loop->a);
}

void adjoint_dropout(adjoint_dtype dtype, void *result, const void *x, ptrdiff_t count, adjoint_random_key key,
                     uint32_t threshold, double scale) {
  random_loop loop = {.range = {count, CHUNK}, .dtype = dtype, .key = key, .result = result, .x = x, .a = scale,
                      .threshold = threshold};
  adjoint_parallel(chunks_of(CHUNK, count), dropout_chunk, &loop);
}
