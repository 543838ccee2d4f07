/* A disk that fails on demand: preloaded into a child, it counts the calls that change files below one
 * folder, and the n-th of them kills the process, fails, or writes half.
 *
 * The child steers it through files it tries to open (no symbol of this library is ever named):
 *   <anything>/shim-begin   starts counting at 1
 *   <anything>/shim-end     stops, and writes the count into the file $SHIM_REPORT
 * $SHIM_FOLDER, $SHIM_AT (0: only count) and $SHIM_HOW (kill, torn, short, eio, full) say the rest. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum outcome { PASS, FAIL, HALF, HALF_THEN_DIE };
/* What a call does to the disk: full refuses those that need room, an I/O error hits any. */
enum need { ROOM, NO_ROOM };

static atomic_long calls;
static atomic_int counting;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static const char *setting(const char *name) {
    const char *value = getenv(name);
    return value ? value : "";
}

static int below(const char *path) {
    const char *folder = setting("SHIM_FOLDER");
    size_t length = strlen(folder);
    return length && path && strncmp(path, folder, length) == 0;
}

static int ours(int fd) {
    char link[64], path[PATH_MAX];
    if (!atomic_load(&counting)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return below(path);
}

static enum outcome judge(enum need need) {
    long nth = atomic_fetch_add(&calls, 1) + 1, at = atol(setting("SHIM_AT"));
    const char *how = setting("SHIM_HOW");
    if (at == 0 || nth < at) return PASS;
    /* A full disk stays full; the other troubles come once. */
    if (strcmp(how, "full") == 0) {
        if (need == NO_ROOM) return PASS;
        errno = ENOSPC;
        return FAIL;
    }
    if (nth > at) return PASS;
    if (strcmp(how, "kill") == 0) kill(getpid(), SIGKILL);
    if (strcmp(how, "torn") == 0) return HALF_THEN_DIE;
    if (strcmp(how, "short") == 0) return HALF;
    errno = EIO;
    return FAIL;
}

/* For calls that have no half: a torn one is one that was never made. */
static int refused(enum need need) {
    enum outcome outcome = judge(need);
    if (outcome == HALF_THEN_DIE) kill(getpid(), SIGKILL);
    return outcome == FAIL;
}

#define WRITES(real_call, whole)                                                                                \
    switch (judge(ROOM)) {                                                                                      \
    case FAIL: return -1;                                                                                       \
    case HALF: return (whole) > 1 ? real_call((whole) / 2) : real_call(whole);                                  \
    case HALF_THEN_DIE: (void)!real_call((whole) / 2); kill(getpid(), SIGKILL); return -1;                      \
    case PASS: break;                                                                                           \
    }

ssize_t write(int fd, const void *data, size_t size) {
#define CALL(n) REAL(write)(fd, data, n)
    if (ours(fd)) { WRITES(CALL, size) }
    return CALL(size);
#undef CALL
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
#define CALL(n) REAL(pwrite)(fd, data, n, at)
    if (ours(fd)) { WRITES(CALL, size) }
    return CALL(size);
#undef CALL
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
#define CALL(n) REAL(pwrite64)(fd, data, n, at)
    if (ours(fd)) { WRITES(CALL, size) }
    return CALL(size);
#undef CALL
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (ours(fd) && refused(ROOM)) return -1;
    return REAL(writev)(fd, parts, count);
}

ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t size, unsigned flags) {
#define CALL(n) REAL(copy_file_range)(from, from_at, to, to_at, n, flags)
    if (ours(to)) { WRITES(CALL, size) }
    return CALL(size);
#undef CALL
}

ssize_t sendfile64(int to, int from, off64_t *at, size_t size) {
    ssize_t (*real)(int, int, off64_t *, size_t) = dlsym(RTLD_NEXT, "sendfile64");
    if (ours(to) && refused(ROOM)) return -1;
    return real(to, from, at, size);
}

int fsync(int fd) { return ours(fd) && refused(NO_ROOM) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return ours(fd) && refused(NO_ROOM) ? -1 : REAL(fdatasync)(fd); }
int ftruncate(int fd, off_t size) { return ours(fd) && refused(ROOM) ? -1 : REAL(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { return ours(fd) && refused(ROOM) ? -1 : REAL(ftruncate64)(fd, size); }
int fchmod(int fd, mode_t mode) { return ours(fd) && refused(NO_ROOM) ? -1 : REAL(fchmod)(fd, mode); }

static int counted(const char *path) { return atomic_load(&counting) && below(path); }

int unlink(const char *path) { return counted(path) && refused(NO_ROOM) ? -1 : REAL(unlink)(path); }
int chmod(const char *path, mode_t mode) { return counted(path) && refused(NO_ROOM) ? -1 : REAL(chmod)(path, mode); }
int mkdir(const char *path, mode_t mode) { return counted(path) && refused(ROOM) ? -1 : REAL(mkdir)(path, mode); }
int rename(const char *from, const char *to) {
    return (counted(from) || counted(to)) && refused(NO_ROOM) ? -1 : REAL(rename)(from, to);
}
int link(const char *from, const char *to) {
    return (counted(from) || counted(to)) && refused(ROOM) ? -1 : REAL(link)(from, to);
}

static int ends_in(const char *path, const char *end) {
    size_t length = strlen(path), tail = strlen(end);
    return length >= tail && strcmp(path + length - tail, end) == 0;
}

/* Whether an open is a signal for the shim, and what to answer when it is. */
static int signalled(const char *path) {
    if (ends_in(path, "/shim-begin")) {
        atomic_store(&calls, 0);
        atomic_store(&counting, 1);
    } else if (ends_in(path, "/shim-end")) {
        atomic_store(&counting, 0);
        FILE *report = fopen(setting("SHIM_REPORT"), "w");
        if (report) {
            fprintf(report, "%ld\n", atomic_load(&calls));
            fclose(report);
        }
    } else {
        return 0;
    }
    errno = ENOENT;
    return 1;
}

#define OPENS(name)                                                                                             \
    int name(const char *path, int flags, ...) {                                                                \
        va_list rest;                                                                                           \
        va_start(rest, flags);                                                                                  \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;                                 \
        va_end(rest);                                                                                           \
        if (signalled(path)) return -1;                                                                         \
        int makes = (flags & O_CREAT) && access(path, F_OK) != 0;                                               \
        if (makes && counted(path) && refused(ROOM)) return -1;                                                 \
        return REAL(name)(path, flags, mode);                                                                   \
    }

OPENS(open)
OPENS(open64)
