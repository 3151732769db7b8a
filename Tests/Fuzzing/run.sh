#!/usr/bin/env bash
# Fuzzes the readers of safetensors and .npy files with libFuzzer, AddressSanitizer and a limit on memory.
#
#   Tests/Fuzzing/run.sh [seconds]        60 unless said otherwise
#
# A file that breaks a reader is left in the folder that is printed; give it a test in FileFuzzTests.swift.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
build=${FUZZ_BUILD:-$(mktemp -d)}
bin=$(dirname "$(readlink -f "$(command -v swiftc)")")
mkdir -p "$build/corpus" "$build/seeds" "$build/found"

# The kernels have sanitizer runs of their own; here they are only needed to link.
for source in Sources/AdjointKernels/*.c Sources/AdjointKernels/isa/*.c; do
  object=$build/$(basename "$(dirname "$source")")-$(basename "$source" .c).o
  if [ ! -e "$object" ]; then
    "$bin/clang" -O0 -ISources/AdjointKernels/include -c "$source" -o "$object"
  fi
done
if [ ! -e "$build/fuzz" ]; then
  find Sources/AdjointTensors -name '*.swift' -print0 | xargs -0 "$bin/swiftc" -swift-version 6 -O -g \
    -sanitize=fuzzer,address -parse-as-library -package-name adjoint -module-name AdjointTensors \
    -I Sources/AdjointKernels/include Tests/Fuzzing/FuzzReaders.swift "$build"/*.o -lm -o "$build/fuzz"
fi
python3 Tests/Fuzzing/seeds.py "$build/seeds"
echo "what is found lies in $build/found"
"$build/fuzz" -max_total_time="$seconds" -max_len=4096 -rss_limit_mb=2048 -malloc_limit_mb=256 -timeout=10 \
  -artifact_prefix="$build/found/" -print_final_stats=1 "$build/corpus" "$build/seeds"
