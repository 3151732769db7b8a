import AdjointTensors
import Testing

@Suite struct `A printed tensor` {
  @Test func `is what NumPy prints, with commas`() {
    #expect("\([[1, 2, 3], [4, 5, 6]] as Tensor)" == "[[1, 2, 3],\n [4, 5, 6]]")
    #expect("\([1, -10, 100] as Tensor)" == "[  1, -10, 100]")
    #expect("\([[[1, 2], [3, 4]], [[5, 6], [7, 8]]] as Tensor)" == "[[[1, 2],\n  [3, 4]],\n\n [[5, 6],\n  [7, 8]]]")
    #expect("\(Tensor(zeros: [1, 1, 1]))" == "[[[0]]]")
  }

  @Test func `of a number is that number`() {
    #expect("\(5 as Tensor)" == "5")
    #expect("\(0.1 as Tensor)" == "0.1")
    #expect("\(Tensor(1.0 / 3, dtype: .float64))" == "0.3333333")
    #expect("\(Tensor(-Double.infinity))" == "-inf" && "\(Tensor(Double.nan))" == "nan")
  }

  @Test func `has four decimals, or an exponent where numbers are far apart`() {
    #expect("\([0.5, -1.25] as Tensor)" == "[ 0.5000, -1.2500]")
    #expect("\([0.00001, 2] as Tensor)" == "[1.0000e-05, 2.0000e+00]")
    #expect("\([1e9, 1] as Tensor)" == "[1.0000e+09, 1.0000e+00]")
    #expect("\(Tensor([1, .nan, -.infinity] as [Double]))" == "[   1,  nan, -inf]")
    #expect("\(Tensor([1.5, .nan, .infinity] as [Double]))" == "[1.5000,    nan,    inf]")
  }

  @Test func `without elements names its shape`() {
    #expect("\(Tensor(zeros: [0]))" == "[] (shape [0])")
    #expect("\(Tensor(zeros: [2, 0, 3]))" == "[] (shape [2, 0, 3])")
  }

  @Test func `of more than 1000 elements shows both ends of long axes`() {
    #expect("\(Tensor.arange(0, 1001))" == "[   0,    1,    2, ...,  998,  999, 1000]")
    #expect("\(Tensor.arange(0, 1000))".contains("500"))
    let matrix = Tensor.arange(0, 2000).reshaped(to: [2, 1000])
    #expect("\(matrix)" == "[[   0,    1,    2, ...,  997,  998,  999],\n [1000, 1001, 1002, ..., 1997, 1998, 1999]]")
    let tall = "\(Tensor.arange(0, 1200).reshaped(to: [600, 2]))"
    #expect(
      tall == "[[   0,    1],\n [   2,    3],\n [   4,    5],\n ...,\n [1194, 1195],\n [1196, 1197],\n [1198, 1199]]")
  }
}
