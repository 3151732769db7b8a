import Adjoint
import Testing
