/// The loops under Adjoint: plain C over raw pointers, compiled once for every instruction set and chosen when the
/// program starts. Nothing here knows of tensors, gradients or allocation.
///
/// Conventions shared by every header:
/// - Arrays are dense and row-major; counts and extents are in elements and may be 0.
/// - `void *` arrays hold elements of the `adjoint_dtype` that is passed along.
/// - Results have the same bits for any number of threads: a cut that decides in which order numbers are added depends on
///   the extents alone.
#ifndef ADJOINT_KERNELS_H
#define ADJOINT_KERNELS_H

#include "adjoint/affine.h"
#include "adjoint/attention.h"
#include "adjoint/checksum.h"
#include "adjoint/copying.h"
#include "adjoint/elementwise.h"
#include "adjoint/instruction_set.h"
#include "adjoint/linear_algebra.h"
#include "adjoint/matmul.h"
#include "adjoint/optimizers.h"
#include "adjoint/random.h"
#include "adjoint/recurrent.h"
#include "adjoint/reductions.h"
#include "adjoint/scope.h"
#include "adjoint/softmax.h"
#include "adjoint/sparse.h"
#include "adjoint/threads.h"
#include "adjoint/windows.h"

#endif
