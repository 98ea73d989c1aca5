/* Conditions: who a test is about, and what its names mean. */
#include "criteria/check.h"

#include <string.h>

kith_criterion *
kith_check_find(const kith_checker *c, const char *name)
{
    for (kith_criterion *k = c->cohort->criteria; k != NULL; k = k->next) {
        if (strcmp(k->name, name) == 0)
            return k;
    }
    return NULL;
}

kith_status
kith_check_expr(kith_checker *c, kith_node *node, kith_error *err)
{
    kith_status status = KITH_OK;
    if (node->kind == KITH_NODE_PARAM) {
        const char *names[64];
        size_t n = 0;
        for (const kith_param *p = c->cohort->params; p != NULL; p = p->next) {
            if (strcmp(p->name, node->name) == 0) {
                node->param = p;
                node->number = p->number;
                return KITH_OK;
            }
            if (n < 64)
                names[n++] = p->name;
        }
        status = kith_check_error(c, err, node->pos,
                                  "no parameter is named \"%s\"", node->name);
        kith_check_hint(err, node->name, names, n);
        return status;
    }
    for (kith_node *k = node->child; k != NULL; k = k->next)
        KITH_TRY(kith_check_expr(c, k, err));
done:
    return status;
}

static kith_status
no_person(const kith_checker *c, kith_error *err, kith_pos pos)
{
    const kith_status status = kith_check_error(
        c, err, pos, "which member of the family is this about?");
    kith_error_hint(err, "write \"any member has ...\"; put several tests on "
                         "one person in parentheses: any member (has ... and "
                         "has ...)");
    return status;
}

/* "children" is the plural of child; the others only add an s. */
static void
singular(char *out, size_t cap, const char *word)
{
    const size_t n = strlen(word);
    out[0] = '\0';
    if (strcmp(word, "children") == 0)
        strncat(out, "child", cap - 1);
    else if (n > 1 && n < cap && word[n - 1] == 's')
        strncat(out, word, n - 1);
    else
        strncat(out, word, cap - 1);
}

/* The bits of role words, of those that families.csv uses. */
static uint64_t
role_bits(const kith_checker *c, const char *const *words)
{
    uint64_t bits = 0;
    for (; c->people != NULL && *words != NULL; words++) {
        const uint32_t role = kith_people_role(c->people, *words);
        if (role < KITH_MAX_ROLES)
            bits |= (uint64_t)1 << role;
    }
    return bits;
}

static bool
find_role(const kith_checker *c, kith_node *node, const char *word)
{
    static const char *const known[] = {"member", "child", "adult", "male",
                                        "female"};
    /* What families.csv may say; a family stage that derives fewer roles
     * makes the test false, not the file wrong. */
    static const char *const usual[] = {"parent",
                                        "partner",
                                        "carer",
                                        "other",
                                        "person",
                                        "expectant_parent",
                                        "non_resident_parent",
                                        "dependent_child"};
    static const char *const parenting[] = {
        "parenting", "parent", "partner", "carer", "non_resident_parent", NULL};
    const char *const one[] = {word, NULL};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(word, known[i]) == 0) {
            node->index = KITH_ROLE_MEMBER + (uint32_t)i;
            return true;
        }
    }
    node->index = KITH_ROLE_WORDS;
    node->roles = role_bits(c, one);
    if (strcmp(word, "parenting") == 0) {
        node->roles = role_bits(c, parenting);
        return true;
    }
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        if (strcmp(word, usual[i]) == 0)
            return true;
    }
    return node->roles != 0;
}

kith_criterion *
kith_check_define(const kith_checker *c, const char *word)
{
    char one[64];
    singular(one, sizeof one, word);
    kith_criterion *k = kith_check_find(c, word);
    if (k == NULL)
        k = kith_check_find(c, one);
    return k != NULL && k->kind == KITH_CRITERION_DEFINE ? k : NULL;
}

