// checkpoint.c, from lesson 01: a model in a file, as safetensors, the format that other people's tools read too.
#include "checkpoint.h"
#include "file.h"

#include <stdlib.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "safetensors files are little-endian: this machine would need its bytes swapped"
#endif

enum { ALIGN = 8, LONGEST_HEADER = 100000000 };     // the format's own limit on the header

size_t dtype_size(const char *dtype) {
    static const struct { const char *name; size_t size; } TYPES[] = {
        {"F32", 4}, {"I32", 4}, {"U32", 4}, {"I64", 8}, {"U8", 1}, {"F64", 8}, {"BF16", 2}, {"F16", 2}};
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
        if (strcmp(dtype, TYPES[i].name) == 0) return TYPES[i].size;
    return 0;
}

static size_t array_bytes(const Array *a) {
    size_t bytes = dtype_size(a->dtype);
    for (int i = 0; i < a->ndim; i++) bytes *= (size_t)a->shape[i];
    return bytes;
}

// --- saving ---

static json_t *make_header(const Array *array, int count, json_t *metadata) {
    json_t *header = json_object();
    if (metadata) json_object_set(header, "__metadata__", metadata);
    size_t at = 0;
    for (int i = 0; i < count; i++) {
        json_t *shape = json_array();
        for (int d = 0; d < array[i].ndim; d++) json_array_append_new(shape, json_integer(array[i].shape[d]));
        size_t end = at + array_bytes(&array[i]);
        json_object_set_new(header, array[i].name,
                            json_pack("{s:s, s:o, s:[I,I]}", "dtype", array[i].dtype, "shape", shape, "data_offsets",
                                      (json_int_t)at, (json_int_t)end));
        at = end;
    }
    return header;
}

bool checkpoint_save(const char *path, const Array *array, int count, json_t *metadata, Error *e) {
    json_t *header = make_header(array, count, metadata);
    char *text = json_dumps(header, JSON_COMPACT);
    json_decref(header);
    CHECK(text, "checkpoint_save: %s: a name or a text in the header is not UTF-8", path);
    uint64_t length = strlen(text), padded = (length + ALIGN - 1) / ALIGN * ALIGN;
    NewFile f;
    if (!file_begin(&f, path, e)) {
        free(text);
        return false;
    }
    fwrite(&padded, sizeof padded, 1, f.out);
    fprintf(f.out, "%s%*s", text, (int)(padded - length), "");
    free(text);
    for (int i = 0; i < count; i++) fwrite(array[i].data, 1, array_bytes(&array[i]), f.out);
    return file_commit(&f, e);
}

// --- opening ---

static bool read_shape(Array *a, json_t *shape) {
    if (!json_is_array(shape) || json_array_size(shape) > 4) return false;
    a->ndim = (int)json_array_size(shape);
    for (int d = 0; d < a->ndim; d++) {
        json_t *number = json_array_get(shape, (size_t)d);
        json_int_t n = json_integer_value(number);
        if (!json_is_integer(number) || n < 0 || n > INT32_MAX) return false;
        a->shape[d] = (int)n;
    }
    return true;
}

// One entry of the header: is it whole, and are its bytes in the file?
static bool read_array(Checkpoint *c, Array *a, const char *name, json_t *entry, size_t data_at, size_t data_size, Error *e) {
    const char *dtype = json_string_value(json_object_get(entry, "dtype"));
    json_t *offsets = json_object_get(entry, "data_offsets");
    bool two = json_array_size(offsets) == 2 && json_is_integer(json_array_get(offsets, 0)) && json_is_integer(json_array_get(offsets, 1));
    if (!dtype || !two || !read_shape(a, json_object_get(entry, "shape")))
        return error(e, "%s: the header's entry \"%.60s\" lacks a dtype, a shape of up to 4 numbers or two data_offsets", c->path, name);
    a->name = name;
    a->dtype = dtype;
    json_int_t begin = json_integer_value(json_array_get(offsets, 0)), end = json_integer_value(json_array_get(offsets, 1));
    if (!dtype_size(dtype)) return error(e, "%s: \"%.60s\" has the type %.20s, which this course does not read", c->path, name, dtype);
    double want = (double)dtype_size(dtype);
    for (int d = 0; d < a->ndim; d++) want *= a->shape[d];
    if (begin < 0 || end < begin || (size_t)end > data_size || (double)(end - begin) != want)
        return error(e, "%s: \"%.60s\" should be %.0f bytes at %lld to %lld of the %zu bytes of data in the file: it is cut off or damaged",
                     c->path, name, want, (long long)begin, (long long)end, data_size);
    if (begin % (json_int_t)dtype_size(dtype))
        return error(e, "%s: \"%.60s\" begins at byte %lld of the data, want a multiple of %zu for %s", c->path, name, (long long)begin, dtype_size(dtype), dtype);
    a->data = c->bytes + data_at + begin;
    return true;
}

