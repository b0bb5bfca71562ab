/*
 * The signals that tell this program to stop.
 */
#ifndef TB_RUN_SIGNALS_H
#define TB_RUN_SIGNALS_H

#include <stdbool.h>

/* To be called once, before the others. Returns 0 or an errno value. */
int tb_signals_init(void);

/*
 * Blocks SIGINT, SIGQUIT, SIGTERM and, unless it is ignored, SIGHUP: until tb_signals_release()
 * they only make tb_signals_stopped() answer. For who has something to keep or to clean up: without
 * it they end the program, and its worker. Returns 0 or an errno value.
 */
int tb_signals_catch(void);

/* Lets signals end the program again: there is nothing left to keep, until they are caught anew. */
void tb_signals_release(void);

/* The signal that told us to stop, or 0. */
int tb_signals_stopped(void);

/* Whether it is one that a terminal, or whoever ended us, gave to all of our group. That one may
 * reach another process a moment earlier than us, which this waits for. */
bool tb_signals_shared(int number);

/* A descriptor that becomes readable when a signal arrives; -1: none is caught. */
int tb_signals_fd(void);

/* In a child, by system calls alone: signals are as they were when this program was started, and
 * those that it ignores end the child. Returns 0 or an errno value. */
int tb_signals_reset(void);

#endif
