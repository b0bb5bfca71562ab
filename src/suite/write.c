#include "write.h"

#include <math.h>

static void put_string(FILE *stream, const char *text)
{
    (void)fputc('"', stream);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            (void)fprintf(stream, "\\%c", *text);
        else if ((unsigned char)*text < ' ')
            (void)fprintf(stream, "\\u%04x", (unsigned)*text);
        else
            (void)fputc(*text, stream);
    }
    (void)fputc('"', stream);
}

FILE *tb_write_member(struct tb_writer *out, const char *key)
{
    if (!out->empty)
        (void)fputc(',', out->stream);
    out->empty = false;
    if (key) {
        put_string(out->stream, key);
        (void)fputc(':', out->stream);
    }
    return out->stream;
}

void tb_write_begin(struct tb_writer *out, const char *key, char bracket)
{
    (void)fputc(bracket, tb_write_member(out, key));
    out->empty = true;
}

void tb_write_end(struct tb_writer *out, char bracket)
{
    (void)fputc(bracket, out->stream);
    out->empty = false;
}

void tb_write_text(struct tb_writer *out, const char *key, const char *text)
{
    FILE *stream = tb_write_member(out, key);

    if (text)
        put_string(stream, text);
    else
        (void)fputs("null", stream);
}

void tb_write_number(struct tb_writer *out, const char *key, double number)
{
    FILE *stream = tb_write_member(out, key);

    if (isfinite(number))
        (void)fprintf(stream, "%.15g", number);
    else
        (void)fputs("null", stream);
}

void tb_write_flag(struct tb_writer *out, const char *key, bool flag)
{
    (void)fputs(flag ? "true" : "false", tb_write_member(out, key));
}
