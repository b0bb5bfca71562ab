/* What a benchmark or a runtime uses that musl's headers do not declare; included before each file
 * of the suite of musl. libc.c defines the functions. */
#ifndef TB_MUSL_LIBC_H
#define TB_MUSL_LIBC_H

#ifndef __ASSEMBLER__

#include <pthread.h>
#include <sched.h>

/* A kind that musl refuses, so that a case that wants it is skipped. */
#define PTHREAD_MUTEX_ADAPTIVE_NP (-1)

/* Refuses: ENOTSUP. */
int pthread_attr_setaffinity_np(pthread_attr_t *attributes, size_t bytes, const cpu_set_t *cpus);

#endif
#endif
