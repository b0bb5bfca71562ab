#include "arguments.h"

#include <stdlib.h>

#include "memory.h"
#include "words.h"

/* The command line as popt wants it: its first word is what the usage line begins with. */
static const char **command_words(int argc, char **argv, char *name)
{
    const char **words = tb_alloc((size_t)argc, sizeof *words);

    words[0] = name;
    for (int i = 2; i < argc; i++)
        words[i - 1] = argv[i];
    return words;
}

static int read_all(poptContext context, const int *help, struct tb_arguments *ret_arguments,
                    struct tb_error *error)
{
    char *none[] = {NULL};
    int result = poptGetNextOpt(context);
    const char **words = poptGetArgs(context);

    if (result < -1)
        return tb_error_set(error, TB_USAGE, "%s: %s; see --help", poptBadOption(context, 0),
                            poptStrerror(result));
    if (*help)
        poptPrintHelp(context, stdout, 0);
    ret_arguments->help = *help;
    ret_arguments->words = tb_words_join(words ? (char *const *)words : none, none);
    return 0;
}

/* The tables as one, with --help before its end. */
static struct poptOption *join(const struct poptOption *const *tables, int *help)
{
    const struct poptOption item = {"help", 'h', POPT_ARG_NONE, help, 0, "show this", NULL};
    struct poptOption *whole = NULL;
    size_t count = 0;

    for (; *tables; tables++) {
        for (const struct poptOption *option = *tables; option->longName; option++) {
            whole = tb_grow(whole, count + 1, sizeof *whole);
            whole[count++] = *option;
        }
    }
    whole = tb_grow(whole, count + 2, sizeof *whole);
    whole[count] = item;
    whole[count + 1] = (struct poptOption)POPT_TABLEEND;
    return whole;
}

int tb_arguments_read(int argc, char **argv, const struct poptOption *const *tables,
                      const char *operands, struct tb_arguments *ret_arguments,
                      struct tb_error *error)
{
    int help = 0;
    struct poptOption *whole = join(tables, &help);
    char *name = tb_print("threadbench %s", argv[1]);
    char *usage = tb_print("[OPTION...] %s", operands);
    const char **words = command_words(argc, argv, name);
    poptContext context = poptGetContext(NULL, argc - 1, words, whole, 0);
    int code;

    poptSetOtherOptionHelp(context, usage);
    code = read_all(context, &help, ret_arguments, error);
    (void)poptFreeContext(context); /* returns NULL, always */
    free(words);
    free(usage);
    free(name);
    free(whole);
    return code;
}
