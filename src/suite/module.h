/* The suite's shared modules: what a library of its own comes with, so that only a case that wants
 * it has that library in its process. One that was loaded stays until the process ends. */
#ifndef TB_SUITE_MODULE_H
#define TB_SUITE_MODULE_H

#include <threadbench/bench.h>

/* The address of `symbol` in the module `file`; or NULL, and why in `reason`, of `size` bytes. */
void *tb_module_symbol(const char *file, const char *symbol, char *reason, size_t size);

/* A runtime of tb_runtimes with its functions: itself, or the table in its module. NULL where it
 * cannot be used here, and why in `reason`. */
const struct tb_runtime *tb_runtime_load(const struct tb_runtime *runtime, char *reason,
                                         size_t size);

#endif
