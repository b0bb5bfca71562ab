/*
 * Preloaded into a program, lets one call of a kind fail, or be cut short, in that process and in
 * none that it starts. Here is what strace cannot inject: an allocation and a reading of the clock
 * are no system calls, a close that fails has closed nevertheless, and a read or write that is cut
 * short has moved the bytes that it reports.
 *
 *     LD_PRELOAD=libfaults.so FAULT=memory:17 FAULT_CALLS=calls threadbench show run.json
 *
 * FAULT=KIND:N lets the Nth call of KIND fail, counted from 1. memory:N:limit lets all fail from
 * there on that need more than what was freed since, as under ulimit -v. Any other text ends the
 * program. FAULT_CALLS is a file, which gets a struct call of each call; FAULT_STACK one that gets
 * who called what failed first.
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum kind { MEMORY, CLOCK, CLOSE, SHORT_READ, SHORT_WRITE, KINDS };
static const char *const names[KINDS] = {"memory", "clock", "close", "short-read", "short-write"};

/* faults.py reads them: 32 bits each, in the machine's order. */
struct call {
    uint32_t kind;    /* 1 is the first; + 0x100 where it was let fail */
    uint32_t callers; /* a hash of who called: the same for the same place in the program */
};
enum { FAILED = 0x100, MOST_CALLS = 1 << 22, DEPTH = 12 };

/* Set before main(), but for the counts. */
static pid_t owner; /* what is preloaded into counts, a child between vfork() and exec does not */
static enum kind wanted = KINDS;
static unsigned long at;
static bool limited;
static struct call *calls;
static int stack = -1;
static atomic_ulong count[KINDS], all; /* relaxed: they order nothing */
static atomic_long freed;              /* bytes, since memory ran out; a sum, likewise */
static _Thread_local bool inside;      /* what is called here does not count */

static int (*real_clock)(clockid_t, struct timespec *);
static int (*real_close)(int);
static int (*real_fclose)(FILE *);
static ssize_t (*real_read)(int, void *, size_t);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pread)(int, void *, size_t, off64_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);

/* The allocator itself: a symbol found by dlsym() would need memory before it is there. */
/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): glibc's */
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void __libc_free(void *);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

static void find(const char *name, void *function)
{
    void *found = dlsym(RTLD_NEXT, name);

    memcpy(function, &found, sizeof found); /* C has no cast for it */
}

static void find_functions(void)
{
    find("clock_gettime", &real_clock);
    find("close", &real_close);
    find("fclose", &real_fclose);
    find("read", &real_read);
    find("write", &real_write);
    find("pread64", &real_pread);
    find("pwrite64", &real_pwrite);
}

/* The file is sparse: it takes what is used of it. */
static void open_calls(const char *path)
{
    size_t size = MOST_CALLS * sizeof *calls;
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

    if (fd < 0 || ftruncate(fd, (off_t)size))
        abort();
    calls = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (calls == MAP_FAILED)
        abort();
    real_close(fd);
}

static void choose(const char *fault)
{
    size_t length = strcspn(fault, ":");
    char *end;

    for (unsigned i = 0; i < KINDS; i++) {
        if (strlen(names[i]) == length && !strncmp(names[i], fault, length))
            wanted = i;
    }
    if (wanted == KINDS || fault[length] != ':')
        abort();
    errno = 0;
    at = strtoul(fault + length + 1, &end, 10);
    limited = !strcmp(end, ":limit");
    if (!at || errno || (*end && !limited))
        abort();
}

