#include "CPNGShim.h"

#include <errno.h>
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct gemba_png_reader {
  png_structp png;
  png_infop info;
  const uint8_t *bytes;
  size_t size;
  size_t position;
  int descriptor;
  uint32_t height;
  uint32_t rows_read;
  uint32_t passes_read;
  int truncated;
  int read_error;
  char message[160];
};

static void on_error(png_structp png, png_const_charp message) {
  gemba_png_reader *reader = png_get_error_ptr(png);
  if (reader != NULL) {
    strncpy(reader->message, message, sizeof reader->message - 1);
  }
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void on_read(png_structp png, png_bytep out, size_t count) {
  gemba_png_reader *reader = png_get_io_ptr(png);
  if (count > reader->size - reader->position) {
    reader->truncated = 1;
    png_error(png, "the file ends too early");
  }
  memcpy(out, reader->bytes + reader->position, count);
  reader->position += count;
}

static void on_read_file(png_structp png, png_bytep out, size_t count) {
  gemba_png_reader *reader = png_get_io_ptr(png);
  while (count > 0) {
    ssize_t got = read(reader->descriptor, out, count);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      reader->read_error = errno;
      png_error(png, "reading failed");
    }
    if (got == 0) {
      reader->truncated = 1;
      png_error(png, "the file ends too early");
    }
    out += got;
    count -= (size_t)got;
  }
}

static gemba_png_reader *new_reader(void) {
  gemba_png_reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) return NULL;
  reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, on_error, on_warning);
  if (reader->png == NULL) {
    free(reader);
    return NULL;
  }
  reader->info = png_create_info_struct(reader->png);
  if (reader->info == NULL) {
    gemba_png_close(reader);
    return NULL;
  }
  return reader;
}

gemba_png_reader *gemba_png_open(const uint8_t *bytes, size_t size) {
  gemba_png_reader *reader = new_reader();
  if (reader == NULL) return NULL;
  reader->bytes = bytes;
  reader->size = size;
  png_set_read_fn(reader->png, reader, on_read);
  return reader;
}

gemba_png_reader *gemba_png_open_file(int descriptor) {
  gemba_png_reader *reader = new_reader();
  if (reader == NULL) return NULL;
  reader->descriptor = descriptor;
  png_set_read_fn(reader->png, reader, on_read_file);
  return reader;
}

static int failure(const gemba_png_reader *reader) {
  if (reader->read_error != 0) return GEMBA_PNG_READ_FAILED;
  return reader->truncated ? GEMBA_PNG_TRUNCATED : GEMBA_PNG_CORRUPT;
}

