#include "archive/kept.h"

#include <stdlib.h>
#include <string.h>

#include "document/recall.h"
#include "util/error.h"
#include "util/memory.h"

/* Where the run of a document is among those already taken; NULL: it is another one. */
static struct tb_document **same_run(struct tb_document **documents, size_t count,
                                     const struct tb_document *document)
{
    for (size_t i = 0; i < count; i++) {
        if (tb_document_is_same_run(documents[i], document))
            return &documents[i];
    }
    return NULL;
}

/* Adds a document, unless it is of a run that is there: then the longer one stays. */
static void add(struct tb_document **documents, size_t *count, struct tb_document *document)
{
    struct tb_document **same = same_run(documents, *count, document);
    struct tb_document *shorter = document;

    if (!same) {
        documents[(*count)++] = document;
        return;
    }
    if ((*same)->result.finished_rounds < document->result.finished_rounds) {
        shorter = *same;
        *same = document;
    }
    tb_notice("skipped: '%s' is of the same run as '%s'", shorter->path, (*same)->path);
}

/* All documents of all sides, each run once; the caller's. */
static struct tb_document **list(const struct tb_side *sides, size_t count, size_t *ret_count)
{
    struct tb_document **documents;
    size_t most = 0;

    for (size_t i = 0; i < count; i++)
        most += sides[i].count;
    documents = tb_alloc(most, sizeof(struct tb_document *));
    *ret_count = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < sides[i].count; k++)
            add(documents, ret_count, sides[i].documents[k]);
    }
    return documents;
}

static bool is_of_session(const struct tb_kept_session *session, const struct tb_document *document)
{
    const char *name = session->documents[0]->settings.session;

    return *name && !strcmp(name, document->settings.session);
}

static struct tb_kept_session *session_of(struct tb_kept *kept, const struct tb_document *document)
{
    size_t at = 0;

    while (at < kept->count && !is_of_session(&kept->sessions[at], document))
        at++;
    if (at == kept->count) {
        kept->sessions = tb_grow(kept->sessions, ++kept->count, sizeof *kept->sessions);
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

    for (size_t i = 0; i < documents; i++) {
        tb_document_recall(all[i]);
        insert(session_of(&kept, all[i]), all[i]);
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
