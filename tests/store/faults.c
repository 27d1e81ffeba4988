/* Faults of the disk, for a program that is started with LD_PRELOAD: the N-th call that changes a file below a path
 * fails. Calls on other files, on pipes and on terminals go through untouched and uncounted.
 *
 *   FAULT_PREFIX  the path that the names of the files begin with
 *   FAULT_AT      N, counted from 1; 0 for none
 *   FAULT_KIND    ENOSPC, EIO   the call fails so, once
 *                 FULL          it and every later write fail with ENOSPC: a disk that stays full
 *                 SHORT         a write takes only half of its bytes, and says so
 *                 KILL          the process dies before the call
 *                 TORN          the process dies after half of the bytes are written
 *                 LOST          the power fails before the call: nothing is on the disk that was not synced
 *                 MIXED         the same, and of what was not synced any part may be on the disk: by the toss of a coin
 *   FAULT_LOG     a file that gets a line for each call counted: its name, its bytes, and the file
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum act { PASS, FAIL, HALF };

/* What was done to a file since it was synced. One thread at a time changes the files. */
struct change {
    struct change *before;
    char *path, *old, *fresh;
    off64_t at, old_size;
    ssize_t old_bytes, bytes; /* bytes < 0: a truncation to at */
};

static struct change *unsynced;
static atomic_long counted;

static const char *option(const char *name) {
    const char *value = getenv(name);
    return value ? value : "";
}

static int is_kind(const char *kind) { return strcmp(option("FAULT_KIND"), kind) == 0; }

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static int path_of(int file, char *path, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, size - 1);
    if (length < 0) return 0;
    path[length] = 0;
    const char *prefix = option("FAULT_PREFIX");
    return *prefix && strncmp(path, prefix, strlen(prefix)) == 0;
}

static void note(const char *call, size_t bytes, const char *path) {
    const char *log = option("FAULT_LOG");
    if (!*log) return;
    char line[4352];
    int length = snprintf(line, sizeof line, "%s %zu %s\n", call, bytes, path);
    int file = open(log, O_WRONLY | O_CREAT | O_APPEND, 0644);
    ssize_t (*write_to)(int, const void *, size_t) = real("write");
    if (file >= 0 && write_to(file, line, (size_t)length) != length) abort();
    if (file >= 0) close(file);
}

static int loses(void) { return is_kind("LOST") || is_kind("MIXED"); }

static void *copied(const void *from, size_t bytes) {
    char *to = malloc(bytes + 1);
    if (!to) abort();
    if (from) memcpy(to, from, bytes);
    return to;
}

/* Before a call: what the file holds where it will change. */
static void remember(int file, const void *fresh, ssize_t bytes, off64_t at) {
    char path[4096];
    struct stat64 now;
    if (!loses() || !path_of(file, path, sizeof path) || fstat64(file, &now)) return;
    struct change *change = copied(NULL, sizeof *change);
    size_t covered = bytes < 0 ? (size_t)(now.st_size > at ? now.st_size - at : 0) : (size_t)bytes;
    *change = (struct change){.before = unsynced, .path = copied(path, strlen(path) + 1), .at = at, .bytes = bytes};
    change->fresh = bytes < 0 ? NULL : copied(fresh, (size_t)bytes);
    change->old = copied(NULL, covered);
    change->old_bytes = pread64(file, change->old, covered, at);
    change->old_size = now.st_size;
    unsynced = change;
}

static void forget(int file) {
    char path[4096];
    if (!loses() || !path_of(file, path, sizeof path)) return;
    for (struct change **at = &unsynced; *at;)
        if (!strcmp((*at)->path, path))
            *at = (*at)->before; /* a test may leak */
        else
            at = &(*at)->before;
}

