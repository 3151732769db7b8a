// A pool of threads for loops of microseconds: workers spin a short while for the next loop, then sleep.
//
// A loop is one 64-bit ticket: the loop's number in the high half, the next chunk in the low half. Whoever advances it
// owns that chunk; a worker that comes late to an old loop fails to, and so never touches the new one. The caller
// waits for finished chunks rather than for workers, so a worker that sleeps through a loop delays nobody.
#if defined(__linux__)
#define _GNU_SOURCE
#include <linux/futex.h>
#include <sys/syscall.h>
#endif
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "include/AdjointKernels.h"
#include "processors.h"

enum { MAX_THREADS = 256, SPIN_NANOSECONDS = 80000, CALLER_PAUSES = 500, CACHE_LINE = 64 };

// The loop at hand. Only the caller that holds `busy` writes it, and `body` and `context` only while no chunk is open.
static _Alignas(CACHE_LINE) _Atomic uint64_t ticket;
static _Alignas(CACHE_LINE) _Atomic ptrdiff_t finished;
static _Alignas(CACHE_LINE) _Atomic uint32_t epoch;
static _Atomic ptrdiff_t chunk_count;
static adjoint_chunk_body loop_body;
static void *loop_context;

// The pool. `wanted` is 0 until the first question for it.
static _Alignas(CACHE_LINE) _Atomic int sleepers;
static _Atomic int wanted, workers, processors;
static atomic_bool busy, forked;
static _Thread_local bool inside;

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static int64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

#if defined(__linux__)
static void sleep_while(uint32_t seen) { syscall(SYS_futex, &epoch, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0); }
static void wake(int count) { syscall(SYS_futex, &epoch, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0); }
#else
static pthread_mutex_t bed = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t alarm_clock = PTHREAD_COND_INITIALIZER;
static void sleep_while(uint32_t seen) {
  pthread_mutex_lock(&bed);
  while (atomic_load(&epoch) == seen) pthread_cond_wait(&alarm_clock, &bed);
  pthread_mutex_unlock(&bed);
}
static void wake(int count) {
  (void)count;
  pthread_mutex_lock(&bed);
  pthread_cond_broadcast(&alarm_clock);
  pthread_mutex_unlock(&bed);
}
#endif

// Takes chunks of loop number `loop` until there are none left or another loop has begun.
static void work(uint32_t loop) {
  for (;;) {
    uint64_t seen = atomic_load_explicit(&ticket, memory_order_acquire);
    if (seen >> 32 != loop) return;
    ptrdiff_t chunk = (ptrdiff_t)(uint32_t)seen;
    if (chunk >= atomic_load_explicit(&chunk_count, memory_order_relaxed)) return;
    if (!atomic_compare_exchange_weak_explicit(&ticket, &seen, seen + 1, memory_order_acq_rel, memory_order_relaxed)) {
      continue;
    }
    loop_body(loop_context, chunk);
    atomic_fetch_add_explicit(&finished, 1, memory_order_acq_rel);
  }
}

// Whether one worker too many is alive; if so, the calling worker is counted off and must end.
static bool dismissed(void) {
  int alive = atomic_load_explicit(&workers, memory_order_relaxed);
  while (alive >= atomic_load_explicit(&wanted, memory_order_relaxed)) {
    if (atomic_compare_exchange_weak(&workers, &alive, alive - 1)) return true;
  }
  return false;
}

static void wait_for_change(uint32_t seen) {
  // More threads than processors: a spinning worker would only take the processor from one that has work.
  bool spins = atomic_load_explicit(&wanted, memory_order_relaxed) <=
               atomic_load_explicit(&processors, memory_order_relaxed);
  int64_t end = spins ? nanoseconds() + SPIN_NANOSECONDS : 0;
  while (spins) {
    for (int i = 0; i < 32; i++) {
      if (atomic_load_explicit(&epoch, memory_order_acquire) != seen) return;
      pause_briefly();
    }
    spins = nanoseconds() < end;
  }
  // A caller changes `epoch` before it looks for sleepers, a worker counts itself asleep before it looks at `epoch`:
  // one of the two sees the other.
  atomic_fetch_add(&sleepers, 1);
  if (atomic_load(&epoch) == seen) sleep_while(seen);
  atomic_fetch_sub(&sleepers, 1);
}

