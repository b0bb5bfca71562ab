/* threadbench-suite: see program.h. */
#include "program.h"

#include <stddef.h>

int main(int argc, char **argv)
{
    return tb_program(argc, argv, NULL);
}
