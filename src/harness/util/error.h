/*
 * An error as a sentence: functions that can fail return 0 or a positive code and leave here what
 * went wrong, where, and if possible what to do. Only the command line prints it, at the end.
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

/* Sets the sentence (cut to fit, on one line) and returns `code`. */
int tb_error_set(struct tb_error *error, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with the two codes that most errors have. */
#define tb_failure(error, ...) tb_error_set(error, TB_FAILURE, __VA_ARGS__)
#define tb_misuse(error, ...)  tb_error_set(error, TB_USAGE, __VA_ARGS__)

/* Tells a sentence at once, on stderr: of what goes on nevertheless. That it cannot be written is
 * no error. */
void tb_notice(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
