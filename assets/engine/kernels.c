// The layers of a neural network on a CPU, in WebAssembly: `run` works off a table of steps, one call a picture.
//
// Tensors are floats [height][width][channels], channels filled up with zeros to a multiple of 8. Pixels are done by
// fours: behind the last one of a tensor there is room for three more. Weights lie in the order in which they are read,
// biases before them.

#include <wasm_simd128.h>

#define TILE 4   // pixels done at once
#define PANEL 8  // channels done at once where all are mixed
#define LANES 4  // numbers in a register
#define LARGEST 5 // window, pixels across

#ifdef __wasm_relaxed_simd__
#define multiply_add(a, b, sum) wasm_f32x4_relaxed_madd(a, b, sum)
#else
#define multiply_add(a, b, sum) wasm_f32x4_add(wasm_f32x4_mul(a, b), sum)
#endif

enum Kind { POINTS, AREAS, WINDOWS, SUM, LARGEST_OF_FOUR, LARGER, SPREAD, WIDER };

// All channels of a pixel to others: a matrix, and limits of what comes out.
typedef struct {
  int channels;         // that go in
  const float *weights; // 0: there is no such layer
  float least, most;
} Mix;

typedef struct {
  enum Kind kind;
  int height, width, channels; // of the input, channels as windows see it
  int high, wide, deep;        // of the output
  int window, stride, top, left;
  const float *input, *other;  // `other` is added
  float *output, *rows, *line; // `rows` keeps what windows see, `line` what is made of them
  const float *weights;        // of windows
  float least, most;
  Mix before, after;
} Step;

extern unsigned char __heap_base;

__attribute__((export_name("free_from"))) int free_from(void) { return (int)&__heap_base; }

static inline v128_t between(v128_t least, v128_t value, v128_t most) {
  return wasm_f32x4_pmin(most, wasm_f32x4_pmax(least, value));
}

// May write three numbers more.
static inline void copy(float *to, const float *from, int count) {
  for (int i = 0; i < count; i += LANES) wasm_v128_store(to + i, wasm_v128_load(from + i));
}

static inline void clear(float *from, int count) {
  for (int i = 0; i < count; i += LANES) wasm_v128_store(from + i, wasm_f32x4_splat(0));
}

// Mixes the channels of pixels that lie `apart` numbers from each other.
static void mix(const Mix *to, const float *input, int pixels, int apart, float *output, int deep, const float *other) {
  const v128_t least = wasm_f32x4_splat(to->least), most = wasm_f32x4_splat(to->most);
  for (int pixel = 0; pixel < pixels; pixel += TILE) {
    const float *weights = to->weights;
    for (int channel = 0; channel < deep; channel += PANEL) {
      v128_t sums[TILE][2];
      const float *from[TILE];
      for (int i = 0; i < TILE; i++) {
        from[i] = input + (pixel + i) * apart;
        sums[i][0] = wasm_v128_load(weights);
        sums[i][1] = wasm_v128_load(weights + LANES);
      }
      weights += PANEL;
#pragma clang loop unroll(disable)
      for (int k = 0; k < to->channels; k++, weights += PANEL) {
        const v128_t first = wasm_v128_load(weights), second = wasm_v128_load(weights + LANES);
#pragma clang loop unroll(full)
        for (int i = 0; i < TILE; i++) {
          const v128_t value = wasm_v128_load32_splat(from[i]++);
          sums[i][0] = multiply_add(value, first, sums[i][0]);
          sums[i][1] = multiply_add(value, second, sums[i][1]);
        }
      }
      for (int i = 0; i < TILE; i++)
        for (int half = 0; half < 2; half++) {
          const int at = (pixel + i) * deep + channel + half * LANES;
          if (other) sums[i][half] = wasm_f32x4_add(sums[i][half], wasm_v128_load(other + at));
          wasm_v128_store(output + at, between(least, sums[i][half], most));
        }
    }
  }
}

// Mixes all channels of all pixels of windows, which are laid out one after the other.
static void areas(const Step *s) {
  const int across = s->window * s->channels, numbers = s->window * across;
  for (int y = 0; y < s->high; y++) {
    for (int x = 0; x < s->wide; x++)
      for (int row = 0; row < s->window; row++)
        copy(s->line + x * numbers + row * across,
             s->input + ((y * s->stride + row) * s->width + x * s->stride) * s->channels, across);
    mix(&s->after, s->line, s->wide, numbers, s->output + y * s->wide * s->deep, s->deep, 0);
  }
}

// Sums up windows, each channel for itself: one row of them.
static inline __attribute__((always_inline)) void row_of_windows(const Step *s, const float **rows, float *output,
                                                                 int window, int stride) {
  const int channels = s->channels;
  const v128_t least = wasm_f32x4_splat(s->least), most = wasm_f32x4_splat(s->most);
  for (int x = 0; x < s->wide; x += TILE)
    for (int channel = 0; channel < channels; channel += LANES) {
      const float *weights = s->weights + channel;
      v128_t sums[TILE];
      for (int i = 0; i < TILE; i++) sums[i] = wasm_v128_load(weights);
      for (int row = 0; row < window; row++) {
        const float *from = rows[row] + x * stride * channels + channel;
#pragma clang loop unroll(full)
        for (int column = 0; column < window; column++) {
          const v128_t weight = wasm_v128_load(weights += channels);
#pragma clang loop unroll(full)
          for (int i = 0; i < TILE; i++)
            sums[i] = multiply_add(wasm_v128_load(from + (column + i * stride) * channels), weight, sums[i]);
        }
      }
      for (int i = 0; i < TILE; i++)
        wasm_v128_store(output + (x + i) * channels + channel, between(least, sums[i], most));
    }
}

