#define _XOPEN_SOURCE 700 /* nftw */
#include "cli/commit.h"

#include "cli/command.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a run writes, in the order it is moved: the manifest last, so that a
 * manifest in .next means "not all moved yet". */
static const char *const children[] = {
    "passes",     "refs",  "payload", "keep",
    "model.yaml", "pairs", "results", "manifest.json",
};
enum { N_CHILDREN = sizeof children / sizeof *children };

enum { OPEN_FOLDERS = 16 /* descriptors nftw may use */ };

static kith_status
io_error(const char *path, kith_error *err)
{
    return kith_error_set(err, KITH_ERR_IO, "%s: %s", path, strerror(errno));
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static kith_status
remove_tree(const char *path, kith_error *err)
{
    if (nftw(path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS) != 0 &&
        errno != ENOENT)
        return io_error(path, err);
    return KITH_OK;
}

/* The text of the last run's manifest; NULL when there is none. */
static char *
read_manifest(const kith_commit *c)
{
    kith_error ignored = KITH_ERROR_INIT;
    char *path = NULL;
    char *text = NULL;
    struct stat st;
    FILE *f = NULL;
    if (kith_cli_join(&path, c->out, "manifest.json", &ignored) == KITH_OK)
        f = fopen(path, "r");
    if (f != NULL && fstat(fileno(f), &st) == 0 &&
        kith_cli_alloc(&text, (size_t)st.st_size + 1, 1, &ignored) == KITH_OK)
        text[fread(text, 1, (size_t)st.st_size, f)] = '\0';
    if (f != NULL)
        (void)fclose(f);
    free(path);
    return text;
}

/* Whether the last run wrote child/entry: its manifest names it. */
static bool
is_ours(const char *manifest, const char *child, const char *entry)
{
    char quoted[600];
    const int n = snprintf(quoted, sizeof quoted, "\"%s/%s\"", child, entry);
    return manifest != NULL && n > 0 && (size_t)n < sizeof quoted &&
           strstr(manifest, quoted) != NULL;
}

static kith_status
keep_entry(const char *from_folder, const char *to_folder, const char *entry,
           kith_error *err)
{
    kith_status status = KITH_OK;
    char *from = NULL;
    char *to = NULL;
    KITH_TRY(kith_cli_join(&from, from_folder, entry, err));
    KITH_TRY(kith_cli_join(&to, to_folder, entry, err));
    if (!kith_cli_exists(to) && rename(from, to) != 0)
        KITH_TRY(io_error(to, err));
done:
    free(to);
    free(from);
    return status;
}

/* Files that no run of kith wrote are somebody's: they stay where they were,
 * in the new folder. */
static kith_status
keep_others(const kith_commit *c, const char *last, const char *child,
            const char *manifest, kith_error *err)
{
    kith_status status = KITH_OK;
    char *from = NULL;
    char *to = NULL;
    DIR *folder = NULL;
    KITH_TRY(kith_cli_join(&from, last, child, err));
    KITH_TRY(kith_cli_join(&to, c->out, child, err));
    folder = kith_cli_exists(to) ? opendir(from) : NULL;
    if (folder == NULL)
        goto done;
    for (const struct dirent *e = readdir(folder); e != NULL;
         e = readdir(folder)) {
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
            !is_ours(manifest, child, e->d_name))
            KITH_TRY(keep_entry(from, to, e->d_name, err));
    }
done:
    if (folder != NULL)
        (void)closedir(folder);
    free(to);
    free(from);
    return status;
}

/* The old child goes to .last, the new one takes its place. */
static kith_status
move_child(const kith_commit *c, const char *last, const char *name,
           kith_error *err)
{
    kith_status status = KITH_OK;
    char *from = NULL;
    char *to = NULL;
    char *old = NULL;
    KITH_TRY(kith_cli_join(&from, c->next, name, err));
    KITH_TRY(kith_cli_join(&to, c->out, name, err));
    KITH_TRY(kith_cli_join(&old, last, name, err));
    if (!kith_cli_exists(from))
        goto done;
    if (kith_cli_exists(to) && rename(to, old) != 0)
        KITH_TRY(io_error(to, err));
    if (rename(from, to) != 0)
        KITH_TRY(io_error(to, err));
done:
    free(old);
    free(to);
    free(from);
    return status;
}

