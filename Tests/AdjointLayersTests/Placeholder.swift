import AdjointLayers
import Testing

