/* threadbench-suite: program.h says what it does. */
#include "program.h"

#include <stddef.h>

int main(int argc, char **argv)
{
    return tb_program(argc, argv, NULL);
}
