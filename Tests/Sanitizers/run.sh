#!/bin/sh
# Compiles the kernels and every driver here with the address and undefined-behaviour sanitizers, and runs each driver
# with every instruction set this processor has.   ./run.sh [driver ...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
kernels=$here/../../Sources/AdjointKernels
clang=${CLANG:-clang}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Left out of the undefined-behaviour checks are those that the address sanitizer makes in its own way: they triple the
# time to compile the kernels.
flags="-std=gnu17 -Wall -Wextra -Werror -O1 -gline-tables-only -fno-omit-frame-pointer
  -fsanitize=${SANITIZE:-address,undefined} -fno-sanitize=null,object-size,pointer-overflow,alignment
  -fno-sanitize-recover=all"
flags=$(echo $flags)

# GNU gold warns of every symbol of the sanitizer's run-time library.
if command -v ld.lld >/dev/null 2>&1; then linker=-fuse-ld=lld; else linker=; fi

names=${*:-$(cd "$here" && ls driver_*.c)}
# Two at a time: the objects are independent, and the three instruction sets take longest.
{ ls "$kernels"/isa/*.c "$kernels"/*.c; for name in $names; do echo "$here/${name%.c}.c"; done; } |
  xargs -P 2 -I{} sh -c '"$1" $2 -I "$3/include" -c "$5" -o "$4/$(basename "$5" .c).o"' \
    sh "$clang" "$flags" "$kernels" "$work" {}

known="baseline"
if grep -qw avx2 /proc/cpuinfo 2>/dev/null; then known="$known avx2"; fi
if grep -qw avx512dq /proc/cpuinfo 2>/dev/null; then known="$known avx512"; fi
if grep -qw amx_bf16 /proc/cpuinfo 2>/dev/null; then known="$known amx"; fi

status=0
for name in $names; do
  driver=$(basename "${name%.c}")
  objects=$(ls "$work"/*.o | grep -v '/driver_' | tr '\n' ' ')
  $clang $flags $linker "$work/$driver.o" $objects -lm -lpthread -o "$work/$driver"
  for isa in $known; do
    ADJOINT_ISA=$isa "$work/$driver" || status=1
  done
done
exit $status
