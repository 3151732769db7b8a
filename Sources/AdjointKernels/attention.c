// Attention over sparse rows, shared among threads by the number of entries.
#include "row_pieces.h"

struct job {
  const struct attention_table *table;
  struct attention_part part;
  ptrdiff_t pieces;
  const void *weights, *upstream_weights, *x, *upstream;
  void *result, *other_result;
};

static struct attention_part piece_part(const struct job *job, ptrdiff_t piece) {
  struct attention_part part = job->part;
  part.first_row = row_piece_start(part.rows, job->pieces, piece);
  part.last_row = row_piece_start(part.rows, job->pieces, piece + 1);
  return part;
}

static void run(struct job *job, adjoint_chunk_body body) {
  if (job->part.rows->row_count <= 0 || job->part.heads.count <= 0) return;
  const ptrdiff_t bytes = job->part.heads.count * job->part.heads.width * job->table->element_size;
  job->pieces = row_piece_count(job->part.rows, bytes);
  job->part.prefetch = prefetch_distance(bytes);
  adjoint_parallel(job->pieces, body, job);
}

static void sum_piece(void *context, ptrdiff_t piece) {
  const struct job *job = context;
  const struct attention_part part = piece_part(job, piece);
  job->table->sum(&part, job->weights, job->x, job->result);
}

static void dot_piece(void *context, ptrdiff_t piece) {
  const struct job *job = context;
  const struct attention_part part = piece_part(job, piece);
  job->table->dot(&part, job->upstream, job->x, job->result);
}

static void attention_piece(void *context, ptrdiff_t piece) {
  const struct job *job = context;
  const struct attention_part part = piece_part(job, piece);
  job->table->attention(&part, job->x, job->result, job->other_result);
}

static void pullback_piece(void *context, ptrdiff_t piece) {
  const struct job *job = context;
  const struct attention_part part = piece_part(job, piece);
  job->table->pullback(&part, job->weights, job->upstream_weights, job->upstream, job->x, job->result,
                       job->other_result);
}

void adjoint_heads_sum(adjoint_dtype dtype, const adjoint_rows *rows, adjoint_heads heads, const void *weights,
                       const void *x, void *y) {
  struct job job = {
    .table = attention_kernels(dtype), .part = { .rows = rows, .heads = heads }, .weights = weights, .x = x, .result = y,
  };
  run(&job, sum_piece);
}

void adjoint_heads_dot(adjoint_dtype dtype, const adjoint_rows *rows, adjoint_heads heads, const void *a, const void *b,
                       void *weights) {
  struct job job = {
    .table = attention_kernels(dtype), .part = { .rows = rows, .heads = heads }, .upstream = a, .x = b,
    .result = weights,
  };
  run(&job, dot_piece);
}

void adjoint_attention(adjoint_dtype dtype, const adjoint_rows *rows, adjoint_heads heads, const adjoint_scores *scores,
                       const void *x, void *weights, void *y) {
  struct job job = {
    .table = attention_kernels(dtype), .part = { .rows = rows, .heads = heads, .scores = scores }, .x = x,
    .result = weights, .other_result = y,
  };
  run(&job, attention_piece);
}

void adjoint_attention_pullback(adjoint_dtype dtype, const adjoint_rows *rows, adjoint_heads heads,
                                const adjoint_scores *scores, const void *weights, const void *d_weights,
                                const void *dy, const void *x, void *dz, void *d_targets) {
  struct job job = {
    .table = attention_kernels(dtype), .part = { .rows = rows, .heads = heads, .scores = scores }, .weights = weights,
    .upstream_weights = d_weights, .upstream = dy, .x = x, .result = dz, .other_result = d_targets,
  };
  run(&job, pullback_piece);
}
