#include "archive/kept.h"

#include <stdlib.h>

#include "document/recall.h"
#include "util/error.h"
#include "util/memory.h"
#include "util/texts.h"

/* What two documents of the same run share (tb_document_is_same_run()), and no others; the
 * caller's. */
static char *run_of(const struct tb_document *document)
{
    if (*document->result.run_id)
        return tb_print("run %s", document->result.run_id);
    return tb_print("file of %zu bytes, %lx", document->size, (unsigned long)document->crc32);
}

/* The place of the name, which is copied where it is new; then there is one more. */
static size_t place_of(struct tb_texts *texts, const char *name)
{
    size_t at = tb_names_find(&texts->names, name);

    if (at == texts->names.count)
        (void)tb_texts_keep(texts, name);
    return at;
}

/* Adds a document, unless it is of a run that is there: then the longer one stays. */
static void add(struct tb_document **documents, struct tb_texts *runs, struct tb_document *document)
{
    tb_autofree char *run = run_of(document);
    size_t count = runs->names.count, at = place_of(runs, run);
    struct tb_document *shorter = document;

    if (at == count) {
        documents[at] = document;
        return;
    }
    if (documents[at]->result.finished_rounds < document->result.finished_rounds) {
        shorter = documents[at];
        documents[at] = document;
    }
    tb_notice("skipped: '%s' is of the same run as '%s'", shorter->path, documents[at]->path);
}

/* All documents of all sides, each run once; the caller's. */
static struct tb_document **list(const struct tb_side *sides, size_t count, size_t *ret_count)
{
    tb_auto(tb_texts_finish) struct tb_texts runs = {0};
    struct tb_document **documents;
    size_t most = 0;

    for (size_t i = 0; i < count; i++)
        most += sides[i].count;
    documents = tb_alloc(most, sizeof(struct tb_document *));
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < sides[i].count; k++)
            add(documents, &runs, sides[i].documents[k]);
    }
    *ret_count = runs.names.count;
    return documents;
}

/* By the places of `names`, one for each session. A document without a session is one of its own,
 * for which no name of another stands. */
static struct tb_kept_session *session_of(struct tb_kept *kept, struct tb_texts *names,
                                          const struct tb_document *document)
{
    const char *session = document->settings.session;
    tb_autofree char *name = *session ? tb_print("session %s", session) : run_of(document);
    size_t at = place_of(names, name);

    if (at == kept->count) {
        kept->sessions = tb_room(kept->sessions, kept->count++, sizeof *kept->sessions);
        kept->sessions[at] = (struct tb_kept_session){0};
    }
    return &kept->sessions[at];
}

/* Where its subject's place in the session is. */
static void insert(struct tb_kept_session *session, const struct tb_document *document)
{
    size_t at = session->count++;

    session->documents = tb_grow(session->documents, session->count, sizeof *session->documents);
    for (; at && session->documents[at - 1]->result.place > document->result.place; at--)
        session->documents[at] = session->documents[at - 1];
    session->documents[at] = document;
}

static void complete(struct tb_kept_session *session)
{
    const struct tb_settings *settings = &session->documents[0]->settings;

    session->results = tb_alloc(session->count, sizeof *session->results);
    for (size_t i = 0; i < session->count; i++)
        session->results[i] = session->documents[i]->result;
    if (settings->subjects > session->count)
        session->missing = settings->subjects - session->count;
    session->judged =
        settings->alarm_alpha > 0 && session->count > 1 && session->results->place == 0;
}

struct tb_kept tb_kept_of(struct tb_side *sides, size_t count)
{
    struct tb_kept kept = {.sides = sides, .side_count = count};
    size_t documents = 0;
    tb_autofree struct tb_document **all = list(sides, count, &documents);
    tb_auto(tb_texts_finish) struct tb_texts names = {0};

    for (size_t i = 0; i < documents; i++) {
        tb_document_recall(all[i]);
        insert(session_of(&kept, &names, all[i]), all[i]);
    }
    for (size_t i = 0; i < kept.count; i++)
        complete(&kept.sessions[i]);
    return kept;
}

int tb_kept_read(const struct tb_places *places, char *const *names, struct tb_kept *kept,
                 struct tb_error *error)
{
    struct tb_side *sides = NULL;
    size_t count = 0;
    int code = 0;

    for (; !code && names[count]; count++) {
        sides = tb_grow(sides, count + 1, sizeof *sides);
        sides[count] = (struct tb_side){0};
        code = tb_side_read(places, names[count], false, &sides[count], error);
    }
    if (code)
        *kept = (struct tb_kept){.sides = sides, .side_count = count};
    else
        *kept = tb_kept_of(sides, count);
    return code;
}

void tb_kept_finish(struct tb_kept *kept)
{
    for (size_t i = 0; i < kept->count; i++) {
        free(kept->sessions[i].results);
        free(kept->sessions[i].documents);
    }
    free(kept->sessions);
    for (size_t i = 0; i < kept->side_count; i++)
        tb_side_finish(&kept->sides[i]);
    free(kept->sides);
    *kept = (struct tb_kept){0};
}

size_t tb_kept_damaged(const struct tb_kept *kept)
{
    size_t damaged = 0;

    for (size_t i = 0; i < kept->side_count; i++)
        damaged += kept->sides[i].damaged;
    return damaged;
}
