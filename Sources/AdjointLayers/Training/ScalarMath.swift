#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

// The functions of the C library that schedules, optimizers and metrics need, on single numbers.

/// x to the power of y.
func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }

/// The cosine of an angle.
func cosineOfAngle(_ x: Double) -> Double { cos(x) }

/// e to the power of x.
func exponential(_ x: Double) -> Double { exp(x) }