static bool read_all(Checkpoint *c, size_t size, Error *e) {
    uint64_t length = 0;
    if (size >= 8) memcpy(&length, c->bytes, 8);
    if (size < 8 || length > LONGEST_HEADER || length > size - 8)
        return error(e, "%s is no safetensors file: its first 8 bytes should say how long its header is", c->path);
    json_error_t why;
    c->header = json_loadb((const char *)c->bytes + 8, length, 0, &why);
    if (!json_is_object(c->header)) return error(e, "%s: its header is no JSON object (%s)", c->path, c->header ? "it is another kind of value" : why.text);
    c->metadata = json_object_get(c->header, "__metadata__");
    size_t data_at = 8 + length, data_size = size - data_at;
    if (data_at % ALIGN) {      // not every writer pads its header: move the data to where floats may stand
        unsigned char *moved = xmalloc(data_size);
        memcpy(moved, c->bytes + data_at, data_size);
        free(c->bytes);
        c->bytes = moved;
        data_at = 0;
    }
    c->array = xcalloc(json_object_size(c->header), sizeof *c->array);
    const char *name;
    json_t *entry;
    json_object_foreach(c->header, name, entry) {
        if (strcmp(name, "__metadata__") == 0) continue;
        if (!read_array(c, &c->array[c->count], name, entry, data_at, data_size, e)) return false;
        c->count++;
    }
    return true;
}

bool checkpoint_open(Checkpoint *c, const char *path, Error *e) {
    memset(c, 0, sizeof *c);
    size_t size;
    if (!file_read(path, &c->bytes, &size, e)) return false;
    c->path = xprintf("%s", path);
    if (read_all(c, size, e)) return true;
    checkpoint_close(c);
    return false;
}

void checkpoint_close(Checkpoint *c) {
    json_decref(c->header);
    free(c->array);
    free(c->bytes);
    free(c->path);
    memset(c, 0, sizeof *c);
}

static bool same_shape(const Array *a, int ndim, const int *shape) {
    if (a->ndim != ndim) return false;
    for (int d = 0; d < ndim; d++)
        if (shape[d] >= 0 && a->shape[d] != shape[d]) return false;
    return true;
}

static char *shape_text(int ndim, const int *shape) {
    char *text = xprintf("(");
    for (int d = 0; d < ndim; d++) {
        char *longer = shape[d] < 0 ? xprintf("%s%s*", text, d ? "," : "") : xprintf("%s%s%d", text, d ? "," : "", shape[d]);
        free(text);
        text = longer;
    }
    char *whole = xprintf("%s)", text);
    free(text);
    return whole;
}

const Array *checkpoint_find(const Checkpoint *c, const char *name, const char *dtype, int ndim, const int *shape, Error *e) {
    for (int i = 0; i < c->count; i++) {
        const Array *a = &c->array[i];
        if (strcmp(a->name, name) != 0) continue;
        if (strcmp(a->dtype, dtype) == 0 && same_shape(a, ndim, shape)) return a;
        char *has = shape_text(a->ndim, a->shape), *want = shape_text(ndim, shape);
        error(e, "%s: \"%s\" is %s %s, want %s %s", c->path, name, a->dtype, has, dtype, want);
        free(has);
        free(want);
        return NULL;
    }
    error(e, "%s holds no \"%s\": it was saved by another lesson or other options", c->path, name);
    return NULL;
}

const char *checkpoint_text(const Checkpoint *c, const char *key) {
    return json_string_value(json_object_get(c->metadata, key));
}
