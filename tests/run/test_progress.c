/* What is said of a session's progress: a line that fits its terminal, and what is planned. */
#include "run/progress.h"

#include "check.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "run/procstat.h"
#include "util/file.h"
#include "util/memory.h"

/* In the place of the C library's: what stderr is said to be. */
static struct {
    bool terminal, unknown;
    unsigned short columns;
    double now;
} world;

int isatty(int fd)
{
    return fd == STDERR_FILENO && world.terminal;
}

int ioctl(int fd, unsigned long request, ...) /* with what only this test uses */
{
    va_list list;
    struct winsize *size;

    (void)fd;
    assert_int_equal(request, TIOCGWINSZ);
    va_start(list, request);
    size = va_arg(list, struct winsize *);
    va_end(list);
    *size = (struct winsize){.ws_col = world.columns};
    return world.unknown ? -1 : 0;
}

double tb_now(void)
{
    return world.now;
}

struct tb_totals tb_totals_read(void)
{
    return (struct tb_totals){0};
}

static char *path; /* of a file in the place of stderr */
static int kept;   /* stderr */

static int set_up(void **state)
{
    const char *place = getenv("TMPDIR");
    int fd;

    (void)state;
    world.terminal = true;
    world.unknown = false;
    world.columns = 60;
    world.now = 1000;
    path = tb_print("%s/progress-XXXXXX", place ? place : P_tmpdir);
    fd = mkstemp(path);
    kept = dup(STDERR_FILENO);
    return fd < 0 || kept < 0 || dup2(fd, STDERR_FILENO) < 0 || close(fd) ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)dup2(kept, STDERR_FILENO);
    (void)close(kept);
    (void)unlink(path); /* it is ours */
    free(path);
    return 0;
}

/* What was written since the last time; the caller's. */
static char *written(void)
{
    char *text = NULL;
    size_t size;

    (void)fflush(stderr);
    assert_int_equal(tb_file_read(path, 10000, &text, &size), 0);
    assert_int_equal(ftruncate(STDERR_FILENO, 0), 0);
    assert_int_equal(lseek(STDERR_FILENO, 0, SEEK_SET), 0);
    return text;
}

/* The line is rewritten, and blanks up to its end remove what was there. */
static void expect_line(const char *wanted, int columns)
{
    tb_autofree char *text = written();
    tb_autofree char *line = tb_print("\r%-*s\r", columns, wanted);

    assert_string_equal(text, line);
}

static void report(struct tb_progress *progress, struct tb_step step)
{
    tb_progress_report(progress, &step);
}

static void a_line_says_how_far_it_has_come(void **state)
{
    struct tb_progress progress = tb_progress(false);
    struct tb_step step = {.total = 4, .name = "a"};

    (void)state;
    report(&progress, step);
    expect_line("pilot 1 of 4: a", 59); /* how long they take is not known */
    world.now += 10;
    report(&progress, step);
    expect_line("pilot 2 of 4, about 30 s left: a", 59);
    step = (struct tb_step){
        .stage = TB_ROUNDS, .round = 1, .rounds = 50, .done = 3, .total = 1003, .name = "a"};
    report(&progress, step);
    expect_line("round 1 of 50: a", 59);
    world.now += 7.2;
    step.done = 13;
    progress.mde = 1.0251;
    report(&progress, step);
    expect_line("round 1 of 50, about 12 min left, MDE 2.51 %: a", 59);
    step.budget_s = 42;
    step.rounds = TB_MOST_ROUNDS;
    report(&progress, step);
    expect_line("round 1, at most 42 s left, MDE 2.51 %: a", 59);
    step = (struct tb_step){.stage = TB_COUNTS, .round = 1, .rounds = 2, .total = 8, .name = "a"};
    report(&progress, step);
    expect_line("counting, round 1 of 2: a", 59); /* the time of the rounds says nothing of these */
    world.now += 5;
    step.done = 1;
    report(&progress, step);
    expect_line("counting, round 1 of 2, about 35 s left: a", 59);
    tb_progress_end(&progress);
    expect_line("", 59);
}

static void it_is_no_wider_than_the_terminal(void **state)
{
    static const char name[] = "0123456789012345678901234567890123456789012345678901234567890123456"
                               "789";
    static const struct {
        unsigned short columns;
        bool unknown;
        int width;
    } each[] = {{20, false, 19}, {0, false, 78}, {200, false, 78}, {20, true, 78}};

    (void)state;
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        struct tb_progress progress = tb_progress(false);
        tb_autofree char *whole = tb_print("pilot 1 of 1: %s", name);

        world.columns = each[i].columns;
        world.unknown = each[i].unknown;
        whole[each[i].width] = '\0';
        report(&progress, (struct tb_step){.total = 1, .name = name});
        expect_line(whole, each[i].width);
    }
}

