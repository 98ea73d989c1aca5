#include "base/alloc.h"
#include "base/table.h"
#include "io/out.h"
#include "io/rowfile.h"
#include "io/rowfile_format.h"

#include <kith/version.h>
#include <string.h>

struct kith_rows_out {
    kith_out *out;
    size_t row_bytes;
    size_t frame_rows;
    unsigned char *frame; /* its head, and room for frame_rows rows */
    size_t in_frame;      /* rows waiting in the frame */
    uint64_t n_rows;
    uint64_t chain;
};

uint64_t
kith_rows_chain(uint64_t chain, uint64_t checksum)
{
    const uint64_t link[2] = {chain, checksum};
    return kith_hash64(link, sizeof link);
}

uint64_t
kith_rows_footer_checksum(const kith_rows_footer *footer)
{
    return kith_hash64(footer, offsetof(kith_rows_footer, checksum));
}

static kith_status
write_header(kith_rows_out *o, const char *kind, const kith_meta *meta,
             kith_error *err)
{
    kith_status status = KITH_OK;
    kith_meta header = {{0}};
    KITH_TRY(kith_meta_add(&header, "kind", kind, err));
    KITH_TRY(kith_meta_add_u64(&header, "row_bytes", o->row_bytes, err));
    KITH_TRY(kith_meta_add_u64(&header, "frame_rows", o->frame_rows, err));
    if (meta != NULL)
        KITH_TRY(kith_buffer_add(&header.text, meta->text.data, meta->text.len,
                                 err));
    if (header.text.len > KITH_ROWS_MAX_HEADER)
        KITH_TRY(kith_error_set(err, KITH_ERR_DATA,
                                "the header of a %s file is too large", kind));
    const uint32_t prefix[2] = {KITH_FORMAT_VERSION, (uint32_t)header.text.len};
    const uint64_t checksum = kith_hash64(header.text.data, header.text.len);
    KITH_TRY(kith_out_write(o->out, KITH_ROWS_MAGIC, 8, err));
    KITH_TRY(kith_out_write(o->out, prefix, sizeof prefix, err));
    KITH_TRY(kith_out_write(o->out, header.text.data, header.text.len, err));
    KITH_TRY(kith_out_write(o->out, &checksum, sizeof checksum, err));
done:
    kith_meta_done(&header);
    return status;
}

kith_status
kith_rows_create(kith_rows_out **out, const char *path, const char *kind,
                 size_t row_bytes, const kith_meta *meta, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_rows_out *o = NULL;
    *out = NULL;
    KITH_TRY(KITH_ALLOC(&o, 1, err));
    o->row_bytes = row_bytes;
    o->frame_rows = KITH_ROWS_FRAME_BYTES / row_bytes;
    if (o->frame_rows == 0)
        o->frame_rows = 1;
    KITH_TRY(KITH_ALLOC(
        &o->frame, sizeof(kith_rows_frame_head) + o->frame_rows * row_bytes,
        err));
    KITH_TRY(kith_out_open(&o->out, path, false, err));
    KITH_TRY(write_header(o, kind, meta, err));
    *out = o;
    o = NULL;
done:
    kith_rows_abort(o);
    return status;
}

static kith_status
write_frame(kith_rows_out *o, kith_error *err)
{
    kith_status status = KITH_OK;
    if (o->in_frame == 0)
        return KITH_OK;
    const size_t bytes = o->in_frame * o->row_bytes;
    const kith_rows_frame_head head = {
        .n_rows = (uint32_t)o->in_frame,
        .checksum = kith_hash64(o->frame + sizeof head, bytes)};
    memcpy(o->frame, &head, sizeof head);
    KITH_TRY(kith_out_write(o->out, o->frame, sizeof head + bytes, err));
    o->chain = kith_rows_chain(o->chain, head.checksum);
    o->n_rows += o->in_frame;
    o->in_frame = 0;
done:
    return status;
}

kith_status
kith_rows_write(kith_rows_out *o, const void *rows, size_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    const unsigned char *from = rows;
    while (n > 0) {
        const size_t room = o->frame_rows - o->in_frame;
        const size_t part = n < room ? n : room;
        memcpy(o->frame + sizeof(kith_rows_frame_head) +
                   o->in_frame * o->row_bytes,
               from, part * o->row_bytes);
        o->in_frame += part;
        from += part * o->row_bytes;
        n -= part;
        if (o->in_frame == o->frame_rows)
            KITH_TRY(write_frame(o, err));
    }
done:
    return status;
}

kith_status
kith_rows_commit(kith_rows_out *o, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(write_frame(o, err));
    kith_rows_footer footer = {.n_rows = o->n_rows, .chain = o->chain};
    memcpy(footer.magic, KITH_ROWS_END, sizeof footer.magic);
    footer.checksum = kith_rows_footer_checksum(&footer);
    KITH_TRY(kith_out_write(o->out, &footer, sizeof footer, err));
    kith_out *out = o->out;
    o->out = NULL; /* commit frees it, whatever comes of it */
    KITH_TRY(kith_out_commit(out, job, err));
done:
    kith_rows_abort(o);
    return status;
}

void
kith_rows_abort(kith_rows_out *o)
{
    if (o == NULL)
        return;
    kith_out_abort(o->out);
    kith_free(o->frame);
    kith_free(o);
}
