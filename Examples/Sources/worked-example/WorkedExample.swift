import Adjoint
import ArgumentParser

@main struct WorkedExample: ParsableCommand {}