static void *worker_main(void *start) {
  uint32_t seen = (uint32_t)(uintptr_t)start;
  inside = true;
  for (;;) {
    uint32_t now = atomic_load_explicit(&epoch, memory_order_acquire);
    if (now == seen) {
      wait_for_change(seen);
    } else {
      if (dismissed()) return NULL;
      work(seen = now);
    }
  }
}

// The child of a fork has the memory of the pool but none of its workers.
static void after_fork_in_child(void) { atomic_store(&forked, true); }

static void set_up_once(void) {
  pthread_atfork(NULL, NULL, after_fork_in_child);
}

// Starts the workers that are missing. Signals are left to the program's own threads.
static void hire(int needed) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, set_up_once);
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  uint32_t seen = atomic_load(&epoch);
  while (atomic_load(&workers) < needed) {
    pthread_t thread;
    atomic_fetch_add(&workers, 1);
    if (pthread_create(&thread, NULL, worker_main, (void *)(uintptr_t)seen) != 0) {
      atomic_fetch_sub(&workers, 1);
      break;  // fewer threads do the same work
    }
    pthread_detach(thread);
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void run_in_order(ptrdiff_t chunks, adjoint_chunk_body body, void *context) {
  for (ptrdiff_t chunk = 0; chunk < chunks; chunk++) body(context, chunk);
}

static void wait_until_finished(ptrdiff_t chunks, bool spins) {
  for (int turns = 0; atomic_load_explicit(&finished, memory_order_acquire) < chunks; turns++) {
    // Not long, for the last chunk may be with a worker that waits for this very processor.
    if (spins && turns < CALLER_PAUSES) pause_briefly();
    else sched_yield();
  }
}

void adjoint_parallel(ptrdiff_t chunks, adjoint_chunk_body body, void *context) {
  int threads = chunks > 1 && !inside ? adjoint_thread_count() : 1;
  if (threads <= 1 || chunks >= INT32_MAX || atomic_load_explicit(&forked, memory_order_relaxed) ||
      atomic_exchange_explicit(&busy, true, memory_order_acquire)) {
    run_in_order(chunks, body, context);
    return;
  }
  inside = true;
  int alive = atomic_load(&workers);
  if (alive < threads - 1) hire(threads - 1);

  uint32_t loop = atomic_load_explicit(&epoch, memory_order_relaxed) + 1;
  loop_body = body;
  loop_context = context;
  atomic_store_explicit(&finished, 0, memory_order_relaxed);
  // The number of chunks may only change while no chunk number is below it.
  atomic_store(&ticket, (uint64_t)loop << 32 | UINT32_MAX);
  atomic_store(&chunk_count, chunks);
  atomic_store(&ticket, (uint64_t)loop << 32);
  atomic_store(&epoch, loop);
  if (atomic_load(&sleepers) > 0) {
    bool too_many = alive >= threads;  // the ones to be dismissed must hear of it
    wake(too_many || chunks > threads ? alive + threads : (int)chunks - 1);
  }
  work(loop);
  wait_until_finished(chunks, threads <= atomic_load_explicit(&processors, memory_order_relaxed));

  inside = false;
  atomic_store_explicit(&busy, false, memory_order_release);
}

static int clamped(long count) { return count < 1 ? 1 : count > MAX_THREADS ? MAX_THREADS : (int)count; }

int adjoint_thread_count(void) {
  int count = atomic_load_explicit(&wanted, memory_order_relaxed);
  if (count > 0) return count;
  int available = adjoint_available_processors();
  atomic_store(&processors, available);
  const char *text = getenv("ADJOINT_THREADS");
  char *end = NULL;
  long asked = text == NULL ? 0 : strtol(text, &end, 10);
  count = clamped(text != NULL && end != text && *end == 0 ? asked : available);
  int unset = 0;  // a count that was set meanwhile stays
  return atomic_compare_exchange_strong(&wanted, &unset, count) ? count : unset;
}

void adjoint_set_thread_count(int count) {
  adjoint_thread_count();  // finds out how many processors there are
  atomic_store(&wanted, clamped(count));
}
