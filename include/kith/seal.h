/**
 * @file seal.h
 * @brief Sealed transport: files of a bundle, encrypted to one recipient and
 *        signed by their sender, in one file that opens whole or not at all.
 *
 * Method   X25519 with a fresh key a file, HKDF-SHA-256, AES-256-GCM in
 *          chunks of 64 KiB whose nonces count and mark the last, the header
 *          as associated data; Ed25519 over the header, which lists every
 *          file with its size and SHA-256 and the sealed file's own name
 * Refused  before anything is put in place: a changed, truncated, reordered
 *          or renamed file, one for another recipient or of another sender
 * Source   RFC 7748, RFC 8032, RFC 5869, NIST SP 800-38D; STREAM: Hoang et
 *          al. 2015, doi:10.1007/978-3-662-47989-6_24
 */
#ifndef KITH_SEAL_H
#define KITH_SEAL_H

#include <kith/audit.h>
#include <kith/job.h>
#include <kith/key.h>
#include <kith/status.h>
#include <stdbool.h>
#include <stdint.h>

/** What a key pair is for. */
typedef enum kith_seal_use {
    KITH_SEAL_RECEIVE, /**< X25519: files are sealed to it */
    KITH_SEAL_SIGN     /**< Ed25519: manifests are signed with it */
} kith_seal_use;

/**
 * Makes a key pair: <path> (private, 0400) and <path>.pub; refuses to
 * overwrite either.
 * @param owner short name that both files carry
 * @param dates when the pair may be used; NULL: always
 */
KITH_NODISCARD kith_status kith_seal_keygen(const char *path, kith_seal_use use,
                                            const char *owner,
                                            const kith_key_dates *dates,
                                            kith_error *err);

typedef struct kith_seal_params {
    const char *const *files; /**< files to seal; base names must differ */
    uint32_t n_files;
    const char *recipient; /**< public key file of the recipient */
    const char *sender;    /**< private signing key file of the sender */
    const char *out;       /**< the sealed file; its base name is signed */
    /** Seal any file; else only encoded files of one bundle (passes, refs,
     *  payload or pairs): keys, keep/ and extracts stay at home. */
    bool any_file;
    kith_act_rules act;
} kith_seal_params;

KITH_NODISCARD kith_status kith_seal(const kith_seal_params *params,
                                     kith_job *job, kith_error *err);

typedef struct kith_open_params {
    const char *sealed;    /**< under the name it was given when sealed */
    const char *recipient; /**< private key file of the recipient */
    const char *sender;    /**< public signing key file of the sender */
    const char *out;       /**< folder for the files */
    kith_act_rules act;
} kith_open_params;

KITH_NODISCARD kith_status kith_open(const kith_open_params *params,
                                     kith_job *job, kith_error *err);

#endif
