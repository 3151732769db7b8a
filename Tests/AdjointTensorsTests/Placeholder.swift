import AdjointTensors
import Testing
