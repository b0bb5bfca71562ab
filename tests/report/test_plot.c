/* What becomes of gnuplot's drawings, and of the marks that figures leave in a page. */
#include "report/html/plot.h"

#include <stdlib.h>

#include "check.h"
#include "report/html/plot_svg.h"
#include "util/memory.h"

/* As gnuplot 5.4 begins and ends a document, with a curve, a tick and nothing of its own. */
static const char drawn[] =
    "<?xml version=\"1.0\" encoding=\"utf-8\"  standalone=\"no\"?>\n"
    "<svg \n width=\"440\" height=\"250\"\n viewBox=\"0 0 440 250\"\n>\n\n"
    "<title>Gnuplot</title>\n<desc>Produced by GNUPLOT 5.4 patchlevel 4 </desc>\n\n"
    "<g id=\"gnuplot_canvas\">\n\n<defs>\n\t<circle id='gpDot' r='0.5'/>\n</defs>\n"
    "<g fill=\"none\" color=\"white\" stroke=\"currentColor\" stroke-width=\"1.00\">\n</g>\n"
    "<g fill=\"none\" color=\"black\" stroke=\"currentColor\" stroke-width=\"0.80\" "
    "stroke-linecap=\"butt\" stroke-linejoin=\"miter\">\n"
    "\t<path stroke='black'  d='M48.0,10.0 L48.0,222.0  '/>"
    "\t<g transform=\"translate(40,226)\" stroke=\"none\" fill=\"black\" "
    "font-family=\"sans-serif\" font-size=\"11.00\"  text-anchor=\"end\">\n"
    "\t\t<text><tspan font-family=\"sans-serif\" >5 \u00b5s</tspan></text>\n\t</g>\n</g>\n"
    "\t<g id=\"gnuplot_plot_12\" ><title>gnuplot_plot_12</title>\n"
    "<g fill=\"none\" color=\"black\" stroke=\"currentColor\" stroke-width=\"1.60\">\n"
    "\t<path stroke='rgb(  0, 103, 165)'  d='M1,2 L3,4  '/></g>\n\t</g>\n"
    "</g>\n</svg>\n\n";

static void drawings_take_the_page_s_colours(void **state)
{
    tb_autofree char *svg = tb_plot_inline(drawn, "<svg class=\"plot\">");

    (void)state;
    assert_true(strstr(svg, "<svg class=\"plot\"><g>") == svg);
    assert_contains(svg, "<g class=\"curve\"><g");
    assert_contains(svg, "stroke='var(--s1)'");
    assert_contains(svg, "class=\"tick\"");
    assert_contains(svg, "<text>5 \u00b5s</text>");
    assert_true(strstr(svg, "</g></svg>") == svg + strlen(svg) - strlen("</g></svg>"));
    assert_null(strstr(svg, "black"));
    assert_null(strstr(svg, "rgb("));
    assert_null(strstr(svg, "title"));
    assert_null(strstr(svg, "font-"));
    assert_null(strstr(svg, " id="));
    assert_null(strstr(svg, "white"));
}

static void other_colours_stay(void **state)
{
    tb_autofree char *svg =
        tb_plot_inline("</defs><path stroke='rgb(  1,   2,   3)'/></g></svg>", "");
    tb_autofree char *grid =
        tb_plot_inline("</defs><path stroke='rgb(208, 208, 208)'/></g></svg>", "");

    (void)state;
    assert_contains(svg, "'rgb(  1,   2,   3)'");
    assert_contains(grid, "'var(--rule)'");
}

static void what_is_no_drawing_is_an_empty_one(void **state)
{
    static const char *const texts[] = {"",
                                        "</defs>",
                                        "<svg>",
                                        "</defs><title>",
                                        "</defs>rgb(",
                                        "</defs><g fill=\"none\"",
                                        "</defs> font-size=\"11"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        tb_autofree char *svg = tb_plot_inline(texts[i], "<svg>");

        assert_contains(svg, "</svg>");
    }
}

static void files_have_their_title(void **state)
{
    tb_autofree char *text = tb_plot_file(drawn, "a <b>", "#0067a5: \"c\"");

    (void)state;
    assert_contains(text, "<title>a &lt;b&gt;</title>\n<desc>#0067a5: &quot;c&quot;</desc>");
    assert_contains(text, "rgb(  0, 103, 165)");
    assert_null(strstr(text, "GNUPLOT"));
}

