extension SyntheticTasks {
  /// An atlas with a gap: where does a country lie that the atlas mentions without its continent?
  ///
  /// Countries lie in regions, regions in continents, and countries in the continents of their regions. The countries of a region
  /// stand in a ring, each bordering on two others. For some countries the continent is left out, and follows from the region.
  ///
  /// | relation | holds from | to |
  /// | --- | --- | --- |
  /// | 0 | a country | its region |
  /// | 1 | a region | its continent |
  /// | 2 | a country | its continent |
  /// | 3 | a country | a country that it borders on |
  ///
  /// Entities are numbered in this order: continents, regions, countries.
  ///
  /// Source: after Bouchard, Singh & Trouillon, *On Approximate Reasoning Capabilities of Low-Rank Vector Spaces*, AAAI Spring
  /// Symposium 2015, section 4 (Countries).
  ///
  /// - Parameters:
  ///   - continents: The number of continents.
  ///   - regions: The number of regions of each.
  ///   - countries: The number of countries of each region.
  ///   - hidden: The part of the countries whose continent is left out.
  ///   - key: The place in the random sequence.
  /// - Returns: What the atlas says, and what it leaves out.
  public static func countries(
    continents: Int = 4, regions: Int = 3, countries: Int = 4, hidden: Double = 0.25, key: RandomKey
  ) -> (known: KnowledgeGraph, hidden: KnowledgeGraph) {
    require(
      continents >= 0 && regions >= 0 && countries >= 0,
      "countries: \(continents) continents of \(regions) regions of \(countries) countries; there cannot be fewer than 0"
    )
    require((0...1).contains(hidden), "countries: the part \(hidden) is outside 0 ... 1")
    let (allRegions, allCountries) = (continents * regions, continents * regions * countries)
    let firstCountry = continents + allRegions
    let gaps = Set(key.permutation(allCountries).prefix(Int((hidden * Double(allCountries)).rounded())))
    var known: [(source: Int, relation: Int, target: Int)] = []
    var left = known
    for region in 0..<allRegions { known.append((continents + region, 1, region / regions)) }
    for country in 0..<allCountries {
      let region = country / countries, next = region * countries + (country + 1) % countries
      known.append((firstCountry + country, 0, continents + region))
      let fact = (source: firstCountry + country, relation: 2, target: region / regions)
      if gaps.contains(country) { left.append(fact) } else { known.append(fact) }
      // A ring of two is one border, and a country does not border on itself.
      if next == country || countries == 2 && next < country { continue }
      known.append((firstCountry + country, 3, firstCountry + next))
      known.append((firstCountry + next, 3, firstCountry + country))
    }
    let entities = firstCountry + allCountries
    return (KnowledgeGraph(known: entities, 4, known), KnowledgeGraph(known: entities, 4, left))
  }
}
