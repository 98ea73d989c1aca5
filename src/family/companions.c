#include "family/companions.h"

#include "base/alloc.h"
#include "base/radix.h"
#include "base/table.h"

/* People who were at the same two addresses: more are a hostel's. */
enum { MOST_COMPANIONS = 12 };

/* A relationship that says "together" weighs as much as a record of today. */
enum { RELATION_WORTH = 1024 };

enum { N_STAYS = KITH_STAYS_SEEN };

/* Two of a person's stays, as one number. */
static uint32_t
stays_of(unsigned low, unsigned high)
{
    return low | high << 8;
}

/* One row for each two addresses of a person; the key is both. */
static kith_status
list_pairs(kith_keyed **rows, size_t *n, const kith_members *m, kith_error *err)
{
    kith_status status = KITH_OK;
    size_t cap = 0;
    for (uint32_t p = 0; p < m->list.n_persons; p++) {
        const kith_stay_seen *s = m->people[p].stays;
        for (unsigned i = 0; i < N_STAYS; i++) {
            for (unsigned k = 0; k < i; k++) {
                if (s[i].address == 0 || s[k].address == 0)
                    continue;
                const bool turn = s[i].address < s[k].address;
                const unsigned low = turn ? i : k, high = turn ? k : i;
                const uint64_t both[2] = {s[low].address, s[high].address};
                KITH_TRY(KITH_GROW(rows, &cap, *n + 1, err));
                (*rows)[(*n)++] = (kith_keyed){kith_hash64(both, sizeof both),
                                               p, stays_of(low, high)};
            }
        }
    }
done:
    return status;
}

/* Half of what the others say, at both addresses. */
static void
share(uint32_t *bonus, const kith_members *m, const kith_keyed *rows, size_t n)
{
    for (unsigned shift = 0; shift <= 8; shift += 8) {
        uint64_t sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += m->people[rows[i].value]
                       .stays[rows[i].spare >> shift & 0xff]
                       .score;
        for (size_t i = 0; i < n; i++) {
            const uint32_t p = rows[i].value;
            const uint32_t stay = rows[i].spare >> shift & 0xff;
            bonus[(size_t)p * N_STAYS + stay] +=
                (uint32_t)((sum - m->people[p].stays[stay].score) / 2);
        }
    }
}

static kith_status
hear_companions(uint32_t *bonus, const kith_members *m, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_keyed *rows = NULL, *scratch = NULL;
    size_t n = 0;
    KITH_TRY(list_pairs(&rows, &n, m, err));
    KITH_TRY(KITH_ALLOC(&scratch, n, err));
    if (n > 0)
        kith_radix_sort(rows, scratch, n);
    for (size_t i = 0, j = 0; i < n; i = j) {
        while (j < n && rows[j].key == rows[i].key)
            j++;
        if (j - i > 1 && j - i <= MOST_COMPANIONS)
            share(bonus, m, rows + i, j - i);
    }
done:
    kith_free(rows);
    kith_free(scratch);
    return status;
}

/* Both directions are stored, so that each side gets its own. */
static void
hear_relations(uint32_t *bonus, const kith_members *m)
{
    for (size_t r = 0; r < m->n_relations; r++) {
        const kith_relation *x = &m->relations[r];
        if ((x->kind & (KITH_IS_PARTNER | KITH_LIVES_WITH)) == 0)
            continue;
        const kith_stay_seen *mine = m->people[x->person].stays;
        const kith_stay_seen *theirs = m->people[x->other].stays;
        for (unsigned i = 0; i < N_STAYS; i++) {
            for (unsigned k = 0; k < N_STAYS; k++) {
                if (mine[i].address != 0 &&
                    mine[i].address == theirs[k].address)
                    bonus[(size_t)x->person * N_STAYS + i] +=
                        RELATION_WORTH < theirs[k].score ? RELATION_WORTH
                                                         : theirs[k].score;
            }
        }
    }
}

static void
swap_stays(kith_stay_seen *a, kith_stay_seen *b)
{
    const kith_stay_seen keep = *a;
    *a = *b;
    *b = keep;
}

/* The likeliest first, then the latest of the others. */
static void
settle(kith_stay_seen *s, const uint32_t *bonus)
{
    unsigned now = 0;
    for (unsigned i = 1; i < N_STAYS; i++) {
        const uint64_t here = (uint64_t)s[i].score + bonus[i];
        const uint64_t best = (uint64_t)s[now].score + bonus[now];
        if (here > best || (here == best && s[i].address < s[now].address))
            now = i;
    }
    swap_stays(&s[now], &s[KITH_NOW]);
    for (unsigned i = KITH_BEFORE + 1; i < N_STAYS; i++) {
        if (s[i].address != 0 && (s[KITH_BEFORE].address == 0 ||
                                  s[i].updated > s[KITH_BEFORE].updated))
            swap_stays(&s[i], &s[KITH_BEFORE]);
    }
}

kith_status
kith_companions_settle(kith_members *m, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t n = m->list.n_persons;
    uint32_t *bonus = NULL;
    KITH_TRY(KITH_ALLOC(&bonus, (size_t)n * N_STAYS, err));
    KITH_TRY(hear_companions(bonus, m, err));
    hear_relations(bonus, m);
    for (uint32_t p = 0; p < n; p++)
        settle(m->people[p].stays, bonus + (size_t)p * N_STAYS);
done:
    kith_free(bonus);
    return status;
}
