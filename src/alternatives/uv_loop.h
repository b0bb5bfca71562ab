/* The loop that a series of libuv's runtimes uses: made by tb_uv_enter, gone after tb_uv_leave. */
#ifndef TB_ALTERNATIVES_UV_LOOP_H
#define TB_ALTERNATIVES_UV_LOOP_H

#include <threadbench/runtime.h>

#include <stdbool.h>
#include <uv.h>

extern uv_loop_t tb_uv_loop;

/* What libuv knows of a task. */
struct tb_uv_task {
    union {
        uv_work_t work;
        uv_async_t async;
        uv_idle_t idle;
    } as;
    bool done;   /* written and read by the loop's thread only */
    bool closed; /* the same, for a handle */
};

int tb_uv_enter(void); /* 0 or an errno value */
void tb_uv_leave(void);

/* A zeroed task for the thread. 0 or an errno value. */
int tb_uv_prepare(struct tb_thread *thread);

/* Runs the loop until the task is done. */
int tb_uv_join(struct tb_thread *thread);

/* A task that is a handle: closes it before it is freed. Accepts one that was never prepared. */
void tb_uv_close(struct tb_thread *thread);

#endif
