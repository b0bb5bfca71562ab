/* A subject that misbehaves on purpose: each of its cases in another way. It lists them as any
 * Google Benchmark program does, and writes its result file by hand. What it leaves behind would
 * end by itself after a minute. */
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *out = "/dev/null", *self;

/* Whatever cannot be done here shows in what the harness makes of it. */
static void put(const char *text)
{
    FILE *file = fopen(out, "w");

    if (!file || fputs(text, file) < 0 || fclose(file))
        _exit(9);
}

static const char entry_end[] =
    "\"run_type\":\"iteration\",\"iterations\":1,\"threads\":1,\"real_time\":5,\"cpu_time\":5,"
    "\"time_unit\":\"ns\"}";

static void put_entry(const char *name, const char *more)
{
    char text[1024];

    (void)snprintf(text, sizeof text, "{\"context\":{},\"benchmarks\":[{\"name\":\"%s\",%s%s]}",
                   name, more, entry_end);
    put(text);
}

static void good(void)
{
    put_entry(self, "");
}

static void wait_a_minute(void)
{
    (void)alarm(60);
    for (;;)
        (void)pause();
}

static void end_by(int number)
{
    struct rlimit none = {0, 0};

    (void)setrlimit(RLIMIT_CORE, &none);
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

static void crash(void)
{
    good();
    end_by(SIGSEGV);
}

static void aborted(void)
{
    (void)fputs("an assertion\n", stderr);
    end_by(SIGABRT);
}

static void late_exit(void)
{
    good();
    exit(3);
}

static void stop(void)
{
    (void)raise(SIGSTOP);
}

static void stubborn(void)
{
    (void)signal(SIGTERM, SIG_IGN);
    wait_a_minute();
}

/* Set-user-ID it is its owner's alone from then on, and no signal of its user's ends it. */
static void become_root(void)
{
    if (setuid(0))
        _exit(9);
    stubborn();
}

/* The usual way to become a daemon, which is there when the program ends. */
static void leave_daemon(void)
{
    good();
    if (fork() == 0) {
        (void)setsid();
        if (fork() == 0)
            wait_a_minute();
        _exit(0);
    }
    (void)wait(NULL);
}

/* A process that is another one each time that it is looked at. */
static void leave_hopper(void)
{
    good();
    for (int hop = 0; hop < 100000; hop++) {
        pid_t pid = fork();

        if (pid < 0 || (pid && !hop))
            return;
        if (pid)
            _exit(0);
        (void)setsid();
    }
    _exit(0);
}

/* 127 processes, each in a session of its own. */
static void leave_tree(void)
{
    int left = 6;

    good();
    for (int child = 0; left && child < 2; child++) {
        if (fork() == 0) {
            (void)setsid();
            left--;
            child = -1;
        }
    }
    if (left < 6)
        wait_a_minute();
}

/* Forks on for ever, in the worker's own group, as far as the limit of processes lets it. */
static void leave_bomb(void)
{
    struct rlimit limit = {500, 500};

    good();
    if (fork() || setrlimit(RLIMIT_NPROC, &limit) || setuid(65534))
        return;
    (void)alarm(60);
    for (;;)
        (void)fork();
}

static void flood(const char *path)
{
    static char block[1 << 16];
    int fd = open(path, O_WRONLY | O_CREAT, 0600);

    (void)memset(block, '[', sizeof block);
    for (long i = 0; i < 3L << 14; i++) { /* 3 GiB */
        if (fd < 0 || write(fd, block, sizeof block) < 0)
            _exit(9);
    }
}

static void flood_result(void)
{
    flood(out);
}

static void flood_detail(void)
{
    good();
    flood(getenv("THREADBENCH_SIDECAR"));
}

static void flood_stdout(void)
{
    flood("/dev/stdout");
    good();
}

static void flood_stderr(void)
{
    static char block[1 << 16];

    for (int i = 0; i < 1 << 10; i++) /* 64 MiB */
        (void)fwrite(block, 1, sizeof block, stderr);
    good();
}

static void half(void)
{
    put("{\"context\":{},\"benchmarks\":[{\"name\":");
}

static void not_finite(void)
{
    put_entry(self, "\"odd\":-Infinity,");
}

static void huge(void)
{
    put_entry(self, "\"odd\":1e999,\"big\":123456789012345678901234567890,");
}

static void huge_time(void)
{
    put("{\"context\":{},\"benchmarks\":[{\"name\":\"huge-time\",\"real_time\":1e999,\"cpu_time\":"
        "1,"
        "\"time_unit\":\"ns\"}]}");
}

static void nothing(void)
{
}

static void empty(void)
{
    put("");
}

static void deep(void)
{
    static char text[5000];

    (void)memset(text, '[', sizeof text - 1);
    put(text);
}

static void other_name(void)
{
    put_entry("el\\u001b[31mse", "");
}

static void twice(void)
{
    char text[1024];

    (void)snprintf(text, sizeof text,
                   "{\"context\":{},\"benchmarks\":[{\"name\":\"%s\",%s,{\"name\":\"%s\",%s]}",
                   self, entry_end, self, entry_end);
    put(text);
}

static void bytes(void)
{
    put_entry(self, "\"label\":\"\xff\xc3(\xed\xa0\x80 \x1b[31m \xc2\x9b"
                    "31m\",");
}

static void message(void)
{
    put_entry(self, "\"error_occurred\":true,"
                    "\"error_message\":\"\\u001b]0;title\\u0007 \\u009b31m \xfe red\",");
}

static void shout(void)
{
    (void)fputs("\x1b]0;title\x07 \xc2\x9b"
                "31m \xfe last\n",
                stderr);
    exit(5);
}

/* A file of its own in the folder that it was given. */
static void litter(void)
{
    static char path[PATH_MAX];

    good();
    (void)snprintf(path, sizeof path, "%s.more", out);
    out = path;
    good();
}

static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {
    {"good", good},
    {"crash", crash},
    {"abort", aborted},
    {"late-exit", late_exit},
    {"stop", stop},
    {"stubborn", stubborn},
    {"become-root", become_root},
    {"leave-daemon", leave_daemon},
    {"leave-hopper", leave_hopper},
    {"leave-tree", leave_tree},
    {"leave-bomb", leave_bomb},
    {"flood-result", flood_result},
    {"flood-detail", flood_detail},
    {"flood-stdout", flood_stdout},
    {"flood-stderr", flood_stderr},
    {"half", half},
    {"not-finite", not_finite},
    {"huge", huge},
    {"huge-time", huge_time},
    {"nothing", nothing},
    {"empty", empty},
    {"deep", deep},
    {"other-name", other_name},
    {"twice", twice},
    {"bytes", bytes},
    {"message", message},
    {"shout", shout},
    {"litter", litter},
};

static const char *after(const char *word, const char *flag)
{
    return strncmp(word, flag, strlen(flag)) ? NULL : word + strlen(flag);
}

int main(int argc, char **argv)
{
    const char *filter = NULL, *value;
    size_t count = sizeof cases / sizeof *cases;
    int list = 0;

    for (int i = 1; i < argc; i++) {
        list |= !strcmp(argv[i], "--benchmark_list_tests");
        if ((value = after(argv[i], "--benchmark_filter=^")))
            filter = value;
        if ((value = after(argv[i], "--benchmark_out=")))
            out = value;
    }
    for (size_t i = 0; i < count; i++) {
        self = cases[i].name;
        if (list)
            (void)puts(self);
        else if (filter && !strncmp(filter, self, strlen(self)) && filter[strlen(self)] == '$')
            cases[i].run();
    }
    return 0;
}
