/* Standard input and output by Linux' system calls on AArch64: no C library to build or find for a foreign machine. */
static long call_system(long number, long a, const void *b, size_t c) {
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register const void *x1 __asm__("x1") = b;
    register size_t x2 __asm__("x2") = c;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
    return x0;
}

static int receive(void *to, size_t bytes) {
    char *t = to;
    while (bytes) {
        const long got = call_system(63, 0, t, bytes);
        if (got <= 0) return 0;
        t += got;
        bytes -= (size_t)got;
    }
    return 1;
}

static int send(const void *from, size_t bytes) {
    const char *f = from;
    while (bytes) {
        const long sent = call_system(64, 1, f, bytes);
        if (sent <= 0) return 0;
        f += sent;
        bytes -= (size_t)sent;
    }
    return 1;
}

static int serve(void);

#define START                                                                                    \
    void _start(void);                                                                           \
    void _start(void) {                                                                          \
        call_system(93, serve(), NULL, 0);                                                       \
    }
