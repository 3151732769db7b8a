// Attention over sparse rows, and the products it is made of, against loops in double precision.
#include "check.h"

struct graph {
  adjoint_rows rows;
  ptrdiff_t columns, entries;
};

static struct graph make_graph(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t most, bool ordered) {
  int32_t *offsets = malloc((size_t)(rows + 1) * 4);
  offsets[0] = 0;
  for (ptrdiff_t r = 0; r < rows; r++) {
    const ptrdiff_t entries = columns == 0 ? 0 : r == 0 ? 3 * most : (ptrdiff_t)(next_bits() % (uint64_t)(most + 1));
    offsets[r + 1] = offsets[r] + (int32_t)entries;
  }
  const ptrdiff_t entries = offsets[rows];
  int32_t *column = malloc((size_t)entries * 4), *order = ordered ? malloc((size_t)entries * 4) : NULL;
  for (ptrdiff_t e = 0; e < entries; e++) {
    column[e] = (int32_t)(next_bits() % (uint64_t)columns);
    if (ordered) order[e] = (int32_t)(entries - 1 - e);
  }
  return (struct graph){
    .rows = { .row_count = rows, .offsets = offsets, .columns = column, .order = order }, .columns = columns,
    .entries = entries,
  };
}

static void free_graph(struct graph *graph) {
  free((void *)graph->rows.offsets);
  free((void *)graph->rows.columns);
  free((void *)graph->rows.order);
}

// The same entries by column.
static struct graph transposed(const struct graph *graph) {
  int32_t *offsets = calloc((size_t)graph->columns + 1, 4), *row = malloc((size_t)graph->entries * 4);
  int32_t *order = malloc((size_t)graph->entries * 4);
  ptrdiff_t count = 0;
  for (ptrdiff_t c = 0; c < graph->columns; c++) {
    for (ptrdiff_t r = 0; r < graph->rows.row_count; r++) {
      for (ptrdiff_t e = graph->rows.offsets[r]; e < graph->rows.offsets[r + 1]; e++) {
        if (graph->rows.columns[e] != c) continue;
        row[count] = (int32_t)r;
        order[count++] = (int32_t)e;
      }
    }
    offsets[c + 1] = (int32_t)count;
  }
  return (struct graph){
    .rows = { .row_count = graph->columns, .offsets = offsets, .columns = row, .order = order },
    .columns = graph->rows.row_count, .entries = graph->entries,
  };
}

static ptrdiff_t place(const struct graph *graph, ptrdiff_t e) { return graph->rows.order ? graph->rows.order[e] : e; }

static void check_products(adjoint_dtype dtype, ptrdiff_t rows, ptrdiff_t heads, ptrdiff_t width, bool ordered) {
  struct graph g = make_graph(rows, rows + 3, 5, ordered);
  const ptrdiff_t row_width = heads * width;
  void *x = uniform_numbers(dtype, g.columns * row_width, -1, 1), *a = uniform_numbers(dtype, rows * row_width, -1, 1);
  void *w = uniform_numbers(dtype, g.entries * heads, -1, 1);
  void *y = fresh(rows * row_width * size_of(dtype)), *dots = fresh(g.entries * heads * size_of(dtype));
  const adjoint_heads shape = { heads, width };
  FOR_EACH_THREAD_COUNT(y, rows * row_width * size_of(dtype), "heads_sum",
                        adjoint_heads_sum(dtype, &g.rows, shape, w, x, y))
  FOR_EACH_THREAD_COUNT(dots, g.entries * heads * size_of(dtype), "heads_dot",
                        adjoint_heads_dot(dtype, &g.rows, shape, a, x, dots))
  for (ptrdiff_t r = 0; r < rows; r++) {
    for (ptrdiff_t h = 0; h < heads; h++) {
      for (ptrdiff_t d = 0; d < width; d++) {
        double sum = 0, size = 0;
        for (ptrdiff_t e = g.rows.offsets[r]; e < g.rows.offsets[r + 1]; e++) {
          const double term = get(dtype, w, place(&g, e) * heads + h) *
                              get(dtype, x, (g.rows.columns[e] * heads + h) * width + d);
          sum += term;
          size += fabs(term);
        }
        const double got = get(dtype, y, (r * heads + h) * width + d);
        check(fabs(got - sum) <= 20 * epsilon(dtype) * size, "heads_sum [%td, %td, %td]: %g, not %g", rows, heads, width,
              got, sum);
      }
      for (ptrdiff_t e = g.rows.offsets[r]; e < g.rows.offsets[r + 1]; e++) {
        double sum = 0;
        for (ptrdiff_t d = 0; d < width; d++) {
          sum += get(dtype, a, (r * heads + h) * width + d) *
                 get(dtype, x, (g.rows.columns[e] * heads + h) * width + d);
        }
        const double got = get(dtype, dots, place(&g, e) * heads + h);
        check(fabs(got - sum) <= 8 * epsilon(dtype) * (double)width, "heads_dot [%td, %td, %td]: %g, not %g", rows,
              heads, width, got, sum);
      }
    }
  }
  free_graph(&g);
  void *arrays[] = { x, a, w, y, dots };
  for (int i = 0; i < 5; i++) free(arrays[i]);
}

