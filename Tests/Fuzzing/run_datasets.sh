#!/usr/bin/env bash
# Fuzzes the readers of graph data with libFuzzer, AddressSanitizer and a limit on memory.
#
#   Tests/Fuzzing/run_datasets.sh [seconds]        60 unless said otherwise
#
# A file that breaks a reader is left in the folder that is printed; give it a test among those of its reader.
set -euo pipefail
export SWIFT_BACKTRACE=enable=no
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
common=(-swift-version 6 -O -g -parse-as-library -package-name adjoint -I Sources/AdjointKernels/include -I "$build")
for module in AdjointTensors AdjointAutodiff AdjointLayers AdjointGraphs; do
  if [ ! -e "$build/$module.o" ]; then
    find "Sources/$module" -name '*.swift' -print0 | (cd . && xargs -0 "$bin/swiftc" "${common[@]}" -wmo \
      -sanitize=fuzzer,address -emit-module -emit-module-path "$build/$module.swiftmodule" -emit-object \
      -module-name "$module" -o "$build/$module.o")
  fi
done
if [ ! -e "$build/fuzz" ]; then
  "$bin/swiftc" "${common[@]}" -sanitize=fuzzer,address -module-name FuzzDatasets Tests/Fuzzing/FuzzDatasets.swift \
    "$build"/*.o -lm -o "$build/fuzz"
fi
python3 Tests/Fuzzing/seeds_datasets.py "$build/seeds"
echo "what is found lies in $build/found"
"$build/fuzz" -max_total_time="$seconds" -max_len=8192 -rss_limit_mb=2048 -malloc_limit_mb=256 -timeout=10 \
  -artifact_prefix="$build/found/" -print_final_stats=1 "$build/corpus" "$build/seeds"