__attribute__((constructor)) static void begin(void)
{
    const char *fault = getenv("FAULT"), *path = getenv("FAULT_CALLS"),
               *callers = getenv("FAULT_STACK");
    void *first[1];

    inside = true;
    find_functions();
    (void)backtrace(first, 1); /* loads what it needs, which allocates */
    if (path)
        open_calls(path);
    if (callers)
        stack = open(callers, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (fault)
        choose(fault);
    /* Neither the program nor its children see that they are watched. */
    if (unsetenv("LD_PRELOAD") || unsetenv("FAULT") || unsetenv("FAULT_CALLS") ||
        unsetenv("FAULT_STACK"))
        abort();
    /* The system calls up to here are the loader's: faults.py looks for this one. */
    (void)access("/dev/null/faults", F_OK);
    inside = false;
    owner = getpid();
}

static uint32_t hash_callers(bool write_them)
{
    void *callers[DEPTH];
    int depth = backtrace(callers, DEPTH);
    uint32_t hash = 2166136261u;

    if (write_them && stack >= 0) {
        backtrace_symbols_fd(callers, depth, stack);
        real_close(stack);
        stack = -1;
    }
    for (int i = 2; i < depth; i++)
        hash = (hash ^ (uint32_t)(uintptr_t)callers[i]) * 16777619u;
    return hash;
}

/* In another one the unwinder would wait for a lock that may be held where it allocates here. */
static bool is_main_thread(void)
{
    return gettid() == owner;
}

/* Whether this is a call to count. */
static bool counts(void)
{
    return !inside && owner && getpid() == owner;
}

/* Counts a call; whether it is to fail. */
static bool fails(enum kind kind)
{
    unsigned long number, place;
    bool failed;

    if (!counts())
        return false;
    inside = true;
    number = atomic_fetch_add_explicit(&count[kind], 1, memory_order_relaxed) + 1;
    place = atomic_fetch_add_explicit(&all, 1, memory_order_relaxed);
    failed = kind == wanted && number == at;
    if (calls && place < MOST_CALLS)
        calls[place] = (struct call){kind + 1u + (failed ? FAILED : 0),
                                     is_main_thread() ? hash_callers(failed) : 0};
    inside = false;
    return failed;
}

static bool is_exhausted(void)
{
    return limited && counts() && atomic_load_explicit(&count[MEMORY], memory_order_relaxed) >= at;
}

/* For `size` more bytes, of which the caller frees `back`. */
static bool lacks(size_t size, size_t back)
{
    long more = (long)size - (long)back;

    if (fails(MEMORY))
        return true;
    if (!is_exhausted())
        return false;
    if (atomic_fetch_sub_explicit(&freed, more, memory_order_relaxed) >= more)
        return false;
    atomic_fetch_add_explicit(&freed, more, memory_order_relaxed);
    return true;
}

static void *no_memory(void)
{
    errno = ENOMEM;
    return NULL;
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): glibc's are reserved */
void *malloc(size_t size)
{
    return lacks(size, 0) ? no_memory() : __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
    return lacks(number * size, 0) ? no_memory() : __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size)
{
    return lacks(size, malloc_usable_size(memory)) ? no_memory() : __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return lacks(size, 0) ? no_memory() : __libc_memalign(alignment, size);
}

void free(void *memory)
{
    if (is_exhausted())
        atomic_fetch_add_explicit(&freed, (long)malloc_usable_size(memory), memory_order_relaxed);
    __libc_free(memory);
}

int clock_gettime(clockid_t clock, struct timespec *ret_time)
{
    if (!fails(CLOCK))
        return real_clock(clock, ret_time);
    errno = EINVAL;
    return -1;
}

/* An error of the device, of which close() is the first to know: the descriptor is gone. */
int close(int fd)
{
    bool failed = fails(CLOSE);
    int result = real_close(fd);

    if (!failed)
        return result;
    errno = EIO;
    return -1;
}

int fclose(FILE *file)
{
    bool failed = fileno(file) >= 0 && fails(CLOSE); /* a stream into memory has no device */
    int result = real_fclose(file);

    if (!failed)
        return result;
    errno = EIO;
    return EOF;
}

static size_t cut(enum kind kind, size_t size)
{
    return size > 1 && fails(kind) ? size / 2 : size;
}

ssize_t read(int fd, void *bytes, size_t size)
{
    return real_read(fd, bytes, cut(SHORT_READ, size));
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    return real_write(fd, bytes, cut(SHORT_WRITE, size));
}

ssize_t pread64(int fd, void *bytes, size_t size, off64_t offset)
{
    return real_pread(fd, bytes, cut(SHORT_READ, size), offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset)
{
    return real_pwrite(fd, bytes, cut(SHORT_WRITE, size), offset);
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
