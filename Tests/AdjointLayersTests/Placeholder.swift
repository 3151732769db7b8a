import AdjointLayers
import Testing
