#!/bin/sh
# Shows that networks saved here give the same outputs in PyTorch, and networks saved there the same here, to 1e-6.
#   Tests/Interchange/run.sh [python]          the interpreter; else what PYTHON says, or python3
# Where PyTorch is absent this says so and is skipped.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${1:-${PYTHON:-python3}}
if ! "$python" -c 'import torch, safetensors.torch' 2>/dev/null; then
  echo "SKIPPED: $python has no PyTorch with safetensors; name an interpreter that has them"
  exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" "$here/interchange.py" write "$folder"
cd "$here/../.."
ADJOINT_INTERCHANGE=$folder swift test ${SWIFT_TEST_FLAGS:-} --filter Interchange
"$python" "$here/interchange.py" check "$folder"
