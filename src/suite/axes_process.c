/* Axes: what a process is put under. */
#include <threadbench/bench.h>
#include <threadbench/proc.h>

#include <errno.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <linux/mempolicy.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- seccomp, seccomp-cached ---- */

/* No system call has a number so high, nor an argument such a high half. */
#define NOT_ASKED_FOR 0xf0000000u

enum { MOST_RULES = 1024, INSTRUCTIONS_PER_RULE = 2 };

/* A word is loaded and compared with that of each rule in turn, which allows the call, too. */
static enum tb_status filter_by(struct tb_run *run, size_t word, int64_t rules)
{
    struct sock_filter code[1 + MOST_RULES * INSTRUCTIONS_PER_RULE + 1];
    struct sock_fprog program = {.filter = code};
    struct sock_filter *at = code;

    if (!rules)
        return TB_DONE;
    if (rules > MOST_RULES)
        return tb_skip(run, "a filter of more than %d rules", MOST_RULES);
    *at++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)word);
    for (uint32_t i = 0; i < rules; i++) {
        *at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NOT_ASKED_FOR + i, 0, 1);
        *at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    }
    *at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    program.len = (unsigned short)(at - code);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0))
        return tb_skip(run, "the kernel takes no seccomp filter: %s", strerror(errno));
    return TB_DONE;
}

/* The half of an argument that is the less significant on one machine and the more on another:
 * neither is what a rule asks for. */
static enum tb_status seccomp_apply(struct tb_run *run, int64_t value)
{
    return filter_by(run, offsetof(struct seccomp_data, args[0]) + sizeof(uint32_t), value);
}

static enum tb_status seccomp_cached_apply(struct tb_run *run, int64_t value)
{
    return filter_by(run, offsetof(struct seccomp_data, nr), value);
}

static bool any_lasts(int64_t value)
{
    return value;
}

const struct tb_axis tb_axis_seccomp = {
    .name = "seccomp",
    .doc = "rules of a seccomp filter that ask for an argument, so that each system call runs it",
    .unit = "rules",
    .apply = seccomp_apply,
    .lasts = any_lasts,
};

const struct tb_axis tb_axis_seccomp_cached = {
    .name = "seccomp-cached",
    .doc = "rules of a seccomp filter that ask for the call's number alone: the kernel remembers "
           "what it allows",
    .unit = "rules",
    .apply = seccomp_cached_apply,
    .lasts = any_lasts,
};

/* ---- node ---- */

static const char *const node_labels[] = {"usual", "near", "far"};

#define NODES_WITH_MEMORY "/sys/devices/system/node/has_memory"

enum { MOST_NODES = 1024, WORD_BITS = 8 * sizeof(unsigned long) };

static enum tb_status bind_memory(struct tb_run *run, int64_t node)
{
    unsigned long mask[MOST_NODES / WORD_BITS] = {0};

    if (node >= MOST_NODES)
        return tb_skip(run, "node %" PRId64 " has too high a number", node);
    mask[(size_t)node / WORD_BITS] = 1ul << (size_t)node % WORD_BITS;
    if (syscall(SYS_set_mempolicy, MPOL_BIND, mask, (unsigned long)MOST_NODES + 1))
        return tb_skip(run, "memory cannot be bound to node %" PRId64 ": %s", node,
                       strerror(errno));
    tb_note(run, "memory from node %" PRId64, node);
    return TB_DONE;
}

/* Near and far are so for the CPU that the caller is on: it and its threads inherit the policy. */
static enum tb_status node_apply(struct tb_run *run, int64_t value)
{
    unsigned own;
    int64_t node;

    if (value == TB_NODE_USUAL)
        return TB_DONE;
    if (syscall(SYS_getcpu, NULL, &own, NULL))
        return tb_fail(run, "getcpu", errno);
    node = own;
    if (value == TB_NODE_FAR && tb_proc_other(NODES_WITH_MEMORY, own, &node))
        return tb_skip(run, "this machine has no other node with memory");
    return bind_memory(run, node);
}

static void node_undo(struct tb_run *run, int64_t value)
{
    (void)run;
    if (value != TB_NODE_USUAL)
        (void)syscall(SYS_set_mempolicy, MPOL_DEFAULT, NULL, 0ul); /* needs nothing */
}

const struct tb_axis tb_axis_node = {
    .name = "node",
    .doc =
        "memory, stacks among it: where the system takes it from, or from the node of the CPU, or "
        "from another",
    .labels = node_labels,
    .apply = node_apply,
    .undo = node_undo,
};
