import Adjoint
import ArgumentParser

@main struct KarateClubExample: ParsableCommand {}
