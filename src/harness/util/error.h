/*
 * An error as a sentence. Functions that can fail return 0 or a code of enum tb_code and set the
 * sentence: what went wrong, where, and what to do. Only the command line prints it, at the end.
 *
 *     return tb_misuse(error, "--label '%s': give letters and digits", label);
 */
#ifndef TB_UTIL_ERROR_H
#define TB_UTIL_ERROR_H

/* The codes are the exit codes of the program. */
enum tb_code {
    TB_FAILURE = 1, /* a benchmark or a file */
    TB_USAGE = 2,   /* the command line */
    TB_EXIT_REGRESSION = 3,
    TB_EXIT_INCONCLUSIVE = 4, /* where that counts */
};

struct tb_error {
    char text[1024];
};

/* Sets the sentence, cut to fit and with '?' for what is not printable; returns `code`. */
int tb_error_set(struct tb_error *error, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with the two codes that most errors have. */
#define tb_failure(error, ...) tb_error_set(error, TB_FAILURE, __VA_ARGS__)
#define tb_misuse(error, ...)  tb_error_set(error, TB_USAGE, __VA_ARGS__)

/* Prints a sentence on stderr at once, after "threadbench: ", about something that ends nothing.
 * That it cannot be printed is no error. */
void tb_notice(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
