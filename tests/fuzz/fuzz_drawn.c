/* What gnuplot has drawn, made a part of a page, and a file. */
#include "fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "report/html/plot_svg.h"
#include "util/memory.h"

void tb_fuzz_drawn(char *text, size_t size)
{
    tb_autofree char *part = tb_plot_inline(text, "<svg>");
    tb_autofree char *file = tb_plot_file(text, "a <title>", "a & b");

    (void)size;
    assert(!strncmp(part, "<svg><g>", 8) && strlen(part) >= 14);
    assert(!strcmp(part + strlen(part) - 6, "</svg>"));
    assert(!strstr(file, "</desc>") || strlen(file) >= strlen("</desc>"));
}
