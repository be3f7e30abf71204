package dev.kiln.solver.engine;

/** How far an edge is known. Demand and supply are told in the same words. */
enum Level {
  /** Nothing is known. */
  NONE,
  /** The keys that follow from definitions are known, without any content. */
  FAST,
  /** All keys are known, those made from the content of inputs too. */
  SLOW,
  /** The result is there. */
  COMPLETE;

  boolean reaches(Level other) {
    return compareTo(other) >= 0;
  }

  boolean isBelow(Level other) {
    return compareTo(other) < 0;
  }

  Level min(Level other) {
    return isBelow(other) ? this : other;
  }

  Level max(Level other) {
    return isBelow(other) ? other : this;
  }
}
