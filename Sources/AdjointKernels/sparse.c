// Sparse kernels, shared among threads by the number of entries.
#include "row_pieces.h"

/// Results longer than this do not stay in the caches, so they are written past them.
enum { STREAMING_BYTES = 16 << 20 };

/// Everything that any of the kernels needs.
struct job {
  const struct sparse_table *table;
  struct sparse_part part;
  ptrdiff_t pieces, piece_rows, stripes;
  const void *values, *x, *y, *count, *upstream;
  const int32_t *indices;
  void *result, *result_count, *winners;
  int sign;
  bool mean;
};

static ptrdiff_t row_bytes(const struct job *job) { return job->part.width * job->table->element_size; }

static bool streams(const void *result, ptrdiff_t count, ptrdiff_t bytes) {
  return bytes % 64 == 0 && (uintptr_t)result % 64 == 0 && count * bytes >= STREAMING_BYTES;
}

static struct sparse_part piece_part(const struct job *job, ptrdiff_t piece) {
  struct sparse_part part = job->part;
  part.first_row = row_piece_start(part.rows, job->pieces, piece);
  part.last_row = row_piece_start(part.rows, job->pieces, piece + 1);
  return part;
}

/// Runs `body` on pieces of the job's rows, all of them `times` times over. They are fetched whole unless the job says how.
static void run(struct job *job, ptrdiff_t times, adjoint_chunk_body body) {
  const adjoint_rows *rows = job->part.rows;
  if (rows->row_count <= 0) return;
  const ptrdiff_t bytes = row_bytes(job);
  job->pieces = row_piece_count(rows, bytes);
  if (job->part.fetching.ahead == 0) job->part.fetching = fetching_of(bytes);
  adjoint_parallel(times * job->pieces, body, job);
}

// MARK: Pieces

static void sum_piece(void *context, ptrdiff_t number) {
  const struct job *job = context;
  const ptrdiff_t stripe = number / job->pieces, columns = WIDE_ROW_BYTES / job->table->element_size;
  struct sparse_part part = piece_part(job, number % job->pieces);
  part.first_column = stripe * columns;
  part.last_column = stripe + 1 < job->stripes ? part.first_column + columns : part.width;
  job->table->sum(&part, job->values, job->x, job->mean, job->y, job->result);
}

static void extreme_piece(void *context, ptrdiff_t piece) {
  const struct job *job = context;
  const struct sparse_part part = piece_part(job, piece);
  job->table->extreme(&part, job->sign, job->values, job->x, job->result, job->result_count, job->winners);
}

static void extreme_shares_piece(void *context, ptrdiff_t piece) {
  const struct job *job = context;
  const adjoint_rows *rows = job->part.rows;
  const ptrdiff_t entries = rows->offsets[rows->row_count];
  struct sparse_part part = job->part;
  part.first_entry = entries * piece / job->pieces;
  part.last_entry = entries * (piece + 1) / job->pieces;
  part.first_row = row_of_entry(rows, part.first_entry);
  part.last_row = row_of_entry(rows, part.last_entry - 1) + 1;
  job->table->extreme_shares(&part, job->winners, job->count, job->upstream, job->result);
}

static void extreme_pullback_piece(void *context, ptrdiff_t piece) {
  const struct job *job = context;
  const struct sparse_part part = piece_part(job, piece);
  job->table->extreme_pullback(&part, job->values, job->x, job->y, job->upstream, job->result);
}

static void dot_piece(void *context, ptrdiff_t piece) {
  const struct job *job = context;
  const struct sparse_part part = piece_part(job, piece);
  job->table->dot(&part, job->x, job->y, job->result);
}

static void softmax_piece(void *context, ptrdiff_t piece) {
  const struct job *job = context;
  const struct sparse_part part = piece_part(job, piece);
  job->table->softmax(&part, job->x, job->result);
}

static void softmax_pullback_piece(void *context, ptrdiff_t piece) {
  const struct job *job = context;
  const struct sparse_part part = piece_part(job, piece);
  job->table->softmax_pullback(&part, job->upstream, job->y, job->result);
}

static void gather_piece(void *context, ptrdiff_t piece) {
  const struct job *job = context;
  const ptrdiff_t first = piece * job->piece_rows, left = job->part.last_row - first;
  job->table->gather(job->x, job->values, job->indices, first,
                     first + (left < job->piece_rows ? left : job->piece_rows), job->part.width, job->part.fetching,
                     job->part.streams, job->result);
}

// MARK: Entry points

