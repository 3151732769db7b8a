// Windows over planes, unfolded and folded, against loops over single elements.
#include "check.h"

// The position in its plane of element (ky, kx) of the window at (r, c), or −1 outside.
static ptrdiff_t position(const adjoint_windows *w, ptrdiff_t ky, ptrdiff_t kx, ptrdiff_t r, ptrdiff_t c) {
  const ptrdiff_t y = r * w->stride_y + ky * w->dilation_y - w->padding_y;
  const ptrdiff_t x = c * w->stride_x + kx * w->dilation_x - w->padding_x;
  return y < 0 || y >= w->height || x < 0 || x >= w->width ? -1 : y * w->width + x;
}

static void check_windows(adjoint_dtype dtype, const adjoint_windows *w) {
  const ptrdiff_t area = w->height * w->width, places = w->window_height * w->window_width;
  const ptrdiff_t count = w->planes * area, unfolded = w->planes * places * w->rows * w->columns;
  void *plane = special_numbers(dtype, count), *result = fresh(unfolded * size_of(dtype));
  void *folded = fresh(count * size_of(dtype)), *numbers = fresh(unfolded * size_of(dtype));
  double *expected = calloc((size_t)(count > 0 ? count : 1), sizeof(double));
  FOR_EACH_THREAD_COUNT(result, unfolded * size_of(dtype), "unfold", adjoint_unfold(dtype, result, plane, w, -1.5))
  for (ptrdiff_t i = 0; i < unfolded; i++) set(dtype, numbers, i, (double)(next_bits() % 64) - 32);
  FOR_EACH_THREAD_COUNT(folded, count * size_of(dtype), "fold", adjoint_fold(dtype, folded, numbers, w))
  ptrdiff_t i = 0;
  for (ptrdiff_t p = 0; p < w->planes; p++) {
    for (ptrdiff_t k = 0; k < places; k++) {
      for (ptrdiff_t r = 0; r < w->rows; r++) {
        for (ptrdiff_t c = 0; c < w->columns; c++, i++) {
          const ptrdiff_t at = position(w, k / w->window_width, k % w->window_width, r, c);
          const double wanted = at < 0 ? -1.5 : get(dtype, plane, p * area + at);
          check(agrees(dtype, get(dtype, result, i), wanted, 0), "unfold");
          if (at >= 0) expected[p * area + at] += get(dtype, numbers, i);
        }
      }
    }
  }
  for (ptrdiff_t j = 0; j < count; j++) check(get(dtype, folded, j) == expected[j], "fold");
  free(plane);
  free(result);
  free(folded);
  free(numbers);
  free(expected);
}

static ptrdiff_t windows_along(ptrdiff_t extent, ptrdiff_t size, ptrdiff_t stride, ptrdiff_t padding,
                               ptrdiff_t dilation) {
  const ptrdiff_t room = extent + 2 * padding - dilation * (size - 1) - 1;
  return room < 0 ? 0 : room / stride + 1;
}

static void check_random(adjoint_dtype dtype, ptrdiff_t most) {
  adjoint_windows w = {
      .planes = (ptrdiff_t)(next_bits() % 5),
      .height = (ptrdiff_t)(next_bits() % (uint64_t)most),
      .width = (ptrdiff_t)(next_bits() % (uint64_t)most),
      .window_height = 1 + (ptrdiff_t)(next_bits() % 4),
      .window_width = 1 + (ptrdiff_t)(next_bits() % 4),
      .stride_y = 1 + (ptrdiff_t)(next_bits() % 3),
      .stride_x = 1 + (ptrdiff_t)(next_bits() % 3),
      .padding_y = (ptrdiff_t)(next_bits() % 7),
      .padding_x = (ptrdiff_t)(next_bits() % 7),
      .dilation_y = 1 + (ptrdiff_t)(next_bits() % 3),
      .dilation_x = 1 + (ptrdiff_t)(next_bits() % 3),
  };
  w.rows = windows_along(w.height, w.window_height, w.stride_y, w.padding_y, w.dilation_y);
  w.columns = windows_along(w.width, w.window_width, w.stride_x, w.padding_x, w.dilation_x);
  check_windows(dtype, &w);
}

int main(void) {
  for (int d = 0; d < 2; d++) {
    for (int i = 0; i < 200; i++) check_random(dtypes[d], 12);
    for (int i = 0; i < 10; i++) check_random(dtypes[d], 90);
  }
  return finish("windows");
}
