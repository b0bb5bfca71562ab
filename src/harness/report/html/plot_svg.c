#include "report/html/plot_svg.h"

#include <stdlib.h>
#include <string.h>

#include "report/html/html.h"
#include "util/memory.h"

const char *const tb_plot_hues[TB_HUES] = {"#0067a5", "#c44601", "#007a5a", "#a23b84",
                                           "#7a6200", "#5b57c2", "#8c2f39", "#4a5a68"};
const char tb_plot_grid[] = "#d0d0d0";

/* What begins so, up to and with `until` (NULL: that alone), becomes `to`. */
struct rewriting {
    const char *from, *until, *to;
};

/* As gnuplot 5.4 and 6.0 write it. */
static const struct rewriting rewritings[] = {
    {"<title>", "</title>", ""},
    {"<g id=\"gnuplot_plot_", ">", "<g class=\"curve\">"},
    {"<g id=\"gnuplot_canvas\"", ">", "<g>"},
    {"<g fill=\"none\"", ">", "<g fill=\"none\">"},
    {" font-family=\"", "\"", ""},
    {" font-size=\"", "\"", ""},
    {" stroke=\"none\" fill=\"black\"", NULL, " class=\"tick\""},
    {" stroke-linecap=\"butt\"", NULL, ""},
    {" stroke-linejoin=\"miter\"", NULL, ""},
    {"'black'", NULL, "'currentColor'"},
    {"\"black\"", NULL, "\"currentColor\""},
    {"<tspan>", NULL, ""},
    {"<tspan >", NULL, ""},
    {"<tspan font-family=\"", ">", ""},
    {"</tspan>", NULL, ""},
    {"xlink:href", NULL, "href"},
    {"\n", NULL, ""},
    {"\t", NULL, ""},
};

/* "rgb(  0, 103, 165)" at `text` as one of the page's colours; returns what follows, or NULL. */
static const char *put_color(FILE *out, const char *text)
{
    unsigned long rgb = 0;
    const char *at = text + 4;

    for (size_t i = 0; i < 3; i++) {
        char *end;

        rgb = rgb << 8 | (strtoul(at, &end, 10) & 0xff);
        at = end + (*end != '\0'); /* past the comma, or the bracket */
    }
    for (size_t i = 0; i < TB_HUES; i++) {
        if (strtoul(tb_plot_hues[i] + 1, NULL, 16) == rgb) {
            (void)fprintf(out, "var(--s%zu)", i + 1); /* into memory, as all here */
            return at;
        }
    }
    if (strtoul(tb_plot_grid + 1, NULL, 16) != rgb)
        return NULL;
    (void)fputs("var(--rule)", out);
    return at;
}

/* An element without content at `text`: what follows it; NULL: there is none. */
static const char *skip_empty(const char *text)
{
    const char *end = strncmp(text, "<g ", 3) == 0 ? strchr(text, '>') : NULL;

    if (!end)
        return NULL;
    end += 1 + strspn(end + 1, " \t\r\n");
    return strncmp(end, "</g>", 4) == 0 ? end + 4 : NULL;
}

/* Rewrites what begins at `text`; returns what follows it. */
static const char *rewrite(FILE *out, const char *text)
{
    const char *after = skip_empty(text);

    if (after)
        return after;
    if (!strncmp(text, "rgb(", 4) && (after = put_color(out, text)) != NULL)
        return after;
    for (size_t i = 0; i < sizeof rewritings / sizeof *rewritings; i++) {
        const struct rewriting *rule = &rewritings[i];
        size_t size = strlen(rule->from);
        const char *end = text + size;

        if (strncmp(text, rule->from, size) != 0)
            continue;
        if (rule->until)
            end = strstr(end, rule->until);
        if (!end)
            break;
        (void)fputs(rule->to, out);
        return end + (rule->until ? strlen(rule->until) : 0);
    }
    (void)fputc(*text, out);
    return text + 1;
}

/* Where the drawing begins: past the symbols, which the page has once. */
static const char *content_of(const char *drawn)
{
    const char *defs = strstr(drawn, "</defs>");

    return defs ? defs + strlen("</defs>") : drawn + strlen(drawn);
}

char *tb_plot_inline(const char *drawn, const char *opening)
{
    const char *at = content_of(drawn), *end = strstr(at, "</svg>");
    char *text;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    (void)fprintf(out, "%s<g>", opening); /* the canvas's, which has begun before its symbols */
    while (*at && at != end)
        at = rewrite(out, at);
    (void)fputs("</svg>", out);
    (void)fclose(out);
    return text;
}

char *tb_plot_file(const char *drawn, const char *title, const char *legend)
{
    const char *begin = strstr(drawn, "<title>"), *end = strstr(drawn, "</desc>");
    char *text;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    if (begin && end) {
        (void)fwrite(drawn, 1, (size_t)(begin - drawn), out);
        tb_html_print(out, "<title>%s</title>\n<desc>%s", title, legend);
        drawn = end;
    }
    (void)fputs(drawn, out);
    (void)fclose(out);
    return text;
}