// Mix, windows, mix: row by row, so that what lies between them is still near.
static void windows(const Step *s) {
  const int size = (s->width + 2 * LARGEST + TILE) * s->channels, edge = s->left * s->channels;
  const int apart = s->before.weights ? (s->before.channels + PANEL - 1) / PANEL * PANEL : s->channels;
  const float *nothing = s->rows + s->window * size;
  clear(s->rows, (s->window + 1) * size);
  for (int y = 0, ready = 0; y < s->high; y++) {
    const int first = y * s->stride - s->top;
    for (; ready < s->height && ready < first + s->window; ready++) {
      const float *input = s->input + ready * s->width * apart;
      float *row = s->rows + ready % s->window * size + edge;
      if (s->before.weights) {
        mix(&s->before, input, s->width, apart, row, s->channels, 0);
        clear(row + s->width * s->channels, LARGEST * s->channels); // a mix writes whole tiles
      } else
        copy(row, input, s->width * s->channels);
    }
    const float *rows[LARGEST];
    for (int i = 0; i < s->window; i++) {
      const int row = first + i;
      rows[i] = row < 0 || row >= s->height ? nothing : s->rows + row % s->window * size;
    }
    const int begin = y * s->wide * s->deep;
    float *made = s->after.weights ? s->line : s->output + begin;
    if (s->window == 3 && s->stride == 1) row_of_windows(s, rows, made, 3, 1);
    else if (s->window == 3) row_of_windows(s, rows, made, 3, 2);
    else if (s->stride == 1) row_of_windows(s, rows, made, 5, 1);
    else row_of_windows(s, rows, made, 5, 2);
    if (s->after.weights)
      mix(&s->after, made, s->wide, s->channels, s->output + begin, s->deep, s->other ? s->other + begin : 0);
  }
}

static void sum(const Step *s) {
  const v128_t least = wasm_f32x4_splat(s->least), most = wasm_f32x4_splat(s->most);
  for (int i = 0; i < s->high * s->wide * s->deep; i += LANES)
    wasm_v128_store(s->output + i,
                    between(least, wasm_f32x4_add(wasm_v128_load(s->input + i), wasm_v128_load(s->other + i)), most));
}

static void largest_of_four(const Step *s) {
  const int below = s->width * s->deep;
  for (int y = 0; y < s->high; y++)
    for (int x = 0; x < s->wide; x++)
      for (int channel = 0; channel < s->deep; channel += LANES) {
        const float *from = s->input + (2 * y * s->width + 2 * x) * s->deep + channel;
        const v128_t upper = wasm_f32x4_pmax(wasm_v128_load(from), wasm_v128_load(from + s->deep));
        from += below;
        const v128_t lower = wasm_f32x4_pmax(wasm_v128_load(from), wasm_v128_load(from + s->deep));
        wasm_v128_store(s->output + (y * s->wide + x) * s->deep + channel, wasm_f32x4_pmax(upper, lower));
      }
}

// Between which two of `length` pixels one of twice as many lies, and how near the second.
static inline void place(int at, int length, int *first, int *second, v128_t *near) {
  const float where = at * 0.5f - 0.25f, inside = where < 0 ? 0 : where;
  *first = (int)inside;
  *second = *first + 1 < length ? *first + 1 : *first;
  *near = wasm_f32x4_splat(inside - *first);
}

static inline v128_t blend(const float *one, const float *other, v128_t near) {
  const v128_t first = wasm_v128_load(one);
  return wasm_f32x4_add(first, wasm_f32x4_mul(wasm_f32x4_sub(wasm_v128_load(other), first), near));
}

// Twice as high and wide, evenly.
static void larger(const Step *s) {
  for (int y = 0; y < s->high; y++) {
    int top, bottom;
    v128_t down;
    place(y, s->height, &top, &bottom, &down);
    const float *above = s->input + top * s->width * s->deep, *below = s->input + bottom * s->width * s->deep;
    for (int x = 0; x < s->wide; x++) {
      int left, right;
      v128_t across;
      place(x, s->width, &left, &right, &across);
      for (int channel = 0; channel < s->deep; channel += LANES) {
        const int one = left * s->deep + channel, other = right * s->deep + channel;
        const v128_t upper = blend(above + one, above + other, across);
        const v128_t lower = blend(below + one, below + other, across);
        wasm_v128_store(s->output + (y * s->wide + x) * s->deep + channel,
                        wasm_f32x4_add(upper, wasm_f32x4_mul(wasm_f32x4_sub(lower, upper), down)));
      }
    }
  }
}

// A quarter of the channels to each of four pixels.
static void spread(const Step *s) {
  for (int y = 0; y < s->high; y++)
    for (int x = 0; x < s->wide; x++)
      copy(s->output + (y * s->wide + x) * s->deep,
           s->input + (y / 2 * s->width + x / 2) * s->channels + (y % 2 * 2 + x % 2) * s->deep, s->deep);
}

static void wider(const Step *s) {
  for (int pixel = 0; pixel < s->high * s->wide; pixel++) {
    clear(s->output + pixel * s->deep, s->deep);
    copy(s->output + pixel * s->deep, s->input + pixel * s->channels, s->channels);
  }
}

__attribute__((export_name("run"))) void run(const Step *steps, int count) {
  for (const Step *s = steps; s < steps + count; s++) switch (s->kind) {
      case POINTS:
        mix(&s->after, s->input, s->high * s->wide, s->channels, s->output, s->deep, s->other);
        break;
      case AREAS: areas(s); break;
      case WINDOWS: windows(s); break;
      case SUM: sum(s); break;
      case LARGEST_OF_FOUR: largest_of_four(s); break;
      case LARGER: larger(s); break;
      case SPREAD: spread(s); break;
      case WIDER: wider(s); break;
    }
}