// The gradients of attention from those of its result, or, given `d_weights`, of the weights.
static void check_attention(adjoint_dtype dtype, ptrdiff_t rows, ptrdiff_t heads, ptrdiff_t width, bool has_edges,
                            bool drops) {
  struct graph g = make_graph(rows, rows + 3, 6, false);
  struct graph by_column = transposed(&g);
  const ptrdiff_t row_width = heads * width, weights = g.entries * heads, size = size_of(dtype);
  const double slope = 0.2;
  void *x = uniform_numbers(dtype, g.columns * row_width, -1, 1), *dy = uniform_numbers(dtype, rows * row_width, -1, 1);
  void *s = uniform_numbers(dtype, g.columns * heads, -2, 2), *t = uniform_numbers(dtype, rows * heads, -2, 2);
  void *b = has_edges ? uniform_numbers(dtype, weights, -2, 2) : NULL, *given = uniform_numbers(dtype, weights, -1, 1);
  void *alpha = fresh(weights * size), *y = fresh(rows * row_width * size), *plain = fresh(weights * size);
  void *dz = fresh(weights * size), *dt = fresh(rows * heads * size), *ds = fresh(g.columns * heads * size);
  void *dx = fresh(g.columns * row_width * size), *ends = fresh(2 * rows * heads * size);
  double *want_y = calloc((size_t)(rows * row_width + 1), 8);
  double *want_x = calloc((size_t)(g.columns * row_width + 1), 8), *want_s = calloc((size_t)(g.columns * heads + 1), 8);
  const adjoint_heads shape = { heads, width };
  const adjoint_scores scores = { s, t, b, slope };
  const adjoint_dropping dropping = { .key = { 5, 7 }, .threshold = drops ? 1u << 31 : 0, .scale = drops ? 2 : 1 };
  uint32_t *draws = malloc((size_t)weights * 4);
  adjoint_random_bits(dropping.key, 0, draws, weights);
  FOR_EACH_THREAD_COUNT(plain, weights * size, "attention weights",
                        adjoint_attention_weights(dtype, &g.rows, heads, &scores, plain))
  FOR_EACH_THREAD_COUNT(alpha, weights * size, "attention, weights",
                        adjoint_attention(dtype, &g.rows, shape, &scores, drops ? &dropping : NULL, x, alpha, y))
  FOR_EACH_THREAD_COUNT(y, rows * row_width * size, "attention",
                        adjoint_attention(dtype, &g.rows, shape, &scores, drops ? &dropping : NULL, x, alpha, y))
  const adjoint_attention_gradients gradients = {
    .weights = alpha, .y = y, .dy = dy, .x = x, .scale = dropping.scale, .ends = ends, .dx = dx, .dz = dz,
    .d_sources = ds, .d_targets = dt,
  };
  for (int from_weights = 0; from_weights < 2; from_weights++) {
    if (from_weights) {
      FOR_EACH_THREAD_COUNT(dz, weights * size, "attention weights' pullback",
                            adjoint_attention_weights_pullback(dtype, &g.rows, heads, &scores, plain, given, dz, dt))
    } else {
      FOR_EACH_THREAD_COUNT(dx, g.columns * row_width * size, "attention pullback, dx",
                            adjoint_attention_pullback(dtype, &g.rows, &by_column.rows, shape, &scores, &gradients))
      FOR_EACH_THREAD_COUNT(dz, weights * size, "attention pullback",
                            adjoint_attention_pullback(dtype, &g.rows, &by_column.rows, shape, &scores, &gradients))
    }
    for (ptrdiff_t r = 0; r < rows; r++) {
      for (ptrdiff_t h = 0; h < heads; h++) {
        const ptrdiff_t begin = g.rows.offsets[r], end = g.rows.offsets[r + 1];
        double total = 0, mean = 0, sum = 0;
        for (int pass = 0; pass < 3; pass++) {
          for (ptrdiff_t e = begin; e < end; e++) {
            const ptrdiff_t c = g.rows.columns[e];
            double z = get(dtype, s, c * heads + h) + get(dtype, t, r * heads + h);
            if (b) z += get(dtype, b, e * heads + h);
            const double term = exp(z > 0 ? z : slope * z);
            if (pass == 0) {
              total += term;
              continue;
            }
            const bool dropped = drops && draws[e * heads + h] < dropping.threshold;
            double d = from_weights ? get(dtype, given, e * heads + h) : 0;
            for (ptrdiff_t i = 0; i < width && !from_weights; i++) {
              const double upstream = get(dtype, dy, (r * heads + h) * width + i);
              if (!dropped) d += dropping.scale * upstream * get(dtype, x, (c * heads + h) * width + i);
              if (!dropped && pass == 1) {
                want_x[(c * heads + h) * width + i] += dropping.scale * upstream * term / total;
                want_y[(r * heads + h) * width + i] +=
                  dropping.scale * get(dtype, x, (c * heads + h) * width + i) * term / total;
              }
            }
            if (pass == 1) {
              mean += term / total * d;
              double got = get(dtype, alpha, e * heads + h);
              check(signbit(got) == dropped, "weight of [%td, %td, %td]: sign of %g", rows, heads, width, got);
              got = fabs(got);
              check(fabs(got - term / total) <= 40 * epsilon(dtype), "weight of [%td, %td, %td]: %g, not %g", rows,
                    heads, width, got, term / total);
              check(got == get(dtype, plain, e * heads + h), "weight of [%td, %td, %td] alone", rows, heads, width);
              continue;
            }
            const double expected = term / total * (d - mean) * (z > 0 ? 1 : slope);
            const double got = get(dtype, dz, e * heads + h);
            check(fabs(got - expected) <= 200 * epsilon(dtype) * (double)(width + 1),
                  "pullback of [%td, %td, %td]: %g, not %g", rows, heads, width, got, expected);
            sum += expected;
            if (!from_weights) want_s[c * heads + h] += expected;
          }
        }
        check(fabs(get(dtype, dt, r * heads + h) - sum) <= 800 * epsilon(dtype) * (double)(width + 1),
              "targets of [%td, %td, %td]: %g, not %g", rows, heads, width, get(dtype, dt, r * heads + h), sum);
      }
    }
  }
  for (ptrdiff_t i = 0; i < g.columns * heads && g.entries > 0; i++) {
    check(fabs(get(dtype, ds, i) - want_s[i]) <= 1600 * epsilon(dtype) * (double)(width + 1),
          "sources of [%td, %td, %td]: %g, not %g", rows, heads, width, get(dtype, ds, i), want_s[i]);
  }
  for (ptrdiff_t i = 0; i < g.columns * row_width && g.entries > 0; i++) {
    check(fabs(get(dtype, dx, i) - want_x[i]) <= 1600 * epsilon(dtype), "dx of [%td, %td, %td]: %g, not %g", rows, heads,
          width, get(dtype, dx, i), want_x[i]);
  }
  for (ptrdiff_t i = 0; i < rows * row_width; i++) {
    check(fabs(get(dtype, y, i) - want_y[i]) <= 200 * epsilon(dtype), "y of [%td, %td, %td]: %g, not %g", rows, heads,
          width, get(dtype, y, i), want_y[i]);
  }
  free_graph(&g);
  free_graph(&by_column);
  void *arrays[] = { x, dy, s, t, b, given, alpha, y, plain, dz, dt, ds, dx, ends, want_y, want_x, want_s, draws };
  for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) free(arrays[i]);
}

int main(void) {
  static const ptrdiff_t heads[] = {1, 2, 3, 4, 8, 17}, widths[] = {1, 3, 4, 7, 8, 15, 16, 17, 33, 64, 130};
  for (int d = 0; d < 2; d++) {
    check_products(dtypes[d], 0, 2, 3, false);
    check_attention(dtypes[d], 0, 2, 3, false, true);
    check_products(dtypes[d], 5, 0, 3, false);
    check_products(dtypes[d], 5, 2, 0, false);
    check_attention(dtypes[d], 5, 2, 0, false, true);
    for (int h = 0; h < 6; h++) {
      for (int w = 0; w < 11; w++) {
        check_products(dtypes[d], 9, heads[h], widths[w], w % 2 == 1);
        check_attention(dtypes[d], 9, heads[h], widths[w], w % 2 == 0, (h + w) % 3 != 0);
      }
    }
    check_products(dtypes[d], 3000, 4, 16, true);
    check_attention(dtypes[d], 3000, 4, 16, false, false);
    check_attention(dtypes[d], 3000, 8, 8, false, true);
    check_attention(dtypes[d], 2000, 1, 40, true, true);
  }
  return finish("attention");
}
