/* A shared module that does nothing but hold static thread-local storage: every thread of a program
 * that was started with it preloaded gets that much more to set up. */
_Thread_local char tb_tls_module_block[TB_TLS_BYTES];
