#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "run/git.h"
#include "run/worker.h"
#include "util/memory.h"
#include "util/strings.h"

static const struct tb_command commands[] = {
    {"list", "[SUBJECT]", TB_LIST, tb_command_list},
    {"run", "[SUBJECT...]", TB_RUN, tb_command_run},
    {"compare", "OLD NEW", TB_COMPARE, tb_command_compare},
    {"ab", "SUBJECT SUBJECT...", TB_AB, tb_command_ab},
    {"doctor", "[SUBJECT]", TB_DOCTOR, tb_command_doctor},
    {"archive list", "[DIR]", TB_ARCHIVED, tb_command_archive_list, .most = 1},
    {"archive verify", "[DIR]", TB_PLAIN, tb_command_archive_verify, .most = 1},
    {"archive add", "DIR FILE...", TB_PLAIN, tb_command_archive_add, .least = 2},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static const char help[] =
    "Usage: threadbench COMMAND [OPTION...] [SUBJECT]\n"
    "\n"
    "Measures what threads cost, with any Google Benchmark program: every repetition\n"
    "in a fresh process, all cases interleaved in shuffled rounds.\n"
    "\n"
    "  list    what the subject can measure\n"
    "  run     measure it: a table, and JSON with -o FILE or --archive DIR\n"
    "  compare what was kept: did a commit change it?\n"
    "  ab      measure two or more subjects interleaved, and compare them\n"
    "  archive what was kept: list, verify, add\n"
    "  doctor  what on this host disturbs the numbers, and what to do about it\n"
    "\n"
    "SUBJECT is a command in one word, such as 'taskset -c 0 ./my-benchmark'. In it\n"
    "@suite is the suite that comes with threadbench, which is also what there is\n"
    "without a SUBJECT; @rev:REVISION is one that is built from that revision;\n"
    "NAME=VALUE before the command is its environment, 'LABEL:' before all of it what\n"
    "it is called.\n"
    "'threadbench COMMAND --help' lists a command's options.\n"
    "\n"
    "Exit codes: 0 fine; 1 a benchmark or a file failed; 2 wrong usage; 3 slower;\n"
    "4 not settled, with --strict;\n"
    "128 + N: interrupted by signal N, with what was measured until then written.\n";

/*
 * Descriptors 0 to 2 exist from here on, so that no file of ours takes their place and gets what
 * is meant for a closed stdout. Opened against their use: writing still fails.
 */
static int hold_streams(void)
{
    for (int fd = 0; fd < 3; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd ? O_RDONLY : O_WRONLY) < 0)
            return errno;
    }
    return 0;
}

static int begin(struct tb_error *error)
{
    int err = hold_streams();

    tb_memory_init();
    tb_git_init();
    /* For the characters a terminal can show; numbers stay as C writes them. */
    (void)setlocale(LC_CTYPE, "");
    /* A reader who went away, or a limit of files' sizes, is an error of writing, told at the end.
     */
    if (!err && (signal(SIGPIPE, SIG_IGN) == SIG_ERR || signal(SIGXFSZ, SIG_IGN) == SIG_ERR))
        err = errno;
    if (!err)
        err = tb_worker_init();
    return err ? tb_failure(error, "cannot start: %s", strerror(err)) : 0;
}

/* What was printed counts only when it has arrived. */
static int arrive(int code, struct tb_error *error)
{
    if ((fflush(stdout) || ferror(stdout)) && !code)
        return tb_failure(error, "cannot write to stdout: %s", strerror(errno));
    return code;
}

static int run(const struct tb_command *command, char **argv, char *const *words,
               struct tb_error *error)
{
    struct tb_options options;
    int code = tb_options_read(&options, command, words, error);
    size_t count = code ? 0 : tb_words_count(options.operands);

    options.settings.command = argv;
    if (options.bisect)
        tb_memory_end_with(TB_BISECT_STOP); /* that it runs out says nothing of a revision */
    if (!code && !options.help) {
        if (count < command->least || (command->most && count > command->most))
            code = tb_misuse(error, "%s: give it %s", command->name, command->operands);
        else
            code = command->run(&options, error);
    }
    if (!code)
        code = tb_lasting(&options, arrive(0, error));
    code = tb_gate_exit(&options, code, error);
    tb_options_finish(&options);
    return code;
}

static bool is_help(const char *word)
{
    return !strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help");
}

/* The commands of two words. */
static int help_archive(const char *verb, struct tb_error *error)
{
    if (!verb || !is_help(verb))
        return tb_misuse(error, "archive: give 'list', 'verify' or 'add'");
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strchr(commands[i].name, ' '))
            (void)printf("threadbench %s [OPTION...] %s\n", commands[i].name,
                         commands[i].operands); /* end() asks whether it went out, as below */
    }
    return 0;
}

static int dispatch(char **argv, struct tb_error *error)
{
    const char *name = argv[0] ? argv[1] : NULL;
    tb_autofree char *both = name ? tb_print("%s %s", name, argv[2] ? argv[2] : "") : NULL;

    if (!name)
        return tb_misuse(error, "no command: give a command; see --help");
    for (size_t i = 0; i < COMMANDS; i++) {
        bool two = strchr(commands[i].name, ' ') != NULL;

        if (!strcmp(commands[i].name, two ? both : name))
            return run(&commands[i], argv, argv + (two ? 3 : 2), error);
    }
    if (!strcmp(name, "archive"))
        return help_archive(argv[2], error);
    if (is_help(name))
        (void)fputs(help, stdout);
    else if (!strcmp(name, "--version"))
        (void)puts("threadbench " TB_VERSION);
    else
        return tb_misuse(error, "command '%s': give a command; see --help", name);
    return 0;
}

int main(int argc, char **argv)
{
    struct tb_error error = {""};
    int code = begin(&error);

    (void)argc;
    if (!code)
        code = dispatch(argv, &error);
    code = arrive(code, &error);
    if (error.text[0])
        tb_notice("%s", error.text);
    return code;
}
