@_exported import AdjointAutodiff
@_exported import AdjointGraphs
@_exported import AdjointLayers
@_exported import AdjointTensors
