// How many units in the last place the transcendental functions are off, against long double.
#include "check.h"

static long double reference(adjoint_unary_operation operation, long double x) {
  switch (operation) {
    case ADJOINT_EXP: return expl(x);
    case ADJOINT_LOG: return logl(x);
    case ADJOINT_TANH: return tanhl(x);
    case ADJOINT_RSQRT: return 1 / sqrtl(x);
    case ADJOINT_EXPM1: return expm1l(x);
    case ADJOINT_LOG1P: return log1pl(x);
    case ADJOINT_LOG2: return log2l(x);
    case ADJOINT_SIN: return sinl(x);
    case ADJOINT_COS: return cosl(x);
    case ADJOINT_TAN: return tanl(x);
    case ADJOINT_ASIN: return asinl(x);
    case ADJOINT_ACOS: return acosl(x);
    case ADJOINT_ATAN: return atanl(x);
    case ADJOINT_SINH: return sinhl(x);
    case ADJOINT_COSH: return coshl(x);
    case ADJOINT_ASINH: return asinhl(x);
    case ADJOINT_ACOSH: return acoshl(x);
    case ADJOINT_ATANH: return atanhl(x);
    case ADJOINT_ERF: return erfl(x);
    case ADJOINT_SOFTPLUS: return isnan(x) ? x : fmaxl(x, 0) + log1pl(expl(-fabsl(x)));
    default: return x < 0 ? expl(x) / (1 + expl(x)) : 1 / (1 + expl(-x));
  }
}

// The distance between two neighbours of the type around x.
static long double unit(adjoint_dtype dtype, long double x) {
  int exponent;
  frexpl(x, &exponent);
  int least = dtype == ADJOINT_FLOAT32 ? -149 : -1074, digits = dtype == ADJOINT_FLOAT32 ? 24 : 53;
  return ldexpl(1, exponent - digits < least ? least : exponent - digits);
}

static double error_of(adjoint_dtype dtype, double got, long double expected) {
  const double nearest = dtype == ADJOINT_FLOAT32 ? (float)expected : (double)expected;
  if (isnan(nearest)) return isnan(got) ? 0 : INFINITY;
  if (got == nearest) return signbit(got) == signbit(nearest) ? 0 : INFINITY;
  if (isinf(got) || isinf(nearest)) {
    // The largest finite number and infinity are neighbours.
    const double largest = dtype == ADJOINT_FLOAT32 ? 0x1.fffffep127 : 0x1.fffffffffffffp1023;
    return fabs(got) >= largest && fabs(nearest) >= largest && (got > 0) == (nearest > 0) ? 1 : INFINITY;
  }
  return (double)(fabsl(got - expected) / unit(dtype, expected));
}

static void check_accuracy(adjoint_unary_operation operation, const char *name, adjoint_dtype dtype, const void *x,
                           ptrdiff_t count) {
  void *y = fresh(count * size_of(dtype));
  adjoint_unary(operation, dtype, y, x, count);
  double worst = 0, where = 0;
  for (ptrdiff_t i = 0; i < count; i++) {
    const double v = get(dtype, x, i), error = error_of(dtype, get(dtype, y, i), reference(operation, v));
    check(error <= 4, "%s(%.17g) = %.17g, not %.17Lg", name, v, get(dtype, y, i), reference(operation, v));
    if (error > worst) {
      worst = error;
      where = v;
    }
  }
  printf("  %-8s %s  %.3f ulp, at %.17g\n", name, dtype == ADJOINT_FLOAT32 ? "float32" : "float64", worst, where);
  free(y);
}

static void check_all(adjoint_dtype dtype, const void *x, ptrdiff_t count) {
  static const struct { adjoint_unary_operation operation; const char *name; } functions[] = {
      {ADJOINT_EXP, "exp"}, {ADJOINT_LOG, "log"}, {ADJOINT_TANH, "tanh"}, {ADJOINT_SIGMOID, "sigmoid"},
      {ADJOINT_RSQRT, "rsqrt"}, {ADJOINT_EXPM1, "expm1"}, {ADJOINT_LOG1P, "log1p"}, {ADJOINT_LOG2, "log2"},
      {ADJOINT_SIN, "sin"}, {ADJOINT_COS, "cos"}, {ADJOINT_TAN, "tan"}, {ADJOINT_ASIN, "asin"},
      {ADJOINT_ACOS, "acos"}, {ADJOINT_ATAN, "atan"}, {ADJOINT_SINH, "sinh"}, {ADJOINT_COSH, "cosh"},
      {ADJOINT_ASINH, "asinh"}, {ADJOINT_ACOSH, "acosh"}, {ADJOINT_ATANH, "atanh"}, {ADJOINT_ERF, "erf"},
      {ADJOINT_SOFTPLUS, "softplus"}};
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    check_accuracy(functions[i].operation, functions[i].name, dtype, x, count);
  }
}

int main(int argument_count, char **arguments) {
  // Every step-th float32; 1 for all of them.
  const uint64_t step = argument_count > 1 ? strtoull(arguments[1], NULL, 10) : 10007;
  const ptrdiff_t singles = (ptrdiff_t)((0xffffffffu) / step) + 1;
  float *x = fresh(singles * 4);
  for (ptrdiff_t i = 0; i < singles; i++) {
    const uint32_t bits = (uint32_t)((uint64_t)i * step);
    memcpy(x + i, &bits, 4);
  }
  check_all(ADJOINT_FLOAT32, x, singles);
  free(x);

  static const double specials[] = {0.0, -0.0, INFINITY, -INFINITY, NAN, 1, -1, 0x1p-1074, -0x1p-1074, 0x1p-1022,
                                    0x1.fffffffffffffp1023, -0x1.fffffffffffffp1023, 709.782712893384,
                                    709.7827128933841, -708.3964185322641, -745.1332191019411, -745.1332191019412,
                                    -745.2, -750, 19.06, 22};
  enum { SPECIALS = sizeof specials / sizeof *specials };
  const ptrdiff_t doubles = 400000;
  double *z = fresh(doubles * 8);
  for (ptrdiff_t i = 0; i < doubles; i++) {
    const uint64_t bits = next_bits();
    switch (i % 6) {
      case 0: memcpy(z + i, &bits, 8); break;
      // Close to multiples of π/2, where sine or cosine is close to 0; and over the reducible range.
      case 4: z[i] = (double)(next_bits() % 1000000) * 1.57079632679489661923; break;
      case 5: z[i] = next_in(-1.6e6, 1.6e6); break;
      case 1: z[i] = next_in(-750, 750); break;
      case 2: z[i] = next_in(-2, 2); break;
      default: z[i] = ldexp(next_in(-1, 1), (int)(next_bits() % 20) - 14);
    }
    if (i < SPECIALS) z[i] = specials[i];
  }
  check_all(ADJOINT_FLOAT64, z, doubles);
  free(z);
  return finish("accuracy");
}
