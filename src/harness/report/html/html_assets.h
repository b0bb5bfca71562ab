/*
 * What every page of HTML carries: page.css and page.js, put into the program by embed.py.
 */
#ifndef TB_REPORT_HTML_HTML_ASSETS_H
#define TB_REPORT_HTML_HTML_ASSETS_H

extern const char tb_html_style[];
extern const char tb_html_script[];

/* Of the script, in base64: the only one that a page allows to run. */
extern const char tb_html_script_sha256[];

#endif
