#ifndef GEMBA_PNG_SHIM_H
#define GEMBA_PNG_SHIM_H

#include <stddef.h>
#include <stdint.h>

/// The one place where libpng's longjmp ends: every function returns a status, none unwinds.
typedef struct gemba_png_reader gemba_png_reader;

enum {
  GEMBA_PNG_OK = 0,
  GEMBA_PNG_CORRUPT = 1,
  /// The bytes end before the image does.
  GEMBA_PNG_TRUNCATED = 2,
  GEMBA_PNG_NO_MEMORY = 3,
  /// The system refused to read on; `gemba_png_read_error` tells why.
  GEMBA_PNG_READ_FAILED = 4,
  /// More pixels than asked for; width and height of the header are filled.
  GEMBA_PNG_TOO_LARGE = 5,
};

typedef struct {
  uint32_t width;
  uint32_t height;
  /// Bits a sample in the file: 1, 2, 4, 8 or 16.
  uint8_t depth;
  /// PNG colour type: 0 gray, 2 RGB, 3 palette, 4 gray with alpha, 6 RGB with alpha.
  uint8_t colour_type;
  uint8_t interlaced;
  /// After libpng's expansion: 1 (gray) or 3 (RGB) samples a pixel, of 8 or 16 bits (16 in the
  /// machine's byte order), alpha dropped, no gamma applied.
  uint8_t channels;
  uint8_t bits;
} gemba_png_header;

/// A reader over `size` bytes that stay where they are until `gemba_png_close`. NULL: no memory.
gemba_png_reader *gemba_png_open(const uint8_t *bytes, size_t size);

/// A reader over the open file `descriptor` from where it stands; the file stays the caller's. NULL:
/// no memory.
gemba_png_reader *gemba_png_open_file(int descriptor);

/// Reads up to the first row and fills `header`; takes no memory for rows of an image of more than
/// `maximum_pixels`.
int gemba_png_read_header(
    gemba_png_reader *reader, uint64_t maximum_pixels, gemba_png_header *header);

/// Reads the next `rows` rows of a non-interlaced image, `stride` bytes apart.
int gemba_png_read_rows(gemba_png_reader *reader, uint8_t *pixels, size_t stride, uint32_t rows);

/// Reads a whole interlaced image: `height` rows, `stride` bytes apart.
int gemba_png_read_interlaced(gemba_png_reader *reader, uint8_t *pixels, size_t stride);

/// Reads what follows the pixels; IEND must be there.
int gemba_png_read_end(gemba_png_reader *reader);

/// libpng's words about the last failure; empty when there was none.
const char *gemba_png_message(const gemba_png_reader *reader);

/// Rows read so far; 0 for an interlaced image.
uint32_t gemba_png_rows_read(const gemba_png_reader *reader);

/// Passes of an interlaced image that are read whole, 0 to 7.
uint32_t gemba_png_passes_read(const gemba_png_reader *reader);

/// The errno of `GEMBA_PNG_READ_FAILED`.
int gemba_png_read_error(const gemba_png_reader *reader);

/// Frees the reader; NULL is allowed.
void gemba_png_close(gemba_png_reader *reader);

/// Writes a PNG into memory that `gemba_png_free` frees. `pixels` holds `height` rows of packed
/// samples, 16-bit ones high byte first. `palette` (RGB triples) only for colour type 3. `filter` is
/// libpng's filter mask, 0 for its default choice. `level`: 0–9.
int gemba_png_write(
    const uint8_t *pixels, size_t stride, uint32_t width, uint32_t height, int depth,
    int colour_type, int interlaced, const uint8_t *palette, int palette_count, int filter,
    int level, uint8_t **out, size_t *out_size);

void gemba_png_free(uint8_t *bytes);

#endif
