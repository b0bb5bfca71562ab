// What runtimes in C++ make of an exception: an errno value, whatever was thrown.
#include "std.hh"

#include <stdexcept>

int main()
{
    const bool right =
        tb_std_try([] {}) == 0 && tb_std_try([] { throw std::bad_alloc(); }) == ENOMEM &&
        tb_std_try([] { throw std::system_error(EAGAIN, std::generic_category()); }) == EAGAIN &&
        tb_std_try([] { throw std::logic_error("a library's own"); }) == EIO;

    return right ? 0 : 1;
}
