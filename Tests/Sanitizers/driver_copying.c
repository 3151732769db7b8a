// Filling, copying, conversion and strided copies.
#include "check.h"

static void check_plain(ptrdiff_t count) {
  for (int d = 0; d < 2; d++) {
    const adjoint_dtype dtype = dtypes[d], other = dtypes[1 - d];
    void *x = special_numbers(dtype, count), *y = fresh(count * size_of(dtype)), *z = fresh(count * size_of(other));
    FOR_EACH_THREAD_COUNT(y, count * size_of(dtype), "fill", adjoint_fill(dtype, y, 1.25, count))
    for (ptrdiff_t i = 0; i < count; i++) check(get(dtype, y, i) == 1.25, "fill");
    FOR_EACH_THREAD_COUNT(y, count * size_of(dtype), "copy", adjoint_copy(y, x, count * size_of(dtype)))
    check(count == 0 || memcmp(x, y, (size_t)(count * size_of(dtype))) == 0, "copy");
    FOR_EACH_THREAD_COUNT(z, count * size_of(other), "convert", adjoint_convert(other, z, dtype, x, count))
    for (ptrdiff_t i = 0; i < count; i++) check(agrees(other, get(other, z, i), get(dtype, x, i), 0), "convert");
    free(x);
    free(y);
    free(z);
  }
}

// A source and a result with room for padding; the element at an index is known from the source's position.
static void check_strided(int size, int rank, const ptrdiff_t *extents, const ptrdiff_t *result_strides,
                          const ptrdiff_t *source_strides) {
  ptrdiff_t low[2] = {0, 0}, high[2] = {0, 0}, count = 1;
  for (int axis = 0; axis < rank; axis++) {
    count *= extents[axis];
    const ptrdiff_t reach[2] = {(extents[axis] - 1) * result_strides[axis], (extents[axis] - 1) * source_strides[axis]};
    for (int k = 0; k < 2; k++) *(reach[k] < 0 ? &low[k] : &high[k]) += reach[k];
  }
  const ptrdiff_t lengths[2] = {count == 0 ? 0 : high[0] - low[0] + 1, count == 0 ? 0 : high[1] - low[1] + 1};
  char *result = fresh(lengths[0] * size), *source = fresh(lengths[1] * size);
  for (ptrdiff_t i = 0; i < lengths[1] * size; i++) source[i] = (char)next_bits();
  char *first = result - low[0] * size;
  const char *origin = source - low[1] * size;
  if (count == 0) first = result, origin = source;
  FOR_EACH_THREAD_COUNT(result, lengths[0] * size, "strided_copy",
                        adjoint_strided_copy(size, rank, extents, first, result_strides, origin, source_strides))
  char *expected = fresh(lengths[0] * size);
  for (ptrdiff_t i = 0; i < count; i++) {
    ptrdiff_t to = -low[0], from = -low[1], rest = i;
    for (int axis = rank - 1; axis >= 0; axis--) {
      to += rest % extents[axis] * result_strides[axis];
      from += rest % extents[axis] * source_strides[axis];
      rest /= extents[axis];
    }
    memcpy(expected + to * size, source + from * size, (size_t)size);
  }
  check(lengths[0] == 0 || memcmp(result, expected, (size_t)(lengths[0] * size)) == 0,
        "strided copy of rank %d, size %d, [%td, %td, ...]", rank, size, rank > 0 ? extents[0] : 0,
        rank > 1 ? extents[1] : 0);
  free(result);
  free(source);
  free(expected);
}

// Random permutations, steps, flips and broadcasts of random shapes.
static void check_random_strides(int size) {
  const int rank = (int)(next_bits() % 6);
  ptrdiff_t extents[8], strides[2][8];
  for (int axis = 0; axis < rank; axis++) {
    extents[axis] = (ptrdiff_t)(next_bits() % (rank < 3 ? 150 : rank < 5 ? 20 : 7)) + (next_bits() % 40 != 0);
  }
  for (int k = 0; k < 2; k++) {
    int order[8];
    for (int axis = 0; axis < rank; axis++) {
      int place = (int)(next_bits() % (uint64_t)(axis + 1));
      order[axis] = order[place];
      order[place] = axis;
    }
    if (k == 0 && next_bits() % 2) for (int axis = 0; axis < rank; axis++) order[axis] = axis;
    ptrdiff_t stride = next_bits() % 4 == 0 ? 2 : 1;
    for (int i = rank - 1; i >= 0; i--) {
      const int axis = order[i];
      strides[k][axis] = next_bits() % 8 == 0 ? -stride : stride;
      if (k == 1 && next_bits() % 6 == 0) strides[k][axis] = 0;
      stride *= extents[axis] > 0 ? extents[axis] : 1;
      stride += next_bits() % 4 == 0 ? 3 : 0;
    }
  }
  check_strided(size, rank, extents, strides[0], strides[1]);
}

static void check_transpositions(int size) {
  for (int i = 0; i < SIZE_COUNT; i++) {
    for (int j = 0; j < SIZE_COUNT; j++) {
      const ptrdiff_t rows = sizes[i], columns = sizes[j];
      if (rows * columns > 100000) continue;
      check_strided(size, 2, (ptrdiff_t[]){rows, columns}, (ptrdiff_t[]){columns, 1}, (ptrdiff_t[]){1, rows});
      check_strided(size, 2, (ptrdiff_t[]){rows, columns}, (ptrdiff_t[]){columns + 3, 1}, (ptrdiff_t[]){columns, 1});
    }
  }
}

int main(void) {
  for (int s = 0; s < SIZE_COUNT; s++) check_plain(sizes[s]);
  check_plain(200003);
  for (int size = 4; size <= 8; size += 4) {
    check_transpositions(size);
    for (int i = 0; i < 300; i++) check_random_strides(size);
    check_strided(size, 4, (ptrdiff_t[]){6, 40, 12, 16}, (ptrdiff_t[]){7680, 192, 16, 1},
                  (ptrdiff_t[]){7680, 16, 640, 1});
  }
  return finish("copying");
}
