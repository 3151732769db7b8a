#!/usr/bin/env bash
# Exchanges files with Python's numpy and safetensors, both ways.      Tests/Interchange/run.sh [python]
set -euo pipefail
cd "$(dirname "$0")/../.."
ADJOINT_PYTHON=${1:-${ADJOINT_PYTHON:-python3}} swift test --filter InterchangeTests