static kith_status
check_role(kith_checker *c, kith_node *node, kith_error *err)
{
    static const char *const names[] = {
        "member", "child",     "adult",           "male",
        "female", "parenting", "dependent_child", "expectant_parent",
        "parent", "partner",   "carer",           "non_resident_parent"};
    char word[64];
    singular(word, sizeof word, node->name);
    node->define = kith_check_define(c, node->name);
    if (node->define != NULL)
        return KITH_OK;
    if (find_role(c, node, node->name) || find_role(c, node, word))
        return KITH_OK;
    const kith_status status = kith_check_error(
        c, err, node->pos, "nobody has the role \"%s\"", node->name);
    kith_check_hint(err, node->name, names, sizeof names / sizeof names[0]);
    return status;
}

static kith_status
check_named(kith_checker *c, kith_node *node, bool bound, bool score,
            kith_error *err)
{
    const kith_criterion *k = kith_check_find(c, node->name);
    if (k == NULL || (k->kind == KITH_CRITERION_SCORE) != score) {
        const char *names[128];
        size_t n = 0;
        for (const kith_criterion *i = c->cohort->criteria;
             i != NULL && n < 128; i = i->next)
            names[n++] = i->name;
        const kith_status status =
            kith_check_error(c, err, node->pos, "no %s is named \"%s\"",
                             score ? "score" : "criterion", node->name);
        if (k != NULL)
            kith_error_hint(
                err, score ? "\"%s\" is no score" : "compare it: score %s >= 5",
                node->name);
        else
            kith_check_hint(err, node->name, names, n);
        return status;
    }
    node->criterion = k;
    if (k->of_person && !bound) {
        const kith_status status = kith_check_error(
            c, err, node->pos, "\"%s\" is about one person", node->name);
        kith_error_hint(err,
                        "write \"any member meets %s\"; or say in the "
                        "criterion which member each test is about",
                        node->name);
        return status;
    }
    return KITH_OK;
}

/* "them": the criteria that "yes when" names, or all of them. */
static kith_status
fill_them(kith_checker *c, kith_node *node, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_node *yes = c->cohort->yes;
    const bool from_yes = yes != NULL && yes != node &&
                          yes->kind == KITH_NODE_MANY_OF && yes->child != NULL;
    const kith_node *other = from_yes ? yes->child : NULL;
    const kith_criterion *k = c->cohort->criteria;
    kith_node **end = &node->child;
    while (from_yes ? other != NULL : k != NULL) {
        if (from_yes || k->kind == KITH_CRITERION) {
            KITH_TRY(kith_program_alloc(c->program, end, sizeof **end, err));
            (*end)->kind = KITH_NODE_NAME;
            (*end)->pos = node->pos;
            (*end)->name = from_yes ? other->name : k->name;
            end = &(*end)->next;
        }
        if (from_yes)
            other = other->next;
        else
            k = k->next;
    }
done:
    return status;
}

static kith_status
check_many_of(kith_checker *c, kith_node *node, bool bound, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t n = 0;
    if (node->child == NULL)
        KITH_TRY(fill_them(c, node, err));
    for (kith_node *k = node->child; k != NULL; k = k->next, n++) {
        KITH_TRY(check_named(c, k, bound, false, err));
        for (const kith_node *j = node->child; j != k; j = j->next) {
            if (j->criterion == k->criterion)
                return kith_check_hinted(
                    kith_check_error(c, err, k->pos, "\"%s\" is named twice",
                                     k->name),
                    err, "each criterion counts once");
        }
    }
    const bool counts =
        node->many != KITH_MANY_ALL && node->many != KITH_MANY_NONE;
    if (n == 0) {
        status = kith_check_error(c, err, node->pos,
                                  "there is no criterion to choose from");
        kith_error_hint(err, "a cohort's own are written \"criterion name "
                             "...\"");
        return status;
    }
    if (counts && node->n > n) {
        status = kith_check_error(c, err, node->pos,
                                  "%u of %u can never be reached", node->n, n);
        kith_error_hint(err, "ask for fewer, or name more criteria");
        return status;
    }
    if (node->many == KITH_MANY_AT_LEAST && node->n == 0)
        return kith_check_hinted(
            kith_check_error(c, err, node->pos, "at least 0 is always true"),
            err, "ask for at least 1, or none");
done:
    return status;
}

