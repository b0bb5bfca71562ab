#include "document/origin.h"

#include <stddef.h>
#include <string.h>

#include "util/json.h"

const char *tb_origin_differs(struct tb_origin *origin, const cJSON *context)
{
    static const char *const members[TB_ORIGIN_MEMBERS][2] = {
        {"host_name", "the host"},
        {"library_version", "the benchmark library"},
        {"threadbench.host.cpu", "the processor"},
        {"threadbench.host.machine", "the architecture"},
        {"threadbench.host.libc", "the C library"},
        {"threadbench.host.kernel.release", "the kernel"},
        {"threadbench.host.kernel.version", "the kernel's build"},
    };
    const char *what = NULL;

    for (size_t i = 0; !what && i < TB_ORIGIN_MEMBERS; i++) {
        const char *text = tb_json_text(context, members[i][0]);

        if (text && !origin->texts[i])
            origin->texts[i] = text;
        else if (text && strcmp(text, origin->texts[i]) != 0)
            what = members[i][1];
    }
    return what;
}
