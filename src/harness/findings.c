#include "findings.h"

#include "json.h"
#include "words.h"

static bool is_warning(const cJSON *finding)
{
    return tb_same(tb_json_text(finding, "severity"), "warning");
}

void tb_findings_put(const struct tb_page *page, const cJSON *findings, bool whole)
{
    const cJSON *finding;

    cJSON_ArrayForEach(finding, findings) {
        if (whole || is_warning(finding))
            tb_page_line(page, 9, "%-8s %s: %s", tb_json_text(finding, "severity"),
                         tb_json_text(finding, "id"), tb_json_text(finding, "text"));
        if (whole)
            tb_page_line(page, 9, "%8s %s", "", tb_json_text(finding, "advice"));
    }
}

bool tb_findings_warn(const cJSON *findings)
{
    return is_warning(cJSON_GetArrayItem(findings, 0)); /* they come first */
}
