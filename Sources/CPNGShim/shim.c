#include "CPNGShim.h"
#include <png.h>

const char *gemba_png_version(void) { return png_get_libpng_ver(NULL); }
