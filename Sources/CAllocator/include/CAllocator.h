#ifndef GEMBA_ALLOCATOR_H
#define GEMBA_ALLOCATOR_H

#include <stddef.h>

/// Asks the allocator to keep up to `kept` freed bytes at the end of each heap, and to take blocks of
/// up to `largest` bytes from heaps. 1 when done, 0 where the allocator has no such setting (not glibc).
int gemba_keep_freed_memory(int kept, int largest);

#endif
