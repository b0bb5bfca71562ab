/*
 * What a regular expression would cost the C library to compile. Pure.
 */
#ifndef TB_UTIL_PATTERN_H
#define TB_UTIL_PATTERN_H

/*
 * Why regcomp() is not to be asked for the extended regular expression `pattern`, in words for a
 * message; NULL: it may be, and says itself whether that is one.
 *
 * glibc copies what is repeated: "((a{255}){255}){255}" takes gigabytes, "(a*){30000}" as well,
 * and each "+" of "a++++" doubles what is before it. Groups within groups it reads by a function
 * that calls itself, until there is no stack.
 */
const char *tb_pattern_refused(const char *pattern);

#endif
