// Random numbers: known answers, agreement of every size with the scalar generator, and moments.
#include "check.h"

static void check_known_answers(void) {
  static const uint32_t cases[3][10] = {
      {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
      {~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
      {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420,
       0x24126ea1}};
  for (int i = 0; i < 3; i++) {
    uint32_t words[4];
    adjoint_philox(cases[i], cases[i] + 4, words);
    check(memcmp(words, cases[i] + 6, sizeof words) == 0, "known answer %d", i);
  }
}

static uint32_t draw(adjoint_random_key key, uint64_t i) {
  const uint64_t block = i / 4;
  const uint32_t counter[4] = {(uint32_t)block, (uint32_t)(block >> 32), (uint32_t)key.stream,
                               (uint32_t)(key.stream >> 32)};
  const uint32_t seed[2] = {(uint32_t)key.seed, (uint32_t)(key.seed >> 32)};
  uint32_t words[4];
  adjoint_philox(counter, seed, words);
  return words[i % 4];
}

static double uniform(adjoint_dtype dtype, adjoint_random_key key, uint64_t i) {
  if (dtype == ADJOINT_FLOAT32) return (draw(key, i) >> 8) * 0x1p-24;
  return (double)(((uint64_t)draw(key, 2 * i) << 32 | draw(key, 2 * i + 1)) >> 11) * 0x1p-53;
}

static void check_draws(adjoint_random_key key, ptrdiff_t count) {
  static const uint64_t firsts[] = {0, 1, 2, 3, 8, 0x3fffffffeu, 0xfffffffffff00000u};
  for (size_t f = 0; f < sizeof firsts / sizeof *firsts; f++) {
    uint32_t *words = fresh(count * 4);
    FOR_EACH_THREAD_COUNT(words, count * 4, "random_bits", adjoint_random_bits(key, firsts[f], words, count))
    for (ptrdiff_t i = 0; i < count; i += 1 + count / 500) {
      check(words[i] == draw(key, firsts[f] + (uint64_t)i), "draw %td from %llu", i, (unsigned long long)firsts[f]);
    }
    free(words);
  }
}

static void check_numbers(adjoint_dtype dtype, adjoint_random_key key, ptrdiff_t count) {
  const ptrdiff_t bytes = count * size_of(dtype);
  void *y = fresh(bytes), *x = special_numbers(dtype, count);
  FOR_EACH_THREAD_COUNT(y, bytes, "uniform", adjoint_random_uniform(dtype, y, count, key, 0, -1, 3))
  for (ptrdiff_t i = 0; i < count; i += 1 + count / 2000) {
    const double expected = uniform(dtype, key, (uint64_t)i) * 4 - 1;
    check(agrees(dtype, get(dtype, y, i), expected, 1) && get(dtype, y, i) < 3, "uniform %td: %g, not %g", i,
          get(dtype, y, i), expected);
  }
  FOR_EACH_THREAD_COUNT(y, bytes, "normal", adjoint_random_normal(dtype, y, count, key, 0, 0.5, 2))
  for (ptrdiff_t i = 0; i < count; i += 1 + count / 2000) {
    const uint64_t pair = (uint64_t)i / 2 * 2;
    const double radius = sqrt(-2 * log1p(-uniform(dtype, key, pair)));
    const double turn = 6.283185307179586477 * uniform(dtype, key, pair + 1);
    const double expected = 0.5 + 2 * radius * (i % 2 ? sin(turn) : cos(turn));
    check(fabs(get(dtype, y, i) - expected) <= 64 * epsilon(dtype), "normal %td: %g, not %g", i, get(dtype, y, i),
          expected);
  }
  const uint32_t threshold = 0x40000000;
  FOR_EACH_THREAD_COUNT(y, bytes, "dropout", adjoint_dropout(dtype, y, x, count, key, 0, threshold, 4.0 / 3))
  for (ptrdiff_t i = 0; i < count; i += 1 + count / 2000) {
    const double expected = draw(key, (uint64_t)i) >= threshold ? get(dtype, x, i) * rounded(dtype, 4.0 / 3) : 0;
    check(agrees(dtype, get(dtype, y, i), expected, 1), "dropout %td", i);
  }
  adjoint_dropout(dtype, x, x, count, key, 0, threshold, 4.0 / 3);
  check(count == 0 || memcmp(x, y, (size_t)bytes) == 0, "dropout in place");
  free(x);
  free(y);
}

/// Elements from a number on are those of the whole.
static void check_parts(adjoint_dtype dtype, adjoint_random_key key, ptrdiff_t count) {
  const size_t size = (size_t)size_of(dtype);
  void *whole = fresh(count * (ptrdiff_t)size), *x = special_numbers(dtype, count);
  for (int kind = 0; kind < 3; kind++) {
    for (ptrdiff_t first = 0; first <= count; first += first < 20 ? 1 : 1 + count / 7) {
      const ptrdiff_t left = count - first;
      void *part = fresh(left * (ptrdiff_t)size);
      if (kind == 0) {
        adjoint_random_uniform(dtype, whole, count, key, 0, -1, 3);
        adjoint_random_uniform(dtype, part, left, key, (uint64_t)first, -1, 3);
      } else if (kind == 1) {
        adjoint_random_normal(dtype, whole, count, key, 0, 0.5, 2);
        adjoint_random_normal(dtype, part, left, key, (uint64_t)first, 0.5, 2);
      } else {
        adjoint_dropout(dtype, whole, x, count, key, 0, 0x40000000, 4.0 / 3);
        adjoint_dropout(dtype, part, (const char *)x + (size_t)first * size, left, key, (uint64_t)first, 0x40000000,
                        4.0 / 3);
      }
      check(left == 0 || memcmp(part, (const char *)whole + (size_t)first * size, (size_t)left * size) == 0,
            "kind %d: %td elements from %td", kind, left, first);
      free(part);
    }
  }
  free(x);
  free(whole);
}

static void check_moments(adjoint_dtype dtype) {
  const ptrdiff_t count = 400000;
  void *y = fresh(count * size_of(dtype));
  adjoint_random_normal(dtype, y, count, (adjoint_random_key){7, 1}, 0, 0, 1);
  double moments[5] = {0};
  for (ptrdiff_t i = 0; i < count; i++) {
    const double v = get(dtype, y, i);
    for (int k = 1; k <= 4; k++) moments[k] += pow(v, k) / (double)count;
  }
  check(fabs(moments[1]) < 0.01 && fabs(moments[2] - 1) < 0.01 && fabs(moments[3]) < 0.03 &&
            fabs(moments[4] - 3) < 0.06, "moments %g %g %g %g", moments[1], moments[2], moments[3], moments[4]);
  adjoint_random_uniform(dtype, y, count, (adjoint_random_key){8, 1}, 0, 1, 1 + epsilon(dtype));
  for (ptrdiff_t i = 0; i < count; i++) check(get(dtype, y, i) == 1, "uniform reaches its upper end");
  free(y);
}

int main(void) {
  check_known_answers();
  const adjoint_random_key key = {0x123456789abcdef0u, 0xfedcba9876543210u};
  for (int s = 0; s < SIZE_COUNT; s++) {
    check_draws(key, sizes[s]);
    for (int d = 0; d < 2; d++) check_numbers(dtypes[d], key, sizes[s]);
    for (int d = 0; d < 2 && sizes[s] < 1000; d++) check_parts(dtypes[d], key, sizes[s]);
  }
  for (int d = 0; d < 2; d++) check_moments(dtypes[d]);
  return finish("random");
}
