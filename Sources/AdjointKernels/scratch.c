// Scratch memory that belongs to a thread and ends with it.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include "include/AdjointKernels.h"

enum { SLOTS = 4, ALIGNMENT = 64, GRAIN = 4096 };

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
    if (posix_memalign(&memory, ALIGNMENT, size) != 0) memory = NULL;
    mine->memory[slot] = or_stop(memory, size);
    mine->bytes[slot] = size;
  }
  if (mine->memory[slot] == NULL) return adjoint_scratch(slot, 1);
  return mine->memory[slot];
}