kith_status
kith_commit_finish(kith_commit *c, kith_error *err)
{
    kith_status status = KITH_OK;
    char *last = NULL;
    char *manifest = read_manifest(c);
    KITH_TRY(kith_cli_join(&last, c->out, ".last", err));
    /* What a killed run moved away and had not yet sorted. */
    for (size_t i = 0; i < N_CHILDREN; i++)
        KITH_TRY(keep_others(c, last, children[i], manifest, err));
    KITH_TRY(remove_tree(last, err));
    if (mkdir(last, 0700) != 0)
        KITH_TRY(io_error(last, err));
    for (size_t i = 0; i < N_CHILDREN; i++) {
        KITH_TRY(move_child(c, last, children[i], err));
        KITH_TRY(keep_others(c, last, children[i], manifest, err));
    }
    if (fsync(c->lock) != 0)
        KITH_TRY(io_error(c->out, err));
    KITH_TRY(remove_tree(last, err));
    KITH_TRY(remove_tree(c->next, err));
done:
    free(manifest);
    free(last);
    return status;
}

static kith_status
lock_folder(kith_commit *c, kith_error *err)
{
    c->lock = open(c->out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (c->lock < 0)
        return io_error(c->out, err);
    if (flock(c->lock, LOCK_EX | LOCK_NB) == 0)
        return KITH_OK;
    const kith_status status = kith_error_set(
        err, KITH_ERR_IO, "%s: another run is writing here", c->out);
    kith_error_hint(err, "wait for it, or give this run another --out");
    return status;
}

/* Whether .next holds a complete run. */
static bool
is_complete(const kith_commit *c)
{
    kith_error ignored = KITH_ERROR_INIT;
    char *manifest = NULL;
    const bool complete = kith_cli_join(&manifest, c->next, "manifest.json",
                                        &ignored) == KITH_OK &&
                          kith_cli_exists(manifest);
    free(manifest);
    return complete;
}

/* A complete .next is a run that was killed while moving: .last then holds
 * children whose successors are in .next, so that it may go. */
static kith_status
recover(kith_commit *c, kith_error *err)
{
    kith_status status = KITH_OK;
    char *last = NULL;
    KITH_TRY(kith_cli_join(&last, c->out, ".last", err));
    if (is_complete(c))
        KITH_TRY(kith_commit_finish(c, err));
    KITH_TRY(remove_tree(last, err));
    KITH_TRY(remove_tree(c->next, err));
done:
    free(last);
    return status;
}

kith_status
kith_commit_begin(kith_commit *c, const char *out, kith_error *err)
{
    kith_status status = KITH_OK;
    *c = (kith_commit){.lock = -1};
    KITH_TRY(kith_cli_make_folder(out, err));
    KITH_TRY(kith_cli_alloc(&c->out, strlen(out) + 1, 1, err));
    memcpy(c->out, out, strlen(out));
    KITH_TRY(lock_folder(c, err));
    KITH_TRY(kith_cli_join(&c->next, out, ".next", err));
    KITH_TRY(recover(c, err));
    if (mkdir(c->next, 0700) != 0)
        KITH_TRY(io_error(c->next, err));
done:
    if (status == KITH_ERR_IO && err->hint[0] == '\0')
        kith_error_hint(err, "is the output folder writable, and is there "
                             "room on its disk?");
    return status;
}

void
kith_commit_done(kith_commit *c)
{
    kith_error ignored = KITH_ERROR_INIT;
    if (c->next != NULL && !is_complete(c))
        (void)!remove_tree(c->next, &ignored);
    if (c->lock >= 0)
        (void)close(c->lock);
    free(c->next);
    free(c->out);
    *c = (kith_commit){.lock = -1};
}
