import AdjointTensors
import Testing

@Test func `the peak of a processor is more than 100 MFLOP/s and less than 10 TFLOP/s a core`() {
  #expect((1e8...1e13).contains(fusedMultiplyAddPeak(seconds: 0.01)))
}
