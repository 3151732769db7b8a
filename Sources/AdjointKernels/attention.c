// Attention over sparse rows, shared among threads by the number of entries.
#include "row_pieces.h"

struct job {
  const struct attention_table *table;
  struct attention_part part;
  ptrdiff_t pieces;
  const void *weights, *upstream, *x;
  void *result, *other_result;
  const struct attention_gradients *gradients;
};

static struct attention_part piece_part(const struct job *job, ptrdiff_t piece) {
  struct attention_part part = job->part;
  part.first_row = row_piece_start(part.rows, job->pieces, piece);
  part.last_row = row_piece_start(part.rows, job->pieces, piece + 1);
  return part;
}

/// Runs `body` on pieces of the rows, of which every entry reads `width` numbers.
static void run(struct job *job, ptrdiff_t width, adjoint_chunk_body body) {
  if (job->part.rows->row_count <= 0 || job->part.heads.count <= 0) return;
  const ptrdiff_t bytes = width * job->table->element_size;
  job->pieces = row_piece_count(job->part.rows, bytes);
  job->part.fetching = fetching_of(bytes);
  adjoint_parallel(job->pieces, body, job);
}

static struct job job_on(adjoint_dtype dtype, const adjoint_rows *rows, adjoint_heads heads,
                         const adjoint_scores *scores) {
  return (struct job){
    .table = attention_kernels(dtype), .part = { .rows = rows, .heads = heads, .scores = scores, .scale = 1 },
  };
}

// MARK: Pieces

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

static void means_piece(void *context, ptrdiff_t piece) {
  const struct job *job = context;
  const struct attention_part part = piece_part(job, piece);
  job->table->means(&part, job->gradients, job->x);
}

static void pullback_piece(void *context, ptrdiff_t piece) {
  const struct job *job = context;
  const struct attention_part part = piece_part(job, piece);
  job->table->pullback(&part, job->gradients);
}

static void targets_piece(void *context, ptrdiff_t piece) {
  const struct job *job = context;
  const struct attention_part part = piece_part(job, piece);
  job->table->targets(&part, job->x, job->result);
}

static void weights_pullback_piece(void *context, ptrdiff_t piece) {
  const struct job *job = context;
  const struct attention_part part = piece_part(job, piece);
  job->table->weights_pullback(&part, job->weights, job->upstream, job->result);
  job->table->targets(&part, job->result, job->other_result);
}

// MARK: Entry points

void adjoint_heads_sum(adjoint_dtype dtype, const adjoint_rows *rows, adjoint_heads heads, const void *weights,
                       const void *x, void *y) {
  struct job job = job_on(dtype, rows, heads, NULL);
  job.weights = weights;
  job.x = x;
  job.result = y;
  run(&job, heads.count * heads.width, sum_piece);
}

void adjoint_heads_dot(adjoint_dtype dtype, const adjoint_rows *rows, adjoint_heads heads, const void *a, const void *b,
                       void *weights) {
  struct job job = job_on(dtype, rows, heads, NULL);
  job.upstream = a;
  job.x = b;
  job.result = weights;
  run(&job, heads.count * heads.width, dot_piece);
}

void adjoint_attention_weights(adjoint_dtype dtype, const adjoint_rows *rows, ptrdiff_t heads,
                               const adjoint_scores *scores, void *weights) {
  struct job job = job_on(dtype, rows, (adjoint_heads){ .count = heads }, scores);
  job.result = weights;
  run(&job, heads, attention_piece);
}

void adjoint_attention(adjoint_dtype dtype, const adjoint_rows *rows, adjoint_heads heads, const adjoint_scores *scores,
                       const adjoint_dropping *dropping, const void *x, void *weights, void *y) {
  struct job job = job_on(dtype, rows, heads, scores);
  job.part.dropping = dropping;
  if (dropping) job.part.scale = dropping->scale;
  job.x = x;
  job.result = weights;
  job.other_result = y;
  run(&job, heads.count * heads.width, attention_piece);
}

void adjoint_attention_pullback(adjoint_dtype dtype, const adjoint_rows *rows, const adjoint_rows *columns,
                                adjoint_heads heads, const adjoint_scores *scores,
                                const adjoint_attention_gradients *gradients) {
  const struct attention_gradients parts = {
    .weights = gradients->weights, .dy = gradients->dy, .x = gradients->x, .ends = gradients->ends,
    .dx = gradients->dx, .dz = gradients->dz, .d_sources = gradients->d_sources,
  };
  struct job means = job_on(dtype, rows, heads, scores);
  means.gradients = &parts;
  means.x = gradients->y;
  run(&means, heads.width, means_piece);

  struct job sweep = job_on(dtype, columns, heads, scores);
  sweep.part.scale = gradients->scale;
  sweep.gradients = &parts;
  run(&sweep, heads.count * heads.width, pullback_piece);

  struct job targets = job_on(dtype, rows, heads, scores);
  targets.x = gradients->dz;
  targets.result = gradients->d_targets;
  run(&targets, heads.count, targets_piece);
}

void adjoint_attention_weights_pullback(adjoint_dtype dtype, const adjoint_rows *rows, ptrdiff_t heads,
                                        const adjoint_scores *scores, const void *weights, const void *d_weights,
                                        void *dz, void *d_targets) {
  struct job job = job_on(dtype, rows, (adjoint_heads){ .count = heads }, scores);
  job.weights = weights;
  job.upstream = d_weights;
  job.result = dz;
  job.other_result = d_targets;
  run(&job, heads, weights_pullback_piece);
}
