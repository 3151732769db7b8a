// Entry points for random numbers.
#include "chunks.h"

#include <string.h>

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

/// Whole batches begin at a multiple of so many elements, of any type.
enum { WHOLE = 8 };

/// The part of a loop that does not begin a whole block: its first elements, in a block beside them.
typedef struct random_head {
  uint64_t first;
  ptrdiff_t lead, count;
  double x[WHOLE], y[WHOLE];
} random_head;

static random_head head_of(const random_loop *loop, ptrdiff_t count) {
  random_head head = {.lead = (ptrdiff_t)(loop->first % WHOLE)};
  head.first = loop->first - (uint64_t)head.lead;
  const ptrdiff_t left = head.lead == 0 ? 0 : WHOLE - head.lead;
  head.count = left < count ? left : count;
  return head;
}

/// Puts the head in its place, and shares what follows it among threads.
static void run_after(random_head *head, random_loop *loop, ptrdiff_t count, adjoint_chunk_body body) {
  const size_t size = (size_t)element_size(loop->dtype);
  if (head->count > 0) memcpy(loop->result, element(loop->dtype, head->y, head->lead), (size_t)head->count * size);
  loop->first += (uint64_t)head->count;
  loop->result = element(loop->dtype, loop->result, head->count);
  if (loop->x) loop->x = constant_element(loop->dtype, loop->x, head->count);
  loop->range = (range){count - head->count, CHUNK};
  adjoint_parallel(chunks_of(CHUNK, count - head->count), body, loop);
}

static void uniform_chunk(void *context, ptrdiff_t chunk) {
  const random_loop *loop = context;
  ptrdiff_t first, count = elements_of_chunk(&loop->range, chunk, &first);
  random_kernels(loop->dtype)->uniform(loop->key, loop->first + (uint64_t)first,
                                       element(loop->dtype, loop->result, first), count, loop->a, loop->b);
}

void adjoint_random_uniform(adjoint_dtype dtype, void *result, ptrdiff_t count, adjoint_random_key key, uint64_t first,
                            double low, double high) {
  random_loop loop = {.dtype = dtype, .key = key, .first = first, .result = result, .a = low, .b = high};
  random_head head = head_of(&loop, count);
  if (head.count > 0) random_kernels(dtype)->uniform(key, head.first, head.y, head.lead + head.count, low, high);
  run_after(&head, &loop, count, uniform_chunk);
}

static void normal_chunk(void *context, ptrdiff_t chunk) {
  const random_loop *loop = context;
  ptrdiff_t first, count = elements_of_chunk(&loop->range, chunk, &first);
  random_kernels(loop->dtype)->normal(loop->key, loop->first + (uint64_t)first,
                                      element(loop->dtype, loop->result, first), count, loop->a, loop->b);
}

void adjoint_random_normal(adjoint_dtype dtype, void *result, ptrdiff_t count, adjoint_random_key key, uint64_t first,
                           double mean, double standard_deviation) {
  random_loop loop = {.dtype = dtype, .key = key, .first = first, .result = result, .a = mean,
                      .b = standard_deviation};
  random_head head = head_of(&loop, count);
  if (head.count > 0) {
    random_kernels(dtype)->normal(key, head.first, head.y, head.lead + head.count, mean, standard_deviation);
  }
  run_after(&head, &loop, count, normal_chunk);
}

static void dropout_chunk(void *context, ptrdiff_t chunk) {
  const random_loop *loop = context;
  ptrdiff_t first, count = elements_of_chunk(&loop->range, chunk, &first);
  random_kernels(loop->dtype)->dropout(loop->key, loop->first + (uint64_t)first,
                                       element(loop->dtype, loop->result, first),
                                       constant_element(loop->dtype, loop->x, first), count, loop->threshold, loop->a);
}

void adjoint_dropout(adjoint_dtype dtype, void *result, const void *x, ptrdiff_t count, adjoint_random_key key,
                     uint64_t first, uint32_t threshold, double scale) {
  random_loop loop = {.dtype = dtype, .key = key, .first = first, .result = result, .x = x, .a = scale,
                      .threshold = threshold};
  random_head head = head_of(&loop, count);
  if (head.count > 0) {
    memcpy(element(dtype, head.x, head.lead), x, (size_t)(head.count * element_size(dtype)));
    random_kernels(dtype)->dropout(key, head.first, head.y, head.x, head.lead + head.count, threshold, scale);
  }
  run_after(&head, &loop, count, dropout_chunk);
}
