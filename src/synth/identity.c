#include "synth/identity.h"

#include "synth/text.h"

#include <string.h>

static const uint64_t BILLION = 1000000000u;

uint64_t
kith_scramble9(uint64_t n, uint64_t salt)
{
    /* Odd and not divisible by 5: coprime to 10^9, so a bijection. */
    const uint64_t factor = 387420489u + 1000u * (salt % 1000);
    return (n % BILLION * factor + salt * 7919u) % BILLION;
}

void
kith_nhs_number(char out[16], uint64_t person)
{
    /* Nine digits from 800000000; the check digit is modulus 11, and numbers
     * whose check would be 10 are not issued: take the next range. */
    uint64_t n = 0;
    unsigned check = 10;
    for (uint64_t attempt = 0; check == 10 && attempt < 8; attempt++) {
        const uint64_t x = (person + attempt * 70000000u) % 200000000u;
        n = 800000000u + (x * 123456791u + 98765u) % 200000000u;
        (void)kith_text_number(out, n, 9);
        unsigned sum = 0;
        for (unsigned i = 0; i < 9; i++)
            sum += (unsigned)(out[i] - '0') * (10 - i);
        check = (11 - sum % 11) % 11;
    }
    out[9] = (char)('0' + check % 10);
    out[10] = '\0';
}

void
kith_nino(char out[16], uint64_t person)
{
    /* Without the first letters of the unissued pairs BG GB KN NK NT TN ZZ. */
    static const char first[] = "ACEHJLMPRSWXY";
    static const char second[] = "ABCEGHJKLMNPRSTWXYZ";
    const uint64_t x = (person * 15485863u + 12345u) % 247000000u;
    const uint64_t prefix = x / 1000000u;
    out[0] = first[prefix % 13];
    out[1] = second[prefix / 13];
    (void)kith_text_number(out + 2, x % 1000000u, 6);
    out[8] = "ABCD"[person % 4];
    out[9] = '\0';
}

void
kith_upn(char out[16], uint64_t person)
{
    static const char letters[] = "ABCDEFGHJKLMNPQRTUVWXYZ";
    char digits[24];
    /* Local authority 350 to 359, then nine digits. */
    (void)kith_text_number(digits, 350 + person % 10, 3);
    (void)kith_text_number(digits + 3, kith_scramble9(person, 31), 9);
    unsigned sum = 0;
    for (unsigned i = 0; i < 12; i++)
        sum += (unsigned)(digits[i] - '0') * (i + 2);
    out[0] = letters[sum % 23];
    memcpy(out + 1, digits, 13);
}

void
kith_phone(char out[16], uint64_t owner)
{
    memcpy(out, "07", 2);
    (void)kith_text_number(out + 2, kith_scramble9(owner, 77), 9);
}
