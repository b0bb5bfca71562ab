/*
 * What a subject's processes have loaded, and which of its settings had no effect.
 */
#ifndef TB_RUN_LOADED_H
#define TB_RUN_LOADED_H

#include "document/subject.h"
#include "run/glimpse.h"

/*
 * Notes in the subject the C library, the loader and what was preloaded, each with path, version
 * and build-id, unless that is known already; and what was to be preloaded and was not, and names
 * and values of GLIBC_TUNABLES that its loader does not take. The loader is run to ask it for them.
 * After ten looks in vain nobody is to look any more: "loaded" is null then.
 */
void tb_loaded_note(const struct tb_subject *subject, const struct tb_glimpse *glimpse);

#endif
