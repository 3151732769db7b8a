#ifndef ADJOINT_THREADS_H
#define ADJOINT_THREADS_H

#include <stddef.h>

/// Work on chunk `chunk` of a parallel loop.
typedef void (*adjoint_chunk_body)(void *context, ptrdiff_t chunk);

/// Calls `body(context, 0 ..< chunks)`, on as many threads as are set, and returns when every chunk is done.
///
/// The caller takes part. A call from inside a body, from a second thread while a loop is running, or in a process
/// forked from one that used the pool, runs its chunks in order on the calling thread.
void adjoint_parallel(ptrdiff_t chunks, adjoint_chunk_body body, void *context);

/// The number of threads that parallel loops use. It starts as the number of processors this process may run on (its
/// affinity and its cgroup's quota), or what the environment variable `ADJOINT_THREADS` says.
int adjoint_thread_count(void);

/// Sets the number of threads, from 1 to 256; other values are clamped. No result depends on it.
void adjoint_set_thread_count(int count);

/// Scratch memory of the calling thread, at least `bytes` long and aligned to 64 bytes, valid until its next call
/// with the same `slot` (0 ... 3). Grows as needed and is kept. Stops the process with a message if memory runs out.
void *adjoint_scratch(int slot, size_t bytes);

#endif