/* Bytes of a character that does not fit are none. */
static void no_character_is_cut_in_two(void **state)
{
    struct tb_progress progress = tb_progress(false);

    (void)state;
    world.columns = 17;
    report(&progress, (struct tb_step){.total = 1, .name = "a\u2588"});
    expect_line("pilot 1 of 1: a?", 16);
}

static void it_is_shown_on_a_terminal_alone(void **state)
{
    struct tb_progress quiet = tb_progress(true), piped;
    tb_autofree char *text = NULL;

    (void)state;
    world.terminal = false;
    piped = tb_progress(false);
    report(&quiet, (struct tb_step){.total = 1, .name = "a"});
    report(&piped, (struct tb_step){.total = 1, .name = "a"});
    report(NULL, (struct tb_step){.total = 1, .name = "a"});
    tb_progress_end(&quiet);
    tb_progress_end(&piped);
    tb_progress_end(NULL);
    text = written();
    assert_string_equal(text, "");
}

static const struct tb_case spec = {.name = "a"};

static void expect_plan(const struct tb_planned *planned, bool quiet, const char *wanted)
{
    struct tb_progress progress = {.quiet = quiet};
    tb_autofree char *text = NULL;

    tb_progress_plan(&progress, planned);
    text = written();
    assert_string_equal(text, wanted);
}

static void a_plan_says_how_long_it_takes(void **state)
{
    struct tb_settings settings = {.rounds = 30};
    struct tb_planned planned = {
        .settings = &settings, .measured = 2, .processes = 4, .round_s = 3.2};

    (void)state;
    expect_plan(&planned, false,
                "threadbench: cases: 2, processes a round: 4, in about 3.2 s; about 96 s in all, "
                "at most 30 rounds\n");
    settings.budget_s = 150;
    expect_plan(&planned, false,
                "threadbench: cases: 2, processes a round: 4, in about 3.2 s; about 96 s in all, "
                "at most 30 rounds and 150 s\n");
    planned.again = true;
    planned.round_s = 20; /* more than the budget has */
    expect_plan(&planned, false,
                "threadbench: processes take longer than planned; cases: 2, processes a round: 4, "
                "in about 20 s; at most 30 rounds and 150 s in all\n");
    settings.budget_s = 0;
    expect_plan(&planned, false,
                "threadbench: processes take longer than planned; cases: 2, processes a round: 4, "
                "in about 20 s; about 600 s in all, at most 30 rounds\n");
    planned.round_s = 108;
    expect_plan(&planned, false,
                "threadbench: processes take longer than planned; cases: 2, processes a round: 4, "
                "in about 110 s; about 54 min in all, at most 30 rounds\n");
    planned.round_s = 0;
    planned.again = false;
    settings.rounds = 1;
    expect_plan(&planned, false, "threadbench: cases: 2, processes a round: 4; at most 1 round\n");
    expect_plan(&planned, true, "");
    tb_progress_plan(NULL, &planned);
    expect_plan(&planned, true, "");
}

static void what_is_left_out_is_named_whatever_else_is_not(void **state)
{
    struct tb_settings settings = {.rounds = 30, .budget_s = 9};
    struct tb_row rows[12];
    struct tb_planned planned = {
        .settings = &settings, .rows = rows, .count = 3, .fewest_rounds = 18};

    (void)state;
    for (size_t i = 0; i < 12; i++)
        rows[i] = (struct tb_row){.spec = &spec, .round_s = 3.1};
    rows[1].fits = true;
    rows[2].round_s = INFINITY;
    expect_plan(&planned, true,
                "threadbench: left out, as 9 s do not hold all: a (56 s: 18 x 3.1 s), a (no time "
                "was left for its pilot): give a larger --budget, or fewer cases\n");
    rows[2].round_s = 3.1;
    planned.count = 12;
    expect_plan(&planned, true,
                "threadbench: left out, as 9 s do not hold all: a (56 s: 18 x 3.1 s), a (56 s: 18 "
                "x 3.1 s), a (56 s: 18 x 3.1 s), a (56 s: 18 x 3.1 s), a (56 s: 18 x 3.1 s), a (56 "
                "s: 18 x 3.1 s), a (56 s: 18 x 3.1 s), a (56 s: 18 x 3.1 s), and 3 more: give a "
                "larger --budget, or fewer cases\n");
    tb_progress_plan(NULL, &planned);
    expect_plan(&(struct tb_planned){.settings = &settings}, true, "");
}

#define WITH_STDERR(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STDERR(a_line_says_how_far_it_has_come),
        WITH_STDERR(it_is_no_wider_than_the_terminal),
        WITH_STDERR(no_character_is_cut_in_two),
        WITH_STDERR(it_is_shown_on_a_terminal_alone),
        WITH_STDERR(a_plan_says_how_long_it_takes),
        WITH_STDERR(what_is_left_out_is_named_whatever_else_is_not),
    };

    tb_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