static void marks_become_figures_or_nothing(void **state)
{
    static const struct tb_point points[] = {{1, 2}, {3, 4}};
    static const struct tb_curve curve = {points, 2, 0, TB_STROKE_LINE};
    struct tb_plot plot = {
        .name = "n", .title = "t\"<", .caption = "c&", .curves = &curve, .count = 1};
    tb_auto(tb_plots_finish) struct tb_plots plots = {0};
    tb_autofree char *empty = NULL, *full = NULL, *page = NULL;
    size_t size;
    FILE *out = tb_open_text(&page, &size);

    (void)state;
    plot.x = tb_ruler(1, 3, false);
    plot.y = tb_ruler(2, 4, false);
    (void)fputs("before ", out); /* in memory, as below */
    tb_plots_add(&plots, out, &plot);
    (void)fputs(" after", out);
    (void)fclose(out);
    empty = tb_plots_place(&plots, page, size, &size);
    assert_string_equal(empty, "before  after");
    plots.made[0].svg = tb_plot_inline(drawn, plots.made[0].opening);
    full = tb_plots_place(&plots, page, strlen(page), &size);
    assert_int_equal(size, strlen(full));
    assert_contains(full, "before <figure><svg class=\"plot\"");
    assert_contains(full, "aria-label=\"t&quot;&lt;\"");
    assert_contains(full, "</svg><figcaption>c&amp;</figcaption></figure> after");
}

static void scripts_hold_numbers_alone(void **state)
{
    static const struct tb_point points[] = {{1, 2}, {3, 4}};
    static const struct tb_curve curve = {points, 2, 9, TB_STROKE_DASHED};
    const struct tb_plot plot = {.name = "NAME",
                                 .title = "TITLE",
                                 .legend = "LEGEND",
                                 .caption = "C",
                                 .reading = "UNIT",
                                 .x = tb_ruler(1, 3, false),
                                 .curves = &curve,
                                 .y = tb_ruler(1, 1000, true),
                                 .count = 1};
    tb_auto(tb_plots_finish) struct tb_plots plots = {0};
    tb_autofree char *page = NULL;
    size_t size;
    FILE *out = tb_open_text(&page, &size);

    (void)state;
    tb_plots_add(&plots, out, &plot);
    (void)fclose(out); /* in memory */
    (void)fflush(plots.script);
    assert_contains(plots.text, "set logscale y");
    assert_contains(plots.text, "lc rgb '#c44601'");
    assert_contains(plots.text, "\n1 2\n3 4\ne\n");
    assert_null(strstr(plots.text, "NAME"));
    assert_null(strstr(plots.text, "TITLE"));
    assert_null(strstr(plots.text, "LEGEND"));
    assert_null(strstr(plots.text, "UNIT"));
}

/* gnuplot would end at them, and leave out the good one, too. */
static void what_cannot_be_drawn_is_left_out(void **state)
{
    static const struct tb_point points[] = {{1, 2}, {3, 4}};
    static const struct tb_curve curve = {points, 2, 0, TB_STROKE_LINE};
    const struct tb_ruler good = tb_ruler(1, 3, false), empty = tb_ruler(0, 0, false);
    const struct tb_ruler unknown = tb_ruler(NAN, NAN, false);
    const struct tb_plot bad[] = {
        {.name = "n",
         .title = "t",
         .caption = "c",
         .x = empty,
         .y = good,
         .curves = &curve,
         .count = 1},
        {.name = "n",
         .title = "t",
         .caption = "c",
         .x = good,
         .y = unknown,
         .curves = &curve,
         .count = 1},
        {.name = "n", .title = "t", .caption = "c", .x = good, .y = good},
    };
    tb_auto(tb_plots_finish) struct tb_plots plots = {0};
    tb_autofree char *page = NULL;
    size_t size;
    FILE *out = tb_open_text(&page, &size);

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        tb_plots_add(&plots, out, &bad[i]);
    (void)fclose(out); /* in memory */
    assert_string_equal(page, "");
    assert_int_equal(plots.count, 0);
    assert_null(plots.script);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(drawings_take_the_page_s_colours),
        cmocka_unit_test(other_colours_stay),
        cmocka_unit_test(what_is_no_drawing_is_an_empty_one),
        cmocka_unit_test(files_have_their_title),
        cmocka_unit_test(marks_become_figures_or_nothing),
        cmocka_unit_test(scripts_hold_numbers_alone),
        cmocka_unit_test(what_cannot_be_drawn_is_left_out),
    };

    return cmocka_run_group_tests_name("plot", tests, NULL, NULL);
}
