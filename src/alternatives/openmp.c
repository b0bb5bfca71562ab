/* OpenMP's tasks, in a team of one thread per CPU, but at least two. The caller is one of them: in
 * a taskwait it may run the task itself, which is what OpenMP is meant to do. The team stays until
 * the process ends. */
#include <threadbench/runtime.h>

#include <errno.h>
#include <omp.h>
#include <stdlib.h>

static int prepare(struct tb_thread *thread)
{
    return thread->stack_bytes ? ENOTSUP : 0;
}

static int create(struct tb_thread *thread)
{
    struct tb_task *task = &thread->task;

#pragma omp task firstprivate(task)
    task->run(task);
    return 0;
}

/* It waits for all tasks that the caller has made, this one among them. */
static int join(struct tb_thread *thread)
{
    (void)thread;
#pragma omp taskwait
    return 0;
}

static void release(struct tb_thread *thread)
{
    (void)thread;
}

static int team(void)
{
    int cpus = omp_get_num_procs();

    return cpus < 2 ? 2 : cpus;
}

/* The caller is one of the team. */
static int64_t count_threads(void)
{
    return team() - 1;
}

/* The others of the team wait at the end of the region, and run tasks meanwhile. Where one of them
 * cannot be made the library ends the process. */
static void within(void (*body)(void *argument), void *argument)
{
#pragma omp parallel num_threads(team())
#pragma omp master
    body(argument);
}

const struct tb_runtime tb_runtime_openmp = {
    .name = "openmp",
    .doc = "an OpenMP task in a team of a thread per CPU, and a taskwait",
    .kind = TB_POOLS,
    .can = TB_RUNS | TB_RUNS_LIBC,
    .lasting = true,
    .threads = count_threads,
    .within = within,
    .prepare = prepare,
    .create = create,
    .join = join,
    .release = release,
};
