#!/usr/bin/env bash
# Kills programs that save checkpoints, at random moments, until 200 saves were interrupted, and checks each time that a whole
# checkpoint is there.      Tests/Kills/run.sh [interrupted saves]
set -euo pipefail
cd "$(dirname "$0")/../.."
ADJOINT_KILLS=${1:-200} swift test --filter KillTests
