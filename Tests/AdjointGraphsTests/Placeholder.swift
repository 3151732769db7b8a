import AdjointGraphs
import Testing

