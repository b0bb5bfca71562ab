#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "memory.h"
#include "worker.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv, struct tb_error *error);
} commands[] = {
    {"list", tb_command_list}, {"run", tb_command_run},         {"compare", tb_command_compare},
    {"ab", tb_command_ab},     {"archive", tb_command_archive}, {"doctor", tb_command_doctor},
};

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
    "  archive what was kept: list, verify, add, prune\n"
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
    /* For the characters a terminal can show; numbers stay as C writes them. */
    (void)setlocale(LC_CTYPE, "");
    /* A reader who went away is an error of writing, told at the end. */
    if (!err && signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        err = errno;
    if (!err)
        err = tb_worker_init();
    return err ? tb_error_set(error, TB_FAILURE, "cannot start: %s", strerror(err)) : 0;
}

static int dispatch(int argc, char **argv, struct tb_error *error)
{
    const char *name = argc > 1 ? argv[1] : NULL;

    for (size_t i = 0; name && i < sizeof commands / sizeof *commands; i++) {
        if (!strcmp(name, commands[i].name))
            return commands[i].run(argc, argv, error);
    }
    if (name && (!strcmp(name, "--help") || !strcmp(name, "-h")))
        (void)fputs(help, stdout); /* end() asks whether it went out */
    else if (name && !strcmp(name, "--version"))
        (void)puts("threadbench " TB_VERSION);
    else
        return tb_error_set(error, TB_USAGE, "%s%s%s: give a command; see --help",
                            name ? "command '" : "no command", name ? name : "", name ? "'" : "");
    return 0;
}

/* What was printed counts only when it has arrived. */
static int end(int code, struct tb_error *error)
{
    if ((fflush(stdout) || ferror(stdout)) && !code)
        code = tb_error_set(error, TB_FAILURE, "cannot write to stdout: %s", strerror(errno));
    if (error->text[0])
        (void)fprintf(stderr, "threadbench: %s\n", error->text); /* nowhere else to tell it */
    return code;
}

int main(int argc, char **argv)
{
    struct tb_error error = {""};
    int code = begin(&error);

    if (!code)
        code = dispatch(argc, argv, &error);
    return end(code, &error);
}