static void put(const struct change *change, int undo) {
    ssize_t (*write_at)(int, const void *, size_t, off64_t) = real("pwrite64");
    int (*cut)(int, off64_t) = real("ftruncate64");
    int file = open(change->path, O_RDWR);
    if (file < 0) return; /* it is gone, and nobody misses it */
    ssize_t bytes = undo ? change->old_bytes : change->bytes;
    if (bytes > 0 && write_at(file, undo ? change->old : change->fresh, (size_t)bytes, change->at) != bytes) abort();
    if (undo || change->bytes < 0) if (cut(file, undo ? change->old_size : change->at)) abort();
    close(file);
}

static void redo_some(const struct change *change, unsigned *coins) {
    if (!change) return;
    redo_some(change->before, coins);
    if (rand_r(coins) & 4) put(change, 0);
}

/* The disk as it could be after a power cut. */
static void cut_power(unsigned coins) {
    for (struct change *change = unsynced; change; change = change->before) put(change, 1);
    if (is_kind("MIXED")) redo_some(unsynced, &coins);
    raise(SIGKILL);
}

/* What is to happen to this call, and errno where it is to fail. */
static enum act judge(const char *call, int file, size_t bytes, int writes) {
    char path[4096];
    if (!path_of(file, path, sizeof path)) return PASS;
    note(call, bytes, path);
    long now = atomic_fetch_add(&counted, 1) + 1, at = atol(option("FAULT_AT"));
    if (at && now > at && writes && is_kind("FULL")) {
        errno = ENOSPC;
        return FAIL;
    }
    if (now != at) return PASS;
    if (loses()) cut_power((unsigned)at);
    if (is_kind("KILL") || (is_kind("TORN") && !writes)) raise(SIGKILL);
    if (is_kind("TORN") || is_kind("SHORT")) return writes ? HALF : PASS;
    if (is_kind("FULL") && !writes) return PASS;
    errno = is_kind("EIO") ? EIO : ENOSPC;
    return FAIL;
}

static ssize_t halved(ssize_t written) {
    if (is_kind("TORN")) raise(SIGKILL);
    return written;
}

ssize_t write(int file, const void *from, size_t bytes) {
    ssize_t (*next)(int, const void *, size_t) = real("write");
    switch (judge("write", file, bytes, 1)) {
    case FAIL: return -1;
    case HALF: return halved(next(file, from, (bytes + 1) / 2));
    default: return next(file, from, bytes);
    }
}

static ssize_t pwrite_or_fail(const char *call, int file, const void *from, size_t bytes, off64_t at) {
    ssize_t (*next)(int, const void *, size_t, off64_t) = real("pwrite64");
    switch (judge(call, file, bytes, 1)) {
    case FAIL: return -1;
    case HALF: return halved(next(file, from, (bytes + 1) / 2, at));
    default: remember(file, from, (ssize_t)bytes, at); return next(file, from, bytes, at);
    }
}

ssize_t pwrite(int file, const void *from, size_t bytes, off_t at) {
    return pwrite_or_fail("pwrite", file, from, bytes, at);
}

ssize_t pwrite64(int file, const void *from, size_t bytes, off64_t at) {
    return pwrite_or_fail("pwrite64", file, from, bytes, at);
}

static int sync_or_fail(const char *call, int file) {
    int (*next)(int) = real(call);
    if (judge(call, file, 0, 0) == FAIL) return -1;
    int failed = next(file);
    if (!failed) forget(file);
    return failed;
}

int fsync(int file) { return sync_or_fail("fsync", file); }

int fdatasync(int file) { return sync_or_fail("fdatasync", file); }

static int truncate_or_fail(const char *call, int file, off64_t size) {
    int (*next)(int, off64_t) = real("ftruncate64");
    if (judge(call, file, (size_t)size, 0) == FAIL) return -1;
    remember(file, NULL, -1, size);
    return next(file, size);
}

int ftruncate(int file, off_t size) { return truncate_or_fail("ftruncate", file, size); }

int ftruncate64(int file, off64_t size) { return truncate_or_fail("ftruncate64", file, size); }
