// Affinity and control-group quota. `sysconf` alone says 64 in a container that may use 2.
#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#endif
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "processors.h"

#if defined(__linux__)
// Both kinds of control group state a quota of processor time per period; a group without one says "max" or -1.
static int quota_in_version_2(const char *group) {
  char path[PATH_MAX];
  if (snprintf(path, sizeof path, "/sys/fs/cgroup%s/cpu.max", group) >= (int)sizeof path) return INT_MAX;
  FILE *file = fopen(path, "r");
  if (file == NULL) return INT_MAX;
  double quota = 0, period = 0;
  int fields = fscanf(file, "%lf %lf", &quota, &period);
  fclose(file);
  return fields == 2 && quota > 0 && period > 0 ? (int)((quota + period - 1) / period) : INT_MAX;
}

static double number_in_version_1(const char *group, const char *name) {
  char path[PATH_MAX];
  if (snprintf(path, sizeof path, "/sys/fs/cgroup/cpu%s/%s", group, name) >= (int)sizeof path) return -1;
  FILE *file = fopen(path, "r");
  if (file == NULL) return -1;
  double number = -1;
  if (fscanf(file, "%lf", &number) != 1) number = -1;
  fclose(file);
  return number;
}

static int quota_in_version_1(const char *group) {
  double quota = number_in_version_1(group, "cpu.cfs_quota_us");
  double period = number_in_version_1(group, "cpu.cfs_period_us");
  return quota > 0 && period > 0 ? (int)((quota + period - 1) / period) : INT_MAX;
}

// The least quota of the group and all groups around it. The outermost is "", with its files at the mount point; in a
// container the group's own path often does not exist, and only that one does.
static int least_quota(char *group, int (*quota)(const char *)) {
  int least = INT_MAX;
  for (;;) {
    size_t length = strlen(group);
    while (length > 0 && group[length - 1] == '/') group[--length] = 0;
    int here = quota(group);
    if (here < least) least = here;
    char *slash = strrchr(group, '/');
    if (slash == NULL) return least;
    *slash = 0;
  }
}

// Whether the comma-separated list of controllers names `cpu`.
static int names_cpu(const char *controllers) {
  for (const char *p = controllers; (p = strstr(p, "cpu")) != NULL; p += 3) {
    if ((p == controllers || p[-1] == ',') && (p[3] == 0 || p[3] == ',')) return 1;
  }
  return 0;
}

static int control_group_quota(void) {
  FILE *file = fopen("/proc/self/cgroup", "r");
  if (file == NULL) return INT_MAX;
  int least = INT_MAX;
  char line[PATH_MAX];
  while (fgets(line, sizeof line, file) != NULL) {  // number:controllers:path
    line[strcspn(line, "\n")] = 0;
    char *controllers = strchr(line, ':');
    char *group = controllers == NULL ? NULL : strchr(controllers + 1, ':');
    if (group == NULL) continue;
    *group++ = 0;
    controllers++;
    int here = INT_MAX;
    if (controllers[0] == 0) here = least_quota(group, quota_in_version_2);
    else if (names_cpu(controllers)) here = least_quota(group, quota_in_version_1);
    if (here < least) least = here;
  }
  fclose(file);
  return least;
}

static int processors_in_affinity(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
  return (int)sysconf(_SC_NPROCESSORS_ONLN);  // more processors than a cpu_set_t has room for
}
#endif

int adjoint_available_processors(void) {
#if defined(__linux__)
  int processors = processors_in_affinity(), quota = control_group_quota();
  if (quota < processors) processors = quota;
#else
  int processors = (int)sysconf(_SC_NPROCESSORS_ONLN);
#endif
  return processors < 1 ? 1 : processors;
}
