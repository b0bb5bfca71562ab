#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
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
#include "util/suggest.h"

/* clang-format off */
static const struct tb_command commands[] = {
    {"list", "[SUBJECT]", TB_LIST, tb_command_list, .examples =
        "  threadbench list -f '^create/'\n"
        "  threadbench list ./my-benchmark\n"},
    {"run", "[SUBJECT...]", TB_RUN, tb_command_run, .examples =
        "  threadbench run -f '^join/' -o join.json\n"
        "  threadbench run --precision 1 'taskset -c 1 ./my-benchmark'\n"},
    {"compare", "OLD NEW", TB_COMPARE, tb_command_compare, .examples =
        "  threadbench compare before.json after.json\n"
        "  threadbench compare --ancestor HEAD\n"},
    {"ab", "SUBJECT SUBJECT...", TB_AB, tb_command_ab, .examples =
        "  threadbench ab @rev:v1.2 @rev:HEAD\n"
        "  threadbench ab @suite 'no-rseq: GLIBC_TUNABLES=glibc.pthread.rseq=0 @suite'\n"},
    {"show", "DOCUMENT...", TB_SHOW, tb_command_show, .least = 1, .examples =
        "  threadbench show result.json\n"
        "  threadbench show --format markdown ab-a.json ab-b.json\n"},
    {"report", "[DOCUMENT|REVISION...]", TB_REPORT, tb_command_report, .examples =
        "  threadbench report join.json -o join.html\n"
        "  threadbench report v1.2 HEAD --svg figures\n"},
    {"history", "[FILTER]", TB_HISTORY, tb_command_history, .single = true, .examples =
        "  threadbench history '^create/' --range v1.0..HEAD\n"
        "  threadbench history --confirm --format html -o history.html\n"},
    {"doctor", "[SUBJECT]", TB_DOCTOR, tb_command_doctor, .examples =
        "  threadbench doctor\n"
        "  threadbench doctor --json ./my-benchmark\n"},
    {"archive list", "[DIR]", TB_ARCHIVED, tb_command_archive_list, .single = true, .examples =
        "  threadbench archive list\n"
        "  threadbench archive list --revision 1a2b --json bench-results\n"},
    {"archive verify", "[DIR]", TB_PLAIN, tb_command_archive_verify, .single = true, .examples =
        "  threadbench archive verify\n"
        "  threadbench archive verify bench-results\n"},
    {"archive add", "DIR FILE...", TB_PLAIN, tb_command_archive_add, .least = 2, .examples =
        "  threadbench archive add bench-results join.json\n"
        "  threadbench archive add bench-results other-host/*.json\n"},
    {"archive export", "[DIR]", TB_EXPORT, tb_command_archive_export, .single = true, .examples =
        "  threadbench archive export --format rows-ndjson -o rows.ndjson\n"
        "  threadbench archive export --format otava --host runner -o otava.csv\n"},
};
/* clang-format on */

enum { COMMANDS = sizeof commands / sizeof *commands };

static const char help[] =
    "Usage: threadbench COMMAND [OPTION...] [SUBJECT]\n"
    "\n"
    "Measures what threads cost, or any Google Benchmark program: each repetition\n"
    "is a fresh process, and all cases run interleaved, in shuffled rounds.\n"
    "\n"
    "  list     List the benchmarks or cases that a subject can measure.\n"
    "  run      Measure a subject, and print a table.\n"
    "  ab       Measure two subjects or more interleaved, and compare them.\n"
    "  compare  Compare documents, or what the archive has of two revisions.\n"
    "  show     Print the tables of documents again; the exit code ignores verdicts.\n"
    "  report   Write a page of HTML: figures, distributions, what changed.\n"
    "  archive  List, verify, add or export documents that are kept.\n"
    "  history  Show each case over the commits, and which commit changed it.\n"
    "  doctor   Warn of what disturbs measurements on this host.\n"
    "\n"
    "A SUBJECT is a command line, quoted as one argument, such as\n"
    "'taskset -c 0 ./my-benchmark'. Without one it is @suite, the suite that comes\n"
    "with threadbench. @musl is the same with musl, where it was built.\n"
    "@rev:REVISION is the program built from that git revision, by default the\n"
    "suite. 'LABEL: COMMAND' names a subject, and NAME=VALUE before its command\n"
    "sets a variable of its environment.\n"
    "\n"
    "'threadbench help COMMAND' shows a command's options. They stand after it.\n"
    "Commands and long options may be abbreviated. Of an option that is given twice\n"
    "the last one counts; of --filter, --python and --build each one does.\n"
    "'threadbench --version' prints the version.\n"
    "\n"
    "Exit codes: 0 success; 1 a case, a build or a file failed; 2 wrong usage;\n"
    "3 slower; 4 nothing decided, or with --strict any case inconclusive or not\n"
    "precise enough; 128 + N interrupted by signal N, with all documents written.\n"
    "\n"
    "Examples:\n"
    "  threadbench run\n"
    "  threadbench ab @rev:HEAD~1 @rev:HEAD\n";

