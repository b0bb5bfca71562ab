/*
 * A document's result as the run had it that wrote it. Pure.
 */
#ifndef TB_DOCUMENT_RECALL_H
#define TB_DOCUMENT_RECALL_H

#include "document/read.h"

/*
 * Fills in what reading leaves out, as comparing does without it: host and moments, what was seen
 * of the subject, what it reports of itself, why the run ended, what disturbed it; phases and parts
 * as the subject named them. Then what prints a run's results prints the document's. Of a file that
 * is not ours only the host's name and size are known. Once for a document.
 */
void tb_document_recall(struct tb_document *document);

#endif
