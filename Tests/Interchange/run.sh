#!/usr/bin/env bash
# Exchanges files with Python's numpy and safetensors, and networks with PyTorch, both ways.
#   Tests/Interchange/run.sh [python]          the interpreter; else what ADJOINT_PYTHON says, or python3
# What the interpreter has no packages for is skipped, and said to be.
set -euo pipefail
cd "$(dirname "$0")/../.."
ADJOINT_PYTHON=${1:-${ADJOINT_PYTHON:-python3}} swift test ${SWIFT_TEST_FLAGS:-} --filter InterchangeTests
