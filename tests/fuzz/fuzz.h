/*
 * What libFuzzer is given for each reader: a function that takes bytes which may be anything, reads
 * them, and ends the program by an assertion where what comes out breaks a promise of the reader's
 * header.
 *
 * Each gets `size` bytes in memory of exactly that size and a NUL behind them, and may write there.
 */
#ifndef TB_TESTS_FUZZ_FUZZ_H
#define TB_TESTS_FUZZ_FUZZ_H

#include <stddef.h>

typedef void tb_fuzzer(char *text, size_t size);

/* Files, up to the tables, the comparison and the exports that are made of them. */
tb_fuzzer tb_fuzz_catalogue, tb_fuzz_series, tb_fuzz_plain, tb_fuzz_document;

/* A document as a page of HTML. */
tb_fuzzer tb_fuzz_report;

/* JSON, read as a whole and piece by piece. */
tb_fuzzer tb_fuzz_json;

/* A text on a page, in a cell, in a pattern: taken apart again it is what it was. */
tb_fuzzer tb_fuzz_text;

/* What stands on a command line: words, numbers, options. */
tb_fuzzer tb_fuzz_words, tb_fuzz_options;

/* An archive: names of files, digests, and the index that keeps these. */
tb_fuzzer tb_fuzz_name, tb_fuzz_digest, tb_fuzz_index;

/* What git, the kernel and programs print, and what is in a program's file. */
tb_fuzzer tb_fuzz_git, tb_fuzz_refusal, tb_fuzz_tree, tb_fuzz_process, tb_fuzz_kernel, tb_fuzz_proc,
    tb_fuzz_names, tb_fuzz_object, tb_fuzz_locks;

/* Numbers, as they are in memory. */
tb_fuzzer tb_fuzz_stats, tb_fuzz_changes;

/* What gnuplot has drawn. */
tb_fuzzer tb_fuzz_drawn;

#endif
