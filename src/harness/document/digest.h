/*
 * What a history needs of a document: a hundredth of it, so that it can be kept in its place. Pure.
 */
#ifndef TB_DOCUMENT_DIGEST_H
#define TB_DOCUMENT_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "document/read.h"
#include "util/texts.h"

/* One case that was selected, and had a turn. */
struct tb_digest_case {
    const char *name;
    const char *unit;      /* of its values: "ns", or what else it counts */
    const char *statistic; /* the field that stands for a process */
    const char *version;   /* of the benchmark; NULL: not known */
    enum tb_outcome outcome;
    bool core, standard; /* in these sets of its suite */
    unsigned processes;
    double value, low, high; /* the median over processes, its 95 % interval; NaN: not known */
    double cv;               /* of the processes; NaN below two */
};

/* Texts are kept in the struct tb_texts that it was made with: equal ones have the same address. */
struct tb_digest {
    const char *run_id;  /* "" where the document is another program's */
    const char *started; /* as the document has it; "" where it does not */
    const char *host;
    const char *commit; /* NULL: none */
    bool dirty;
    const char *state; /* as tb_document_state() has it: "" is a whole run */
    unsigned rounds;   /* finished */
    /* What was run, as a subject stands on a command line. The setup has it without the folder of
     * its program, or of what was built of the commit, with label and time: "old: taskset -c 0
     * bin/threadbench-suite, 0.1 s a process". Figures of another setup are of another thing. */
    const char *command, *setup;
    const char *origin; /* where it was made, and by what: JSON, so much of its context */
    struct tb_digest_case *cases;
    size_t count;
};

struct tb_digest tb_digest_of(const struct tb_document *document, struct tb_texts *texts);
void tb_digest_finish(struct tb_digest *digest);

/* As bytes, which tb_digest_read() of this program reads; the caller's. */
char *tb_digest_bytes(const struct tb_digest *digest, size_t *ret_size);

/* False for what tb_digest_bytes() did not write; then nothing is left to finish. */
bool tb_digest_read(const char *bytes, size_t size, struct tb_texts *texts,
                    struct tb_digest *ret_digest);

#endif
