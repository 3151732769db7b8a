import AdjointGraphs
import Testing