/*
 * Descriptors 0 to 2 exist from here on, so that no file of ours takes their place and gets what
 * is meant for a closed stdout. Opened against their use: writing still fails.
 */
static int hold_streams(struct tb_error *error)
{
    static const char null[] = "/dev/null";

    for (int fd = 0; fd < 3; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && open(null, fd ? O_RDONLY : O_WRONLY) < 0)
            return tb_failure(error, "cannot start: '%s': %s", null, strerror(errno));
    }
    return 0;
}

static int begin(struct tb_error *error)
{
    int err = 0;

    if (hold_streams(error))
        return TB_FAILURE;
    tb_memory_init();
    tb_git_init();
    /* For the characters a terminal can show; numbers stay as C writes them. */
    (void)setlocale(LC_CTYPE, "");
    /* A reader who went away, or a limit of files' sizes, is an error of writing, told at the end.
     */
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR || signal(SIGXFSZ, SIG_IGN) == SIG_ERR)
        err = errno;
    if (!err)
        err = tb_worker_init();
    return err ? tb_failure(error, "cannot start: %s", strerror(err)) : 0;
}

/* Whether whoever read what is printed has gone, as `head` does when it has enough. */
static bool is_unread(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};

    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR);
}

/* What was printed counts only when it has arrived; with nobody to read it the program ends as it
 * would have if it had not kept its documents first. */
static int arrive(int code, struct tb_error *error)
{
    if ((!fflush(stdout) && !ferror(stdout)) || error->text[0] || (code && is_unread()))
        return code;
    if (is_unread() && signal(SIGPIPE, SIG_DFL) != SIG_ERR)
        (void)raise(SIGPIPE); /* ends the program */
    return tb_failure(error, "cannot write to stdout: %s", strerror(errno));
}

static int count_operands(const struct tb_command *command, size_t count, struct tb_error *error)
{
    const char *what = command->operands + (*command->operands == '['); /* it may be left out */

    if (count < command->least)
        return tb_misuse(error, "%s: %s is missing: 'threadbench help %s' has examples",
                         command->name, command->operands, command->name);
    if (command->single && count > 1)
        return tb_misuse(error, "%s: one %.*s at a time", command->name, (int)strcspn(what, "]"),
                         what);
    return 0;
}

static int run(const struct tb_command *command, char **argv, char *const *words,
               struct tb_error *error)
{
    struct tb_options options;
    int code = tb_options_read(&options, command, words, error);
    size_t count = code ? 0 : tb_words_count(options.operands);

    options.settings.command = argv;
    tb_page_color(options.color);
    if (options.bisect)
        tb_memory_end_with(TB_BISECT_STOP); /* that it runs out says nothing of a revision */
    if (!code && !options.help) {
        code = count_operands(command, count, error);
        if (!code)
            code = command->run(&options, error);
    }
    if (!error->text[0] && code <= TB_BISECT_STOP) { /* which an interrupted one has gone beyond */
        code = arrive(code, error);
        code = error->text[0] ? tb_lasting(&options, code) : code;
    }
    code = tb_exit_code_of_error(&options, code, error);
    tb_options_finish(&options);
    return code;
}

static bool is_help(const char *word)
{
    return !strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help");
}

static bool is_archive(const struct tb_command *command)
{
    return strchr(command->name, ' ') != NULL;
}

/* The first words of all commands, each once; returns how many. */
static size_t first_words(const char **ret_words)
{
    size_t count = 0;
    bool archive = false;

    for (size_t i = 0; i < COMMANDS; i++) {
        if (!is_archive(&commands[i]))
            ret_words[count++] = commands[i].name;
        else if (!archive)
            ret_words[count++] = "archive";
        archive |= is_archive(&commands[i]);
    }
    return count;
}

