#!/usr/bin/env bash
# Kills the saving of a checkpoint at random moments, 200 times unless said otherwise, and checks each time that a whole
# checkpoint is there.      Tests/Kills/run.sh [times]
set -euo pipefail
cd "$(dirname "$0")/../.."
ADJOINT_KILLS=${1:-200} swift test --filter KillTests
