/* Standard input and output by the C library. */
#include <stdio.h>

static int receive(void *to, size_t bytes) {
    return fread(to, 1, bytes, stdin) == bytes;
}

static int send(const void *from, size_t bytes) {
    return fwrite(from, 1, bytes, stdout) == bytes;
}

static int serve(void);

#define START                                                                                    \
    int main(void) {                                                                             \
        return serve();                                                                          \
    }
