#define _GNU_SOURCE
#include "CFolders.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

int gemba_exchange_folders(const char *first, const char *second) {
#if defined(__linux__)
  int status = renameat2(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE);
#elif defined(__APPLE__)
  int status = renamex_np(first, second, RENAME_SWAP);
#else
  int status = -1;
  errno = ENOSYS;
#endif
  return status == 0 ? 0 : errno;
}
