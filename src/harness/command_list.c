#include "command.h"

#include <stdio.h>
#include <stdlib.h>

#include "document.h"
#include "memory.h"
#include "options.h"
#include "subject.h"
#include "table.h"

static void put(const struct tb_options *options, const struct tb_catalogue *catalogue,
                const enum tb_role *roles)
{
    struct tb_page page = tb_page(stdout);
    char *text;

    if (options->format != TB_JSON) {
        tb_listing_put(&page, catalogue, roles);
        return;
    }
    text = tb_listing(catalogue, roles);
    (void)puts(text); /* the caller of the command asks ferror() */
    free(text);
}

static int list(const struct tb_options *options, const struct tb_catalogue *catalogue,
                struct tb_error *error)
{
    struct tb_choice choice = options->choice;
    enum tb_role *roles = tb_alloc(catalogue->count, sizeof *roles);
    int code = 0;

    if (choice.set == TB_SET_DEFAULT)
        choice.set = TB_SET_FULL;
    if (tb_plan_select(catalogue, &choice, roles) == 0)
        code = tb_error_set(error, TB_USAGE,
                            "no case matches: try 'threadbench list' without "
                            "--filter and --set");
    else
        put(options, catalogue, roles);
    free(roles);
    return code;
}

int tb_command_list(int argc, char **argv, struct tb_error *error)
{
    struct tb_options options;
    struct tb_subject subject;
    int code = tb_options_read(&options, argc, argv, error);

    if (code)
        return code;
    if (options.operands[0] && options.operands[1]) {
        code = tb_error_set(error, TB_USAGE,
                            "one subject is listed at a time: quote its words as one word");
    } else if (!options.help) {
        code = tb_subject_init(&subject, options.operands[0] ? options.operands[0] : "@suite", NULL,
                               options.deadline_s, error);
        if (!code) {
            code = tb_subject_list(&subject, error);
            if (!code)
                code = list(&options, &subject.catalogue, error);
            tb_subject_finish(&subject);
        }
    }
    tb_options_finish(&options);
    return code;
}