/* The second words of those that have two, each with its command at the same place. */
static size_t second_words(const char **ret_words, const struct tb_command **ret_commands)
{
    size_t count = 0;

    for (size_t i = 0; i < COMMANDS; i++) {
        if (!is_archive(&commands[i]))
            continue;
        ret_words[count] = strchr(commands[i].name, ' ') + 1;
        ret_commands[count++] = &commands[i];
    }
    return count;
}

/* The command of one word that has this name; NULL: none. */
static const struct tb_command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (!strcmp(commands[i].name, name))
            return &commands[i];
    }
    return NULL;
}

static int refuse(const char *name, struct tb_error *error)
{
    const char *words[COMMANDS + 3];
    size_t count = first_words(words);
    const struct tb_known_words known = {words, count + 3, "'", "'"};
    tb_autofree char *verb = tb_print("archive %s", name), *advice = NULL;

    words[count] = "help";
    words[count + 1] = "--help";
    words[count + 2] = "--version";
    if (find_command(verb))
        return tb_misuse(error, "no command '%s': did you mean '%s'?", name, verb);
    advice = tb_did_you_mean(name, &known,
                             *name == '-' ? "options stand after a command: see 'threadbench help'"
                                          : "see 'threadbench help'");
    return tb_misuse(error, "no command '%s': %s", name, advice);
}

static void put_archive_help(void)
{
    const char *before = "Usage: ";

    for (size_t i = 0; i < COMMANDS; i++) {
        if (!is_archive(&commands[i]))
            continue;
        (void)printf("%sthreadbench %s [OPTION...] %s\n", before, commands[i].name,
                     commands[i].operands); /* arrive() asks whether it went out, as below */
        before = "       ";
    }
    (void)puts("\nExamples:\n"
               "  threadbench archive list\n"
               "  threadbench help archive add");
}

/* The commands of two words. */
static int dispatch_archive(char **argv, char *const *words, struct tb_error *error)
{
    static const char verbs[] = "give 'list', 'verify', 'add' or 'export'";
    const struct tb_command *archive[COMMANDS];
    const char *names[COMMANDS], *verb;
    const struct tb_known_words known = {names, second_words(names, archive), "'archive ", "'"};
    tb_autofree char *advice = NULL;

    if (!*words)
        return tb_misuse(error, "archive: %s", verbs);
    if (is_help(*words)) {
        put_archive_help();
        return 0;
    }
    verb = tb_unabbreviated(*words, names, known.count);
    if (verb) {
        size_t at = 0;

        while (names[at] != verb)
            at++;
        return run(archive[at], argv, words + 1, error);
    }
    advice = tb_did_you_mean(*words, &known, verbs);
    return tb_misuse(error, "no command 'archive %s': %s", *words, advice);
}

/* `argv` is the whole command line, `words` what names the command in it and what follows. */
static int dispatch(char **argv, char *const *words, struct tb_error *error)
{
    const char *names[COMMANDS];
    const char *name = tb_unabbreviated(words[0], names, first_words(names));

    if (!name)
        return refuse(words[0], error);
    if (!strcmp(name, "archive"))
        return dispatch_archive(argv, words + 1, error);
    return run(find_command(name), argv, words + 1, error);
}

/* "help", or "help COMMAND", which is "COMMAND --help". */
static int show_help(char **argv, struct tb_error *error)
{
    char option[] = "--help", *none[] = {NULL};
    tb_autowords char **words = NULL;

    if (!argv[2] || is_help(argv[2])) {
        (void)fputs(help, stdout);
        return 0;
    }
    words = tb_words_join(argv + 2, (char *[]){option, NULL});
    return dispatch(none, words, error);
}

static int begin_command(int argc, char **argv, struct tb_error *error)
{
    const char *name = argc > 1 ? argv[1] : NULL;

    if (!name)
        return tb_misuse(error, "no command given: see 'threadbench help'");
    if (is_help(name))
        return show_help(argv, error);
    if (!strcmp(name, "--version") || !strcmp(name, "-V"))
        (void)puts("threadbench " TB_VERSION);
    else
        return dispatch(argv, argv + 1, error);
    return 0;
}

int main(int argc, char **argv)
{
    struct tb_error error = {""};
    int code = begin(&error);

    if (!code)
        code = begin_command(argc, argv, &error);
    code = arrive(code, &error);
    if (error.text[0])
        tb_notice("%s", error.text);
    return code;
}
