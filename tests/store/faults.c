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
#include <sys/types.h>
#include <unistd.h>

enum act { PASS, FAIL, HALF };

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
    default: return next(file, from, bytes, at);
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
    return judge(call, file, 0, 0) == FAIL ? -1 : next(file);
}

int fsync(int file) { return sync_or_fail("fsync", file); }

int fdatasync(int file) { return sync_or_fail("fdatasync", file); }

static int truncate_or_fail(const char *call, int file, off64_t size) {
    int (*next)(int, off64_t) = real("ftruncate64");
    return judge(call, file, (size_t)size, 0) == FAIL ? -1 : next(file, size);
}

int ftruncate(int file, off_t size) { return truncate_or_fail("ftruncate", file, size); }

int ftruncate64(int file, off64_t size) { return truncate_or_fail("ftruncate64", file, size); }
