/* A shared module that does nothing but hold thread-local storage. Every thread of a program that
 * was started with it preloaded gets that much more to set up; where it is loaded later, a thread
 * gets its part at the first access. */
_Thread_local char tb_tls_module_block[TB_TLS_BYTES];

char *tb_tls_module_access(void);

char *tb_tls_module_access(void)
{
    tb_tls_module_block[0]++;
    return tb_tls_module_block;
}
