#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "archive.h"
#include "document.h"
#include "file.h"
#include "host.h"
#include "memory.h"
#include "options.h"
#include "progress.h"
#include "random.h"
#include "session.h"
#include "table.h"

/* All that a run needs; each member is finished by finish(). */
struct run {
    struct tb_options options;
    struct tb_subject subject;
    struct tb_revision revision;
    struct tb_result result;
};

static void finish(struct run *run)
{
    tb_result_finish(&run->result);
    tb_revision_finish(&run->revision);
    tb_subject_finish(&run->subject);
    tb_options_finish(&run->options);
}

static int select_cases(struct run *run, struct tb_error *error)
{
    const struct tb_catalogue *catalogue = &run->subject.catalogue;
    enum tb_role *roles = tb_alloc(catalogue->count, sizeof *roles);
    int code = 0;

    if (tb_plan_select(catalogue, &run->options.choice, roles) == 0)
        code =
            tb_error_set(error, TB_USAGE,
                         "no case matches --filter and --set: 'threadbench list' shows them all");
    else
        tb_result_init(&run->result, catalogue, roles);
    free(roles);
    return code;
}

/* The run's name, and its seed unless that was given. */
static int draw(struct run *run, struct tb_error *error)
{
    uint64_t drawn[2];

    if (getrandom(drawn, sizeof drawn, 0) != (ssize_t)sizeof drawn)
        return tb_error_set(error, TB_FAILURE, "cannot draw a seed: %s", strerror(errno));
    run->result.seed = run->options.seeded ? run->options.seed : drawn[0] % TB_SEED_LIMIT;
    (void)snprintf(run->result.run_id, sizeof run->result.run_id, "%016llx",
                   (unsigned long long)drawn[1]); /* fits */
    return 0;
}

static int read_revision(struct run *run, struct tb_error *error)
{
    const char *folder = run->options.repo;

    run->revision = tb_revision_read(folder ? folder : ".");
    if (folder && !run->revision.commit)
        return tb_error_set(error, TB_USAGE, "--repo '%s': git finds no commit there", folder);
    return 0;
}

/* What the result says of its circumstances, known before the first worker. */
static int describe(struct run *run, char **argv, struct tb_error *error)
{
    int code = draw(run, error);

    if (!code)
        code = read_revision(run, error);
    run->result.rounds = run->options.rounds;
    run->result.time_s = run->options.time_s;
    run->result.deadline_s = run->options.deadline_s;
    run->result.command = argv;
    run->result.subject = run->subject.words;
    run->result.revision = &run->revision;
    run->result.host = tb_host_probe();
    run->result.before = tb_host_moment();
    (void)clock_gettime(CLOCK_REALTIME, &run->result.started); /* cannot fail for this clock */
    return code;
}

/* That the document can be written is made sure before minutes are spent on it. */
static int check_targets(struct run *run, struct tb_error *error)
{
    const struct tb_options *options = &run->options;
    int code = options->output ? tb_file_check(options->output, error) : 0;

    if (!code && options->archive)
        code = tb_archive_check(options->archive, error);
    return code;
}

static int prepare(struct run *run, char **argv, struct tb_error *error)
{
    int code = tb_subject_init(&run->subject, run->options.subject, run->options.deadline_s, error);

    if (!code)
        code = tb_subject_list(&run->subject, error);
    if (!code)
        code = select_cases(run, error);
    if (!code)
        code = describe(run, argv, error);
    return code ? code : check_targets(run, error);
}

static void measure(struct run *run)
{
    struct tb_progress progress = tb_progress(run->options.quiet);
    struct tb_session session = {
        .subject = &run->subject,
        .result = &run->result,
        .samples = run->options.samples,
        .tell = tb_progress_tell,
        .user = &progress,
    };

    tb_session_run(&session);
    run->result.after = tb_host_moment();
    tb_progress_end(&progress);
}

static void put(const struct run *run, const char *document)
{
    struct tb_page page = tb_page(stdout);
    char *csv;

    /* Whether stdout took it all is asked once, at the end of the program. */
    switch (run->options.format) {
    case TB_TABLE:
        tb_table_put(&page, &run->result);
        tb_card_put(&page, &run->result);
        break;
    case TB_JSON:
        (void)fputs(document, stdout);
        break;
    case TB_CSV:
        csv = tb_csv(&run->result);
        (void)fputs(csv, stdout);
        free(csv);
        break;
    }
}

/* Writes everything that can be written; the first error is the one to tell. */
static int deliver(const struct run *run, struct tb_error *error)
{
    char *document = tb_document(&run->result);
    char *archived = NULL;
    struct tb_error ignored;
    int code = 0;

    put(run, document);
    if (run->options.output)
        code = tb_file_write(run->options.output, document, error);
    if (run->options.archive && tb_archive_put(run->options.archive, document, strlen(document),
                                               &archived, code ? &ignored : error))
        code = TB_FAILURE;
    free(archived);
    free(document);
    if (!code && run->result.signal)
        code = 128 + run->result.signal;
    return code ? code : tb_result_failed(&run->result);
}

int tb_command_run(int argc, char **argv, struct tb_error *error)
{
    struct run run = {0};
    int code = tb_options_read(&run.options, argc, argv, error);

    if (!code && !run.options.help) {
        code = prepare(&run, argv, error);
        if (!code) {
            measure(&run);
            code = deliver(&run, error);
        }
    }
    finish(&run);
    return code;
}