int gemba_png_read_header(
    gemba_png_reader *reader, uint64_t maximum_pixels, gemba_png_header *header) {
  if (setjmp(png_jmpbuf(reader->png)) != 0) return failure(reader);
  png_set_crc_action(reader->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  // Pixels are bounded below; libpng's own bound of a million columns would come first.
  png_set_user_limits(reader->png, 0x7fffffff, 0x7fffffff);
  // Chunks that say nothing about samples are skipped: libpng takes memory for what they claim to hold.
  png_set_keep_unknown_chunks(reader->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_read_info(reader->png, reader->info);
  int depth, colour_type, interlace;
  png_get_IHDR(reader->png, reader->info, &header->width, &header->height, &depth, &colour_type,
               &interlace, NULL, NULL);
  if ((uint64_t)header->width * header->height > maximum_pixels) return GEMBA_PNG_TOO_LARGE;
  header->depth = (uint8_t)depth;
  header->colour_type = (uint8_t)colour_type;
  header->interlaced = interlace != PNG_INTERLACE_NONE;
  reader->height = header->height;
  if (colour_type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(reader->png);
  if (colour_type == PNG_COLOR_TYPE_GRAY && depth < 8) {
    png_set_expand_gray_1_2_4_to_8(reader->png);
  }
  png_set_strip_alpha(reader->png);
  if (depth == 16) png_set_swap(reader->png);
  if (header->interlaced) png_set_interlace_handling(reader->png);
  png_read_update_info(reader->png, reader->info);
  header->channels = png_get_channels(reader->png, reader->info);
  header->bits = png_get_bit_depth(reader->png, reader->info);
  return GEMBA_PNG_OK;
}

int gemba_png_read_rows(gemba_png_reader *reader, uint8_t *pixels, size_t stride, uint32_t rows) {
  if (setjmp(png_jmpbuf(reader->png)) != 0) return failure(reader);
  for (uint32_t row = 0; row < rows; row++) {
    png_read_row(reader->png, pixels + row * stride, NULL);
    reader->rows_read++;
  }
  return GEMBA_PNG_OK;
}

int gemba_png_read_interlaced(gemba_png_reader *reader, uint8_t *pixels, size_t stride) {
  if (setjmp(png_jmpbuf(reader->png)) != 0) return failure(reader);
  for (int pass = 0; pass < 7; pass++) {
    for (uint32_t row = 0; row < reader->height; row++) {
      png_read_row(reader->png, pixels + row * stride, NULL);
    }
    reader->passes_read++;
  }
  return GEMBA_PNG_OK;
}

int gemba_png_read_end(gemba_png_reader *reader) {
  if (setjmp(png_jmpbuf(reader->png)) != 0) return failure(reader);
  png_read_end(reader->png, NULL);
  return GEMBA_PNG_OK;
}

const char *gemba_png_message(const gemba_png_reader *reader) { return reader->message; }

uint32_t gemba_png_rows_read(const gemba_png_reader *reader) { return reader->rows_read; }

uint32_t gemba_png_passes_read(const gemba_png_reader *reader) { return reader->passes_read; }

int gemba_png_read_error(const gemba_png_reader *reader) { return reader->read_error; }

void gemba_png_close(gemba_png_reader *reader) {
  if (reader == NULL) return;
  png_destroy_read_struct(&reader->png, &reader->info, NULL);
  free(reader);
}

typedef struct {
  uint8_t *bytes;
  size_t size;
  size_t capacity;
} growing;

static void on_write(png_structp png, png_bytep bytes, size_t count) {
  growing *out = png_get_io_ptr(png);
  if (out->size + count > out->capacity) {
    size_t capacity = (out->size + count) * 2;
    uint8_t *grown = realloc(out->bytes, capacity);
    if (grown == NULL) png_error(png, "no memory");
    out->bytes = grown;
    out->capacity = capacity;
  }
  memcpy(out->bytes + out->size, bytes, count);
  out->size += count;
}

static void on_flush(png_structp png) { (void)png; }

static int write_with(
    png_structp png, png_infop info, growing *target, const uint8_t *pixels, size_t stride,
    uint32_t width, uint32_t height, int depth, int colour_type, int interlaced,
    const uint8_t *palette, int palette_count, int filter, int level) {
  if (setjmp(png_jmpbuf(png)) != 0) return GEMBA_PNG_NO_MEMORY;
  png_set_write_fn(png, target, on_write, on_flush);
  png_set_IHDR(png, info, width, height, depth, colour_type,
               interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  if (palette_count > 0) png_set_PLTE(png, info, (png_const_colorp)palette, palette_count);
  if (filter != 0) png_set_filter(png, PNG_FILTER_TYPE_BASE, filter);
  png_set_compression_level(png, level);
  png_write_info(png, info);
  int passes = interlaced ? png_set_interlace_handling(png) : 1;
  for (int pass = 0; pass < passes; pass++) {
    for (uint32_t row = 0; row < height; row++) png_write_row(png, pixels + row * stride);
  }
  png_write_end(png, info);
  return GEMBA_PNG_OK;
}

int gemba_png_write(
    const uint8_t *pixels, size_t stride, uint32_t width, uint32_t height, int depth,
    int colour_type, int interlaced, const uint8_t *palette, int palette_count, int filter,
    int level, uint8_t **out, size_t *out_size) {
  growing target = {NULL, 0, 0};
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, on_warning);
  if (png == NULL) return GEMBA_PNG_NO_MEMORY;
  png_infop info = png_create_info_struct(png);
  int status = info == NULL
                   ? GEMBA_PNG_NO_MEMORY
                   : write_with(png, info, &target, pixels, stride, width, height, depth,
                                colour_type, interlaced, palette, palette_count, filter, level);
  png_destroy_write_struct(&png, &info);
  if (status != GEMBA_PNG_OK) {
    free(target.bytes);
    return status;
  }
  *out = target.bytes;
  *out_size = target.size;
  return GEMBA_PNG_OK;
}

void gemba_png_free(uint8_t *bytes) { free(bytes); }