void adjoint_rows_sum(adjoint_dtype dtype, const adjoint_rows *rows, const void *values, const void *x, ptrdiff_t width,
                      bool mean, const void *bias, void *y) {
  struct job job = {
    .table = sparse_kernels(dtype), .part = { .rows = rows, .width = width }, .values = values, .x = x, .mean = mean,
    .y = bias, .result = y,
  };
  const ptrdiff_t bytes = row_bytes(&job);
  job.part.streams = streams(y, rows->row_count, bytes);
  job.part.fetching = light_fetching_of(bytes);
  job.stripes = rows->row_count * bytes < STREAMING_BYTES ? 1 : stripe_count(bytes);
  if (width > 0) run(&job, job.stripes, sum_piece);
}

void adjoint_rows_extreme(adjoint_dtype dtype, int sign, const adjoint_rows *rows, const void *values, const void *x,
                          ptrdiff_t width, void *y, void *count, void *winners) {
  struct job job = {
    .table = sparse_kernels(dtype), .part = { .rows = rows, .width = width }, .values = values, .x = x, .sign = sign,
    .result = y, .result_count = count, .winners = winners,
  };
  job.part.streams = streams(y, rows->row_count, row_bytes(&job));
  if (width > 0) run(&job, 1, extreme_piece);
}

ptrdiff_t adjoint_winner_bytes(adjoint_dtype dtype, ptrdiff_t width) {
  const struct sparse_table *table = sparse_kernels(dtype);
  return (width + table->lanes - 1) / table->lanes * table->winner_size;
}

void adjoint_rows_extreme_shares(adjoint_dtype dtype, const adjoint_rows *rows, const void *winners, const void *count,
                                 const void *dy, ptrdiff_t width, void *dx) {
  const ptrdiff_t entries = rows->row_count > 0 ? rows->offsets[rows->row_count] : 0;
  if (entries == 0 || width <= 0) return;
  struct job job = {
    .table = sparse_kernels(dtype), .part = { .rows = rows, .width = width }, .winners = (void *)winners, .count = count,
    .upstream = dy, .result = dx,
  };
  job.part.streams = streams(dx, entries, row_bytes(&job));
  const ptrdiff_t pieces = piece_count(entries, row_bytes(&job));
  job.pieces = pieces < entries ? pieces : entries;
  adjoint_parallel(job.pieces, extreme_shares_piece, &job);
}

void adjoint_rows_extreme_pullback(adjoint_dtype dtype, const adjoint_rows *transposed, const void *values,
                                   const void *x, const void *y, const void *share, ptrdiff_t width, void *dx) {
  struct job job = {
    .table = sparse_kernels(dtype), .part = { .rows = transposed, .width = width }, .values = values, .x = x, .y = y,
    .upstream = share, .result = dx,
  };
  job.part.streams = streams(dx, transposed->row_count, row_bytes(&job));
  if (width > 0) run(&job, 1, extreme_pullback_piece);
}

void adjoint_rows_dot(adjoint_dtype dtype, const adjoint_rows *rows, const void *a, const void *b, ptrdiff_t width,
                      void *values) {
  struct job job = {
    .table = sparse_kernels(dtype), .part = { .rows = rows, .width = width }, .x = a, .y = b, .result = values,
  };
  run(&job, 1, dot_piece);
}

void adjoint_gather_rows(adjoint_dtype dtype, const void *x, const void *factors, const int32_t *indices,
                         ptrdiff_t count, ptrdiff_t width, void *y) {
  if (count <= 0 || width <= 0) return;
  struct job job = {
    .table = sparse_kernels(dtype), .part = { .last_row = count, .width = width }, .values = factors, .x = x,
    .indices = indices, .result = y,
  };
  const ptrdiff_t bytes = row_bytes(&job);
  job.part.fetching = light_fetching_of(bytes);
  job.part.streams = streams(y, count, bytes);
  const ptrdiff_t pieces = piece_count(count, bytes);
  job.piece_rows = (count + pieces - 1) / pieces;
  adjoint_parallel((count + job.piece_rows - 1) / job.piece_rows, gather_piece, &job);
}

void adjoint_rows_softmax(adjoint_dtype dtype, const adjoint_rows *rows, const void *x, ptrdiff_t width, void *y) {
  struct job job = {
    .table = sparse_kernels(dtype), .part = { .rows = rows, .width = width }, .x = x, .result = y,
  };
  if (width > 0) run(&job, 1, softmax_piece);
}

void adjoint_rows_softmax_pullback(adjoint_dtype dtype, const adjoint_rows *rows, const void *dy, const void *y,
                                   ptrdiff_t width, void *dx) {
  struct job job = {
    .table = sparse_kernels(dtype), .part = { .rows = rows, .width = width }, .upstream = dy, .y = y, .result = dx,
  };
  if (width > 0) run(&job, 1, softmax_pullback_piece);
}
