#include "base/alloc.h"
#include "base/table.h"
#include "io/rowfile.h"
#include "io/rowfile_format.h"

#include <kith/version.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct kith_rows_in {
    char *path;
    int fd;
    uint64_t size;
    kith_meta meta;
    size_t row_bytes;
    size_t frame_rows;
    uint64_t n_rows;
    uint64_t begin; /* offset of the first frame */
    uint64_t chain; /* over the frame checksums, as the footer says */
};

static kith_status
damaged(const kith_rows_in *in, const char *what, kith_error *err)
{
    kith_error_set(err, KITH_ERR_DATA, "%s: %s", in->path, what);
    kith_error_hint(err, "ask for the file again, or make it again");
    return KITH_ERR_DATA;
}

static kith_status
read_at(const kith_rows_in *in, uint64_t offset, void *bytes, size_t n,
        kith_error *err)
{
    unsigned char *p = bytes;
    while (n > 0) {
        const ssize_t got = pread(in->fd, p, n, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return kith_error_set(err, KITH_ERR_IO, "%s: cannot read: %s",
                                  in->path, strerror(errno));
        if (got == 0)
            return damaged(in, "truncated", err);
        p += got;
        offset += (uint64_t)got;
        n -= (size_t)got;
    }
    return KITH_OK;
}

static kith_status
read_header(kith_rows_in *in, kith_error *err)
{
    kith_status status = KITH_OK;
    unsigned char prefix[KITH_ROWS_PREFIX];
    if (in->size < KITH_ROWS_PREFIX)
        return damaged(in, "too short for a kith file", err);
    KITH_TRY(read_at(in, 0, prefix, sizeof prefix, err));
    if (memcmp(prefix, KITH_ROWS_MAGIC, 8) != 0)
        KITH_TRY(damaged(in, "not a kith row file", err));
    uint32_t version = 0;
    uint32_t header_bytes = 0;
    memcpy(&version, prefix + 8, sizeof version);
    memcpy(&header_bytes, prefix + 12, sizeof header_bytes);
    if (version != KITH_FORMAT_VERSION) {
        kith_error_set(err, KITH_ERR_MISMATCH,
                       "%s: format version %u, this kith reads %d", in->path,
                       version, KITH_FORMAT_VERSION);
        kith_error_hint(err, "use the same kith everywhere");
        return KITH_ERR_MISMATCH;
    }
    in->begin = KITH_ROWS_PREFIX + (uint64_t)header_bytes + 8;
    if (header_bytes > KITH_ROWS_MAX_HEADER ||
        in->size < in->begin + sizeof(kith_rows_footer))
        KITH_TRY(damaged(in, "truncated or damaged in its header", err));
    KITH_TRY(KITH_GROW(&in->meta.text.data, &in->meta.text.cap,
                       (size_t)header_bytes + 1, err));
    in->meta.text.len = header_bytes;
    KITH_TRY(
        read_at(in, KITH_ROWS_PREFIX, in->meta.text.data, header_bytes, err));
    in->meta.text.data[header_bytes] = '\0';
    uint64_t checksum = 0;
    KITH_TRY(read_at(in, in->begin - 8, &checksum, sizeof checksum, err));
    if (checksum != kith_hash64(in->meta.text.data, header_bytes))
        KITH_TRY(damaged(in, "damaged in its header", err));
done:
    return status;
}

static kith_status
read_sizes(kith_rows_in *in, kith_error *err)
{
    kith_status status = KITH_OK;
    uint64_t row_bytes = 0;
    uint64_t frame_rows = 0;
    KITH_TRY(kith_meta_u64(&in->meta, "row_bytes", &row_bytes, err));
    KITH_TRY(kith_meta_u64(&in->meta, "frame_rows", &frame_rows, err));
    if (row_bytes == 0 || row_bytes > KITH_ROWS_MOST_BYTES || frame_rows == 0 ||
        frame_rows > KITH_ROWS_MOST_BYTES / row_bytes)
        KITH_TRY(damaged(in, "row size out of range", err));
    in->row_bytes = (size_t)row_bytes;
    in->frame_rows = (size_t)frame_rows;
    kith_rows_footer footer;
    KITH_TRY(
        read_at(in, in->size - sizeof footer, &footer, sizeof footer, err));
    if (memcmp(footer.magic, KITH_ROWS_END, 8) != 0 ||
        footer.checksum != kith_rows_footer_checksum(&footer))
        KITH_TRY(damaged(in, "truncated, or damaged at its end", err));
    in->n_rows = footer.n_rows;
    in->chain = footer.chain;
    const uint64_t body = in->size - sizeof footer - in->begin;
    const uint64_t frames =
        in->n_rows / frame_rows + (in->n_rows % frame_rows != 0);
    if (in->n_rows > body ||
        in->n_rows * row_bytes + frames * sizeof(kith_rows_frame_head) != body)
        KITH_TRY(damaged(in, "its size does not fit its row count", err));
done:
    return status;
}

static uint64_t
frame_offset(const kith_rows_in *in, uint64_t frame)
{
    return in->begin + frame * (sizeof(kith_rows_frame_head) +
                                in->frame_rows * in->row_bytes);
}

/* Frames in another order, or one taken from elsewhere, each fit their own
 * checksum; only the chain tells. */
static kith_status
check_chain(const kith_rows_in *in, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint64_t n_frames =
        in->n_rows / in->frame_rows + (in->n_rows % in->frame_rows != 0);
    uint64_t chain = 0;
    for (uint64_t i = 0; i < n_frames; i++) {
        kith_rows_frame_head head;
        KITH_TRY(read_at(in, frame_offset(in, i), &head, sizeof head, err));
        chain = kith_rows_chain(chain, head.checksum);
    }
    if (chain != in->chain)
        KITH_TRY(
            damaged(in, "its frames are not those it was written with", err));
done:
    return status;
}

kith_status
kith_rows_open(kith_rows_in **out, const char *path, const char *kind,
               kith_error *err)
{
    kith_status status = KITH_OK;
    kith_rows_in *in = NULL;
    struct stat st;
    *out = NULL;
    KITH_TRY(KITH_ALLOC(&in, 1, err));
    in->fd = -1;
    in->path = kith_strdup(path);
    KITH_TRY(in->path == NULL ? kith_error_memory(err, 1, strlen(path))
                              : KITH_OK);
    in->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (in->fd < 0 || fstat(in->fd, &st) != 0)
        KITH_TRY(kith_error_set(err, KITH_ERR_IO, "%s: cannot open: %s", path,
                                strerror(errno)));
    in->size = (uint64_t)st.st_size;
    KITH_TRY(read_header(in, err));
    KITH_TRY(read_sizes(in, err));
    KITH_TRY(check_chain(in, err));
    if (kind != NULL &&
        !kith_str_equal(kith_meta_get(&in->meta, "kind"), kind)) {
        kith_error_set(err, KITH_ERR_DATA, "%s: not a %s file", path, kind);
        kith_error_hint(err, "kith inspect shows what it is");
        KITH_TRY(KITH_ERR_DATA);
    }
    *out = in;
    in = NULL;
done:
    kith_rows_close(in);
    return status;
}

const kith_meta *
kith_rows_meta(const kith_rows_in *in)
{
    return &in->meta;
}

const char *
kith_rows_path(const kith_rows_in *in)
{
    return in->path;
}

uint64_t
kith_rows_count(const kith_rows_in *in)
{
    return in->n_rows;
}

size_t
kith_rows_bytes(const kith_rows_in *in)
{
    return in->row_bytes;
}

uint64_t
kith_rows_sum(const kith_rows_in *in)
{
    return in->chain;
}

size_t
kith_rows_per_frame(const kith_rows_in *in)
{
    return in->frame_rows;
}

kith_status
kith_rows_frame(const kith_rows_in *in, uint64_t frame, void *rows, size_t *n,
                kith_error *err)
{
    kith_status status = KITH_OK;
    const uint64_t first = frame * in->frame_rows;
    *n = 0;
    if (first >= in->n_rows)
        return KITH_OK;
    const uint64_t left = in->n_rows - first;
    const size_t want = left < in->frame_rows ? (size_t)left : in->frame_rows;
    kith_rows_frame_head head;
    const uint64_t at = frame_offset(in, frame);
    KITH_TRY(read_at(in, at, &head, sizeof head, err));
    KITH_TRY(read_at(in, at + sizeof head, rows, want * in->row_bytes, err));
    if (head.n_rows != want || head.zero != 0 ||
        head.checksum != kith_hash64(rows, want * in->row_bytes)) {
        kith_error_set(err, KITH_ERR_DATA, "%s: frame %llu is damaged",
                       in->path, (unsigned long long)frame);
        kith_error_hint(err, "ask for the file again, or make it again");
        KITH_TRY(KITH_ERR_DATA);
    }
    *n = want;
done:
    return status;
}

void
kith_rows_ahead(const kith_rows_in *in, uint64_t frame)
{
    const size_t bytes =
        sizeof(kith_rows_frame_head) + in->frame_rows * in->row_bytes;
    /* Advice: where the system does not take it, nothing is lost. The kernel
     * cannot tell by itself when several threads read one file. */
    (void)posix_fadvise(in->fd, (off_t)frame_offset(in, frame), (off_t)bytes,
                        POSIX_FADV_WILLNEED);
}

kith_status
kith_rows_read(const kith_rows_in *in, uint64_t first, size_t n, void *rows,
               kith_error *err)
{
    kith_status status = KITH_OK;
    unsigned char *to = rows;
    unsigned char *frame = NULL;
    if (first > in->n_rows || n > in->n_rows - first)
        KITH_TRY(kith_error_set(err, KITH_ERR_INTERNAL, "%s: rows past the end",
                                in->path));
    KITH_TRY(KITH_ALLOC(&frame, in->frame_rows * in->row_bytes, err));
    while (n > 0) {
        size_t got = 0;
        KITH_TRY(kith_rows_frame(in, first / in->frame_rows, frame, &got, err));
        const size_t skip = (size_t)(first % in->frame_rows);
        const size_t part = got - skip < n ? got - skip : n;
        memcpy(to, frame + skip * in->row_bytes, part * in->row_bytes);
        to += part * in->row_bytes;
        first += part;
        n -= part;
    }
done:
    kith_free(frame);
    return status;
}

kith_status
kith_rows_peek(const kith_rows_in *in, uint64_t row, void *bytes, size_t n,
               kith_error *err)
{
    if (row >= in->n_rows || n > in->row_bytes)
        return kith_error_set(err, KITH_ERR_INTERNAL, "%s: row past the end",
                              in->path);
    const uint64_t at = frame_offset(in, row / in->frame_rows) +
                        sizeof(kith_rows_frame_head) +
                        row % in->frame_rows * in->row_bytes;
    return read_at(in, at, bytes, n, err);
}

void
kith_rows_close(kith_rows_in *in)
{
    if (in == NULL)
        return;
    if (in->fd >= 0)
        (void)close(in->fd);
    kith_meta_done(&in->meta);
    kith_free(in->path);
    kith_free(in);
}