static kith_status
check_quant(kith_checker *c, kith_node *node, kith_error *err)
{
    kith_status status = KITH_OK;
    for (kith_node *f = node->who->filter; f != NULL; f = f->next)
        KITH_TRY(kith_check_cond(c, f, true, err));
    if (node->who->many == KITH_MANY_AT_LEAST && node->who->n == 0)
        return kith_check_hinted(
            kith_check_error(c, err, node->pos, "at least 0 is always true"),
            err, "ask for at least 1, or none");
    if (node->child != NULL)
        KITH_TRY(kith_check_cond(c, node->child, true, err));
done:
    return status;
}

static kith_status
check_area(kith_checker *c, kith_node *node, kith_error *err)
{
    if (node->kind == KITH_NODE_LIVES) {
        if (node->name == NULL)
            return KITH_OK;
        node->set = kith_check_set(c, node->name, false);
        if (node->set == NULL)
            return kith_check_error(c, err, node->pos, "no set is named \"%s\"",
                                    node->name);
        node->words = node->set->words;
        node->n_words = node->set->n_words;
        return KITH_OK;
    }
    for (const kith_area_table *t = c->cohort->tables; t != NULL; t = t->next) {
        if (strcmp(t->name, node->name) == 0)
            node->table = t;
    }
    if (node->table == NULL)
        return kith_check_error(c, err, node->pos, "no table is named \"%s\"",
                                node->name);
    return kith_check_expr(c, node->child, err);
}

static kith_status
check_cohort_ref(kith_checker *c, kith_node *node, bool bound, kith_error *err)
{
    const char *names[128];
    size_t n = 0;
    for (uint32_t i = 0; i < c->program->n_cohorts; i++) {
        const kith_cohort *other = c->program->cohorts[i];
        if (strcmp(other->name, node->name) != 0) {
            if (n < 128)
                names[n++] = other->name;
            continue;
        }
        /* Of several versions the one in force; they never overlap. */
        if (node->cohort == UINT32_MAX || kith_cohort_in_force(other, c->day))
            node->cohort = i;
    }
    if (node->cohort == UINT32_MAX) {
        const kith_status status = kith_check_error(
            c, err, node->pos, "no cohort is named \"%s\"", node->name);
        kith_error_hint(err, "give its criteria file to the same run");
        kith_check_hint(err, node->name, names, n);
        return status;
    }
    const kith_level level = c->program->cohorts[node->cohort]->level;
    if (!bound && level != c->cohort->level)
        return no_person(c, err, node->pos);
    return KITH_OK;
}

kith_status
kith_check_cond(kith_checker *c, kith_node *node, bool bound, kith_error *err)
{
    kith_status status = KITH_OK;
    switch ((int)node->kind) {
    case KITH_NODE_AND:
    case KITH_NODE_OR:
    case KITH_NODE_NOT:
        for (kith_node *k = node->child; k != NULL; k = k->next)
            KITH_TRY(kith_check_cond(c, k, bound, err));
        return KITH_OK;
    case KITH_NODE_QUANT:
        return check_quant(c, node, err);
    case KITH_NODE_HAS:
        if (!bound)
            return no_person(c, err, node->pos);
        return kith_check_query(c, node->query, err);
    case KITH_NODE_ROLE:
        if (!bound)
            return no_person(c, err, node->pos);
        return check_role(c, node, err);
    case KITH_NODE_AGED:
        return bound ? KITH_OK : no_person(c, err, node->pos);
    case KITH_NODE_COHORT:
        node->cohort = UINT32_MAX;
        return check_cohort_ref(c, node, bound, err);
    case KITH_NODE_LIVES:
    case KITH_NODE_AREA:
        return check_area(c, node, err);
    case KITH_NODE_SCORE:
        KITH_TRY(check_named(c, node, bound, true, err));
        return kith_check_expr(c, node->child, err);
    case KITH_NODE_MANY_OF:
        return check_many_of(c, node, bound, err);
    case KITH_NODE_NAME:
        return check_named(c, node, bound, false, err);
    default:
        status = kith_error_set(err, KITH_ERR_INTERNAL,
                                "a value where a condition belongs");
    }
done:
    return status;
}
