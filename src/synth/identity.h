/**
 * @file identity.h
 * @brief Numbers that people carry: NHS, NINO, UPN, telephone, e-mail.
 *
 * Each is a function of the person's number, so that nothing is stored and
 * no two people share one. Check digits are valid.
 */
#ifndef KITH_SYNTH_IDENTITY_H
#define KITH_SYNTH_IDENTITY_H

#include <stdint.h>

/** Ten digits; first digit 8 or 9, a range that is not issued. */
void kith_nhs_number(char out[16], uint64_t person);
/** Two letters, six digits, a letter. */
void kith_nino(char out[16], uint64_t person);
/** Check letter and twelve digits. */
void kith_upn(char out[16], uint64_t person);
/** 07 and nine digits. */
void kith_phone(char out[16], uint64_t owner);
/** A bijection of [0, 10^9): hides the order of @p n. */
uint64_t kith_scramble9(uint64_t n, uint64_t salt);

#endif
