// Rows shared among threads by the number of their entries, so that one long row does not keep everybody waiting. The
// cuts are a function of the offsets alone.
#ifndef ADJOINT_ROW_PIECES_H
#define ADJOINT_ROW_PIECES_H

#include "tables.h"

/// About 2 µs of reading for one thread; and enough pieces for many threads to finish together, but no more: each begins
/// with rows that nothing has fetched, and ends when its last stores past the caches have.
enum { PIECE_BYTES = 128 << 10, MOST_PIECES = 128 };

/// A line of the caches, and rows that count as wide.
enum { LINE_BYTES = 64, WIDE_ROW_BYTES = 512 };

/// Wide rows go to the second-level cache, because the first has no room for all that are on their way. Processors that
/// are not Intel's get all rows there, which halves the time of what comes from memory on a Zen 4; presumably more
/// lines can be on their way to it at a time. Up to 64 entries ahead, as long as the rows fit into 128 kB of the
/// second-level cache or 16 kB of the first; but at least 16.
static inline struct fetching fetching_of(ptrdiff_t bytes) {
  const bool far = bytes >= WIDE_ROW_BYTES || !adjoint_is_intel();
  const ptrdiff_t room = far ? 128 << 10 : 16 << 10, fitting = room / (bytes > 0 ? bytes : 1);
  return (struct fetching){ far ? FETCH_FAR : FETCH_NEAR, fitting < 16 ? 16 : fitting > 64 ? 64 : fitting };
}

/// The same where so little is done with an entry that several are under way at once: Intel's processors then find the
/// other lines of a short row by themselves, and to ask for all holds them up.
static inline struct fetching light_fetching_of(ptrdiff_t bytes) {
  return bytes < WIDE_ROW_BYTES && adjoint_is_intel() ? (struct fetching){ FETCH_FIRST_LINE, 32 } : fetching_of(bytes);
}

/// Into how many stripes, of WIDE_ROW_BYTES but for the last, which has a line at least, the rows of a large matrix are
/// cut: a stripe of all rows is summed before the next one is, so that the third-level cache holds more of what is read
/// again. Intel's processors gain nothing from it.
static inline ptrdiff_t stripe_count(ptrdiff_t bytes) {
  return bytes <= WIDE_ROW_BYTES + LINE_BYTES || adjoint_is_intel() ? 1
    : (bytes - LINE_BYTES + WIDE_ROW_BYTES - 1) / WIDE_ROW_BYTES;
}

/// What the rows before `row` cost: one for each entry and one for the row.
static inline ptrdiff_t cost_before(const adjoint_rows *rows, ptrdiff_t row) {
  return rows->offsets[row] - rows->offsets[0] + row;
}

/// How many pieces to make of `cost` rows of `bytes` bytes.
static inline ptrdiff_t piece_count(ptrdiff_t cost, ptrdiff_t bytes) {
  const ptrdiff_t pieces = cost * (bytes < LINE_BYTES ? LINE_BYTES : bytes) / PIECE_BYTES;
  return pieces < 1 ? 1 : pieces > MOST_PIECES ? MOST_PIECES : pieces;
}

/// How many pieces to make of rows whose entries each read `bytes` bytes.
static inline ptrdiff_t row_piece_count(const adjoint_rows *rows, ptrdiff_t bytes) {
  return piece_count(cost_before(rows, rows->row_count), bytes);
}

/// The row to which an entry belongs.
static inline ptrdiff_t row_of_entry(const adjoint_rows *rows, ptrdiff_t entry) {
  ptrdiff_t low = 0, high = rows->row_count;
  while (high - low > 1) {
    const ptrdiff_t middle = low + (high - low) / 2;
    if (rows->offsets[middle] <= entry) low = middle;
    else high = middle;
  }
  return low;
}

/// The first row of a piece.
static inline ptrdiff_t row_piece_start(const adjoint_rows *rows, ptrdiff_t pieces, ptrdiff_t piece) {
  const ptrdiff_t wanted = cost_before(rows, rows->row_count) * piece / pieces;
  ptrdiff_t low = 0, high = rows->row_count;
  while (low < high) {
    const ptrdiff_t middle = low + (high - low) / 2;
    if (cost_before(rows, middle) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

#endif
