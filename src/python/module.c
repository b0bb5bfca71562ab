/* threadbench-python: the suite inside an interpreter, which loads this module with ctypes.PyDLL
 * and calls threadbench_main. The calling thread is attached all the while. */
#include <stdio.h>

#include "api.h"
#include "suite/program.h"

int threadbench_main(int argc, char **argv);

__attribute__((visibility("default"))) int threadbench_main(int argc, char **argv)
{
    const char *missing = tb_python_find();

    if (!missing)
        return tb_program(argc, argv);
    (void)fprintf(stderr,
                  "threadbench-python: this interpreter has no %s: take Python 3.9 or later\n",
                  missing);
    return 1;
}
