// The program around the benchmarks: flags, context, failures, what matches.
#include "internal.hh"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include <langinfo.h>

#include "session.hh"

namespace
{

struct failures {
    std::mutex lock;
    bool any = false;
    std::string last;
};

failures &all_failures()
{
    static failures instance;
    return instance;
}

struct bm::session &session = bm::current_session();

using context_map = std::remove_reference_t<decltype(*benchmark::internal::GetGlobalContext())>;

// Google Benchmark's flags can only be set as arguments. Its context is put aside meanwhile, as it
// would be added a second time.
void set_flags(std::vector<std::string> flags)
{
    context_map *context = benchmark::internal::GetGlobalContext();
    std::vector<char *> argv;
    int argc = 0;

    flags.insert(flags.begin(), session.executable);
    for (std::string &flag : flags)
        argv.push_back(&flag[0]);
    argv.push_back(nullptr);
    argc = static_cast<int>(flags.size());
    benchmark::internal::GetGlobalContext() = nullptr;
    benchmark::Initialize(&argc, argv.data());
    delete benchmark::internal::GetGlobalContext();
    benchmark::internal::GetGlobalContext() = context;
    benchmark::BenchmarkReporter::Context::executable_name = session.executable.c_str();
}

// Matches, and lists if the flag says so, but runs nothing.
class listing : public benchmark::BenchmarkReporter
{
  public:
    std::ostringstream names;
    std::ostringstream errors;
    bool asked_to_run = false;

    listing()
    {
        SetOutputStream(&names);
        SetErrorStream(&errors);
    }

    bool ReportContext(const Context &) override
    {
        asked_to_run = true;
        return false;
    }

    void ReportRuns(const std::vector<Run> &) override
    {
    }
};

// The names of what matches, one a line.
std::string list_names()
{
    listing first;
    listing second;

    set_flags({"--benchmark_out="}); // a file of results must not be opened again
    (void)benchmark::RunSpecifiedBenchmarks(&first, bm::chosen());
    if (first.asked_to_run) {
        set_flags({"--benchmark_list_tests=true"});
        (void)benchmark::RunSpecifiedBenchmarks(&second, bm::chosen());
        set_flags({"--benchmark_list_tests=false"});
    }
    set_flags({"--benchmark_out=" + session.out});
    return first.names.str() + second.names.str();
}

void remember_out(int argc, char **argv)
{
    static const char flag[] = "--benchmark_out=";
    const char *value = std::getenv("BENCHMARK_OUT");

    session.out = value ? value : "";
    for (int i = 1; i < argc; i++)
        if (argv[i] && std::strncmp(argv[i], flag, sizeof(flag) - 1) == 0)
            session.out = argv[i] + sizeof(flag) - 1;
}

} // namespace

struct bm::session &bm::current_session() noexcept
{
    static struct session instance;
    return instance;
}

std::string bm::chosen()
{
    const std::string filter = benchmark::GetBenchmarkFilter();

    return filter.empty() || filter == "all" || filter == "." ? "^" : filter;
}

void bm::record_failure(const std::string &message) noexcept
{
    failures &failures = all_failures();

    try {
        const std::lock_guard<std::mutex> lock(failures.lock);
        failures.any = true;
        failures.last = message;
    } catch (...) {
        (void)std::fputs("benchmark_c: a failure could not be recorded\n", stderr);
    }
}

void bm::misuse(const char *function, const char *what) noexcept
{
    try {
        record_failure(std::string(function) + ": " + what);
    } catch (...) {
        record_failure({});
    }
    (void)std::fprintf(stderr, "%s: %s\n", function, what);
}

void bm::forget_failures() noexcept
{
    failures &failures = all_failures();
    const std::lock_guard<std::mutex> lock(failures.lock);

    failures.any = false;
    failures.last.clear();
}

std::string bm::printable(const char *text)
{
    std::string result = text;

    for (char &c : result)
        if ((c >= 0 && c < ' ' && c != '\n' && c != '\t') || c == '\x7f')
            c = '?';
    return result;
}

bm::plain_numbers::plain_numbers() : before(uselocale(nullptr)), plain(nullptr)
{
    const bool has_point = std::strcmp(nl_langinfo(RADIXCHAR), ".") == 0;
    locale_t copy = has_point ? nullptr : duplocale(before);

    if (copy)
        plain = newlocale(LC_NUMERIC_MASK, "C", copy);
    if (copy && !plain)
        freelocale(copy);
    if (plain)
        (void)uselocale(plain);
}

bm::plain_numbers::~plain_numbers()
{
    (void)uselocale(before);
    if (plain)
        freelocale(plain);
}

void bm_initialize(int *argc, char **argv)
{
    static char name[] = "benchmark";
    static char *none[] = {name, nullptr};

    bm::guard(__func__, [&] {
        const bm::plain_numbers plain;
        int count = 1;
        const bool given = argc && argv && *argc > 0;

        if (!argc != !argv)
            bm::misuse("bm_initialize", "one of argc and argv is NULL");
        session.executable = given && argv[0] ? argv[0] : name;
        remember_out(given ? *argc : 0, argv);
        benchmark::Initialize(given ? argc : &count, given ? argv : none);
        benchmark::BenchmarkReporter::Context::executable_name = session.executable.c_str();
        session.initialized = true;
    });
}

bool bm_report_unrecognized_arguments(int argc, char **argv)
{
    bool any = false;

    if (argc > 0 && !argv) {
        bm::misuse(__func__, "argv is NULL");
        return true;
    }
    bm::guard(__func__, [&] { any = benchmark::ReportUnrecognizedArguments(argc, argv); });
    return any;
}

void bm_print_help(void)
{
    bm::guard(__func__, [] { benchmark::PrintDefaultHelp(); });
}

size_t bm_list(void (*visit)(const char *name, void *user), void *user)
{
    size_t count = 0;

    if (!session.may_run(__func__))
        return 0;
    bm::guard(__func__, [&] {
        std::istringstream names(list_names());

        for (std::string name; std::getline(names, name); count++)
            if (visit)
                visit(name.c_str(), user);
    });
    return count;
}

void bm_add_context(const char *key, const char *value)
{
    bm::guard(__func__, [&] {
        if (!key || !*key || !value)
            bm::misuse("bm_add_context", "the key or the value is missing");
        else
            benchmark::AddCustomContext(bm::printable(key), bm::printable(value));
    });
}

const char *bm_filter(void)
{
    bm::guard(__func__, [] { session.filter = benchmark::GetBenchmarkFilter(); });
    return session.filter.c_str();
}

void bm_set_filter(const char *filter)
{
    bm::guard(__func__, [&] {
        if (filter)
            benchmark::SetBenchmarkFilter(filter);
        else
            bm::misuse("bm_set_filter", "the filter is NULL");
    });
}

bool bm_failed(void)
{
    failures &failures = all_failures();
    const std::lock_guard<std::mutex> lock(failures.lock);

    return failures.any;
}

const char *bm_last_error(void)
{
    failures &failures = all_failures();
    const std::lock_guard<std::mutex> lock(failures.lock);

    return failures.last.c_str();
}

const char *bm_library_version(void)
{
    static std::string version;

    bm::guard(__func__, [] {
        version = bm::running_version();
        if (version.empty())
            version = BM_BUILT_WITH;
    });
    return version.c_str();
}

void bm_shutdown(void)
{
    bm::guard(__func__, [] {
        benchmark::Shutdown();
        // Google Benchmark leaves it dangling.
        benchmark::internal::GetGlobalContext() = nullptr;
        session.initialized = false;
    });
}
