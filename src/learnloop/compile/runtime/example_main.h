/* A program around the network: reads data.bin, learns, prints the digest of the weights. Included by main.c, which
 * says how large everything is. Only this part uses the C library. */

#include <stdio.h>
#include <stdlib.h>

#include "digest.h"

static void *ll_rooms[8];
static int ll_room_count;

/* Zeroed memory, aligned for the widest vectors; given back by ll_leave. */
static void *ll_room(size_t bytes) {
    void *const room = calloc(bytes + 64, 1);
    if (!room) {
        fprintf(stderr, "no memory for %lu bytes\n", (unsigned long)bytes);
        exit(1);
    }
    ll_rooms[ll_room_count++] = room;
    return (unsigned char *)room + (64 - (uintptr_t)room % 64) % 64;
}

static int ll_leave(int status) {
    while (ll_room_count > 0) free(ll_rooms[--ll_room_count]);
    return status;
}

static void *ll_read(FILE *file, size_t size, size_t count) {
    void *const room = ll_room(size * count);
    if (count && fread(room, size, count, file) != count) {
        fprintf(stderr, "data.bin is too short\n");
        exit(1);
    }
    return room;
}

static void ll_print_digest(const unsigned char *arena) {
    struct digest d;
    char text[65];
    digest_begin(&d);
    for (size_t k = 0; k < sizeof parameters / sizeof *parameters; k++) {
        const real *values = (const void *)(arena + parameters[k].offset);
        for (int row = 0; row < parameters[k].rows; row++)
            for (int column = 0; column < parameters[k].columns; column++) {
                const real x = values[(index_t)row * parameters[k].stride + column];
                if (sizeof(real) == 4) digest_bits(&d, x == x ? bits_f32((f32)x) : 0x7fc00000u, 4);
                else digest_bits(&d, x == x ? bits_f64((f64)x) : (u64)0x7ff8 << 48, 8);
            }
    }
    digest_end(&d, text);
    puts(text);
}

int main(int count, char **arguments) {
    FILE *const file = fopen(count > 1 ? arguments[1] : "data.bin", "rb");
    if (!file) {
        fprintf(stderr, "data.bin cannot be opened\n");
        return 1;
    }
    struct call c = {0};
    c.X = ll_read(file, sizeof(real), (size_t)DATA_ROWS * INPUTS);
    if (LABELS) c.labels = ll_read(file, sizeof(i32), DATA_ROWS);
    else c.Y = ll_read(file, sizeof(real), (size_t)DATA_ROWS * OUTPUTS);
    c.weights = ll_read(file, sizeof(real), DATA_ROWS);
    c.rows = ll_read(file, sizeof(i32), ROWS);
    fclose(file);
    c.arena = ll_room(ARENA_BYTES);
    c.capacity = CAPACITY;
    c.order = ll_room(sizeof(i32) * ROWS);
    c.losses = ll_room(sizeof(real) * (UPDATES + 1));
    c.count = ROWS;
    c.batch = BATCH;
    c.seed = SEED;
    c.stop = UPDATES;
    c.epoch = -1;
    for (size_t k = 0; k < sizeof options / sizeof *options; k++) *(f64 *)(void *)(c.arena + options[k].offset) = options[k].value;
    ll_initialise(&c);
    if (ll_train(&c, 0, 1) != LL_REACHED) {
        fprintf(stderr, "the loss is no number at update %ld\n", (long)c.update);
        return ll_leave(1);
    }
    ll_print_digest(c.arena);
    return ll_leave(0);
}
