// The pool of threads: every chunk once, nested and concurrent loops, changes of the number of threads, fork; scratch
// memory and the ambient pointer.
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>
#include "check.h"

enum { CHUNKS = 1000 };

typedef struct tally { _Atomic int done[CHUNKS]; ptrdiff_t inner; } tally;

static void nothing(void *context, ptrdiff_t chunk) { (void)context, (void)chunk; }

static void count_chunk(void *context, ptrdiff_t chunk) {
  tally *tally = context;
  tally->done[chunk]++;
  if (tally->inner > 0) adjoint_parallel(tally->inner, nothing, NULL);
}

static bool runs_each_once(ptrdiff_t chunks, ptrdiff_t inner) {
  tally tally = {.inner = inner};
  adjoint_parallel(chunks, count_chunk, &tally);
  for (ptrdiff_t i = 0; i < CHUNKS; i++) if (tally.done[i] != (i < chunks)) return false;
  return true;
}

static void *run_many(void *failures) {
  for (int i = 0; i < 300; i++) {
    if (!runs_each_once(i % 70, i % 3)) atomic_fetch_add((_Atomic int *)failures, 1);
    void *scratch = adjoint_scratch(i % 4, (size_t)(i * 100));
    memset(scratch, i, (size_t)(i * 100));
  }
  return NULL;
}

static void *change_thread_count(void *unused) {
  (void)unused;
  for (int i = 0; i < 200; i++) {
    adjoint_set_thread_count(1 + i * 7 % 9);
    usleep(50);
  }
  return NULL;
}

static void check_fork(void) {
  pid_t child = fork();
  if (child == 0) _exit(runs_each_once(100, 2) ? 0 : 1);
  int status = -1;
  waitpid(child, &status, 0);
  check(WIFEXITED(status) && WEXITSTATUS(status) == 0, "a forked child");
}

int main(void) {
  check(adjoint_thread_count() >= 1, "initial number of threads");
  adjoint_set_thread_count(-3);
  check(adjoint_thread_count() == 1, "too few threads");
  adjoint_set_thread_count(1000);
  check(adjoint_thread_count() == 256, "too many threads");
  for (int t = 0; t < THREAD_COUNTS; t++) {
    adjoint_set_thread_count(thread_counts[t]);
    for (int i = 0; i < 500; i++) check(runs_each_once(i % 50 == 0 ? CHUNKS : i % 13, i % 5), "each chunk once");
    usleep(1000);  // the workers go to sleep
    check(runs_each_once(7, 0), "after a rest");
  }
  _Atomic int failures = 0;
  pthread_t threads[4];
  for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, run_many, &failures);
  pthread_create(&threads[3], NULL, change_thread_count, NULL);
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  check(failures == 0, "concurrent callers");

  adjoint_set_thread_count(3);
  check(runs_each_once(100, 0), "before a fork");
#if !__has_feature(thread_sanitizer)
  check_fork();
#else
  (void)check_fork;
#endif
  check(runs_each_once(100, 0), "after a fork");

  for (int slot = 0; slot < 4; slot++) {
    char *memory = adjoint_scratch(slot, 0);
    check(memory != NULL && (uintptr_t)memory % 64 == 0, "empty scratch");
    memory = adjoint_scratch(slot, 100000);
    memset(memory, slot, 100000);
    check((uintptr_t)memory % 64 == 0 && adjoint_scratch(slot, 5) == memory, "scratch is kept");
  }
  int here = 0;
  check(adjoint_scope() == NULL && adjoint_set_scope(&here) == NULL && adjoint_scope() == &here, "scope");
  check(adjoint_set_scope(NULL) == &here, "scope is replaced");
  return finish("threads");
}
