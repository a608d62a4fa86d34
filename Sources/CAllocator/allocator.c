#include "CAllocator.h"

#include <stdlib.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

int gemba_keep_freed_memory(int kept, int largest) {
#if defined(__GLIBC__)
  return mallopt(M_TRIM_THRESHOLD, kept) && mallopt(M_MMAP_THRESHOLD, largest);
#else
  (void)kept;
  (void)largest;
  return 0;
#endif
}
