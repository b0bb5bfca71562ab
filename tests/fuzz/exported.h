/* Whether other programs can read what goes out to them. */
#ifndef TB_TESTS_FUZZ_EXPORTED_H
#define TB_TESTS_FUZZ_EXPORTED_H

/* Ends the program by an assertion where a text is not in the form of that --format, which is none
 * that is a folder. */
void tb_check_exported(const char *format, const char *text);

#endif
