import AdjointTensors
import Testing

