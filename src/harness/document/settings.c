#include "document/settings.h"

#include <math.h>

#include "util/json.h"

void tb_settings_write(const struct tb_settings *settings, cJSON *object)
{
#define WRITE(type, name, key, least, most, missing)                                               \
    tb_json_set_number(object, key, (double)settings->name);
    TB_SETTINGS(WRITE)
#undef WRITE
}

double tb_settings_take(const cJSON *object, const char *key, bool whole, double least, double most,
                        double missing, const char **wrong)
{
    double value = tb_json_number(object, key, NAN);

    if (value >= least && value <= most && !(whole && value != floor(value)))
        return value;
    if (tb_json_find(object, key) && !*wrong)
        *wrong = key;
    return missing;
}

const char *tb_settings_read(struct tb_settings *settings, const cJSON *object)
{
    const char *wrong = NULL;

#define READ(type, name, key, least, most, missing)                                                \
    settings->name =                                                                               \
        (type)tb_settings_take(object, key, (type)0.5 == 0, least, most, missing, &wrong);
    TB_SETTINGS(READ)
#undef READ
    return wrong;
}
