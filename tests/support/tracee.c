#define _GNU_SOURCE /* prlimit, memmem, ptrace's requests */
#include "tracee.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOT_ALLOWED = 125 };

static void
child(const test_tracee *t, const char *kith)
{
    const struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
    const char *argv[32] = {"kith"};
    for (unsigned i = 0; t->args[i] != NULL && i < 30; i++)
        argv[i + 1] = t->args[i];
    const int fd = open(t->output, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0 || chdir(t->folder) != 0)
        _exit(126);
    (void)setrlimit(RLIMIT_CORE, &all); /* the program must lower it itself */
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
        _exit(NOT_ALLOWED);
    (void)execv(kith, (char *const *)(uintptr_t)argv);
    _exit(126);
}

static void
add_bytes(test_image *image, int memory, uint64_t begin, uint64_t end)
{
    if (image->n + (end - begin) > image->cap) {
        image->cap = 2 * image->cap + (end - begin);
        image->bytes = realloc(image->bytes, image->cap);
    }
    while (image->bytes != NULL && begin < end) {
        const ssize_t got = pread(memory, image->bytes + image->n,
                                  (size_t)(end - begin), (off_t)begin);
        if (got <= 0)
            break;
        image->n += (size_t)got;
        begin += (uint64_t)got;
    }
}

/* smaps: a line of addresses, then lines of figures, the last "VmFlags". A
 * figure's name may begin as a hexadecimal number does. */
static void
take_image(test_image *image, pid_t pid, int memory, bool as_kernel)
{
    char path[64], line[512];
    unsigned long long begin = 0, end = 0;
    char mode[8] = "";
    (void)snprintf(path, sizeof path, "/proc/%d/smaps", (int)pid);
    FILE *maps = fopen(path, "r");
    if (maps == NULL)
        return;
    while (fgets(line, sizeof line, maps) != NULL) {
        unsigned long long from, to;
        if (sscanf(line, "%llx-%llx %7s", &from, &to, mode) == 3) {
            begin = from;
            end = to;
        }
        if (strncmp(line, "VmFlags:", 8) == 0 && mode[0] == 'r' &&
            mode[1] == 'w' && !(as_kernel && strstr(line, " dd") != NULL))
            add_bytes(image, memory, begin, end);
    }
    (void)fclose(maps);
}

static bool
is_rename(pid_t pid)
{
    struct __ptrace_syscall_info info;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) <= 0 ||
        info.op != PTRACE_SYSCALL_INFO_ENTRY)
        return false;
    return
#ifdef SYS_rename
        info.entry.nr == SYS_rename ||
#endif
#ifdef SYS_renameat
        info.entry.nr == SYS_renameat ||
#endif
        info.entry.nr == SYS_renameat2;
}

static void
look(test_tracee *t, pid_t pid, int memory)
{
    struct rlimit limit = {1, 1};
    if (t->stopped)
        return;
    t->stopped = true;
    (void)prlimit(pid, RLIMIT_CORE, NULL, &limit);
    t->core_limit = (unsigned long)limit.rlim_max;
    take_image(&t->image, pid, memory, t->with_keys && !t->whole);
}

/* One stop of the program; the signal that it goes on with. */
static int
handle_stop(test_tracee *t, pid_t pid, int memory, int status)
{
    const int signal = WSTOPSIG(status);
    if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8)) {
        if (!t->with_keys)
            look(t, pid, memory);
        return 0;
    }
    if (signal != (SIGTRAP | 0x80))
        return signal == SIGTRAP ? 0 : signal;
    if (!t->with_keys || t->stopped || !is_rename(pid))
        return 0;
    look(t, pid, memory);
    return t->abort ? SIGABRT : 0;
}

bool
test_tracee_run(test_tracee *t)
{
    char path[64];
    int status = 0;
    const char *named = getenv("KITH");
    char *kith = realpath(named == NULL ? "build/release/kith" : named, NULL);
    const pid_t pid = kith == NULL ? -1 : fork();
    if (pid == 0)
        child(t, kith);
    free(kith);
    t->exit_code = -1;
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return true;
    if (!WIFSTOPPED(status))
        return !(WIFEXITED(status) && WEXITSTATUS(status) == NOT_ALLOWED);
    /* Opened before the program says that nobody may. */
    (void)snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
    const int memory = open(path, O_RDONLY | O_CLOEXEC);
    (void)ptrace(PTRACE_SETOPTIONS, pid, NULL,
                 (void *)(uintptr_t)(PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL |
                                     PTRACE_O_TRACESYSGOOD));
    const int go = t->with_keys ? PTRACE_SYSCALL : PTRACE_CONT;
    int signal = 0;
    do {
        if (ptrace((enum __ptrace_request)go, pid, NULL,
                   (void *)(uintptr_t)signal) != 0 ||
            waitpid(pid, &status, 0) != pid)
            break;
        signal = WIFSTOPPED(status) ? handle_stop(t, pid, memory, status) : 0;
    } while (WIFSTOPPED(status));
    (void)close(memory);
    t->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    t->dumped = WIFSIGNALED(status) && WCOREDUMP(status);
    return true;
}

void
test_image_done(test_image *image)
{
    free(image->bytes);
    *image = (test_image){.n = 0};
}

bool
test_image_has(const test_image *image, const void *bytes, size_t n)
{
    return image->n > 0 && memmem(image->bytes, image->n, bytes, n) != NULL;
}
