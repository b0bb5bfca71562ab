#include "util/pattern.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of a thousand copies that may each be empty glibc makes 8 MB, of ten times as many 800. */
enum { most_copies = 1000, most_groups = 100 };

/* Sizes in characters of the text that it matches. */
struct group {
    double size; /* so far */
    double last; /* of its last part, which may be repeated */
};

static void add(struct group *group, double size)
{
    group->size += size;
    group->last = size;
}

/* The end of a list of characters, which begins at `at`: "[^]a[:space:]]". */
static const char *list_end(const char *at)
{
    char closing[] = ":]";

    at += 1 + (at[1] == '^');
    at += *at == ']';
    for (; *at && *at != ']'; at++) {
        const char *end;

        if (*at != '[' || !at[1] || !strchr(":.=", at[1]))
            continue;
        closing[0] = at[1];
        end = strstr(at + 2, closing);
        at = end ? end + 1 : at;
    }
    return at;
}

/* How often "{2,30}", "{2}" or "{2,}" is there, and its end; 0: it is none of these. */
static double interval(const char *at, const char **ret_end)
{
    char *end;
    double least = (double)strtoul(at + 1, &end, 10), most = least;

    if (*end == ',') {
        at = end + 1;
        most = isdigit((unsigned char)*at) ? (double)strtoul(at, &end, 10) : (end++, least + 1);
    }
    *ret_end = end;
    return *end == '}' ? fmax(fmax(least, most), 1) : 0;
}

/* Returns how much more there is. */
static double repeat(struct group *group, double times)
{
    double more = group->last * (times - 1);

    group->size += more;
    group->last += more;
    return more;
}

/* Takes what is no parenthesis, and moves `at` to its end; returns how much is copied. */
static double take(struct group *group, const char **at)
{
    const char *end = *at;
    double times = *end == '+' ? 2 : *end == '{' ? interval(*at, &end) : 0;

    if (times > 0) {
        *at = end;
        return repeat(group, times);
    }
    if (**at == '[')
        *at = list_end(*at);
    else if (**at == '\\' && (*at)[1])
        ++*at;
    if (**at != '*' && **at != '?')
        add(group, 1);
    return 0;
}

const char *tb_pattern_refused(const char *pattern)
{
    struct group groups[most_groups + 1] = {{0, 0}}, *group = groups;
    double copies = 0;

    for (const char *at = pattern; *at; at += *at != '\0') {
        if (*at == '(') {
            if (group == groups + most_groups)
                return "more than 100 groups are within each other";
            *++group = (struct group){0, 0};
        } else if (*at == ')' && group > groups) {
            double size = group->size;

            add(--group, size);
        } else {
            copies += take(group, &at);
        }
        if (copies > most_copies)
            return "its repetitions make more than 1000 copies of what they repeat";
    }
    return NULL;
}
