// Scratch memory that belongs to a thread and ends with it.
#define _GNU_SOURCE  // for madvise
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif
#include "include/AdjointKernels.h"

enum { SLOTS = 4, ALIGNMENT = 64, GRAIN = 4096, HUGE_PAGE = 2 << 20 };

typedef struct scratch {
  void *memory[SLOTS];
  size_t bytes[SLOTS];
} scratch;

static _Thread_local scratch *mine;
static pthread_key_t key;

static void release(void *value) {
  scratch *ending = value;
  mine = NULL;  // a destructor that runs after this one may ask again
  for (int slot = 0; slot < SLOTS; slot++) free(ending->memory[slot]);
  free(ending);
}

static void make_key(void) { pthread_key_create(&key, release); }

static void *or_stop(void *memory, size_t bytes) {
  if (memory != NULL) return memory;
  fprintf(stderr, "adjoint: no memory for %zu bytes of scratch space.\n", bytes);
  abort();
}

void *adjoint_scratch(int slot, size_t bytes) {
  if (mine == NULL) {
    // The thread-local pointer is the fast way to what the key, which has a destructor, keeps.
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_key);
    mine = or_stop(calloc(1, sizeof *mine), sizeof *mine);
    pthread_setspecific(key, mine);
  }
  if (bytes > mine->bytes[slot]) {
    size_t size = (bytes + bytes / 4 + GRAIN - 1) / GRAIN * GRAIN;
    free(mine->memory[slot]);
    mine->memory[slot] = NULL;
    mine->bytes[slot] = 0;
    void *memory = NULL;
    // From a quarter of a huge page on it is rounded up to whole ones.
    const bool large = size >= HUGE_PAGE / 4;
    if (large) size = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    if (posix_memalign(&memory, large ? HUGE_PAGE : ALIGNMENT, size) != 0) memory = NULL;
#if defined(__linux__)
    if (large && memory != NULL) madvise(memory, size, MADV_HUGEPAGE);
#endif
    mine->memory[slot] = or_stop(memory, size);
    mine->bytes[slot] = size;
  }
  if (mine->memory[slot] == NULL) return adjoint_scratch(slot, 1);
  return mine->memory[slot];
}
