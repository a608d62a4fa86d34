#ifndef GEMBA_PNG_SHIM_H
#define GEMBA_PNG_SHIM_H

/// The libpng version linked in, as text.
const char *gemba_png_version(void);

#endif
