package dev.kiln.bench;

import java.util.Arrays;
import java.util.List;

/** Runs a case on daemons in turn, so that a slow spell of the machine hits all of them. */
final class Rounds {
  private final List<Peer> peers;
  private boolean allWell = true;

  Rounds(List<Peer> peers) {
    this.peers = peers;
  }

  /** Whether no run of any case failed so far. */
  boolean allWell() {
    return allWell;
  }

  /**
   * Runs a case.
   *
   * @return medians in seconds, one for each daemon; not a number for one on which a run failed or
   *     did not end
   */
  double[] measure(Case each) throws InterruptedException {
    double[][] seconds = new double[peers.size()][each.runs()];
    boolean[] failed = new boolean[peers.size()];
    for (int run = 0; run <= each.runs(); run++) {
      for (int p = 0; p < peers.size(); p++) {
        if (!failed[p]) {
          double took = seconds(each, peers.get(p), run);
          failed[p] = Double.isNaN(took);
          seconds[p][Math.max(0, run - 1)] = took;
        }
      }
    }
    double[] medians = new double[peers.size()];
    Arrays.setAll(medians, p -> failed[p] ? Double.NaN : median(seconds[p]));
    System.err.println(each.name() + ": " + Arrays.toString(medians));
    return medians;
  }

  private double seconds(Case each, Peer peer, int run) throws InterruptedException {
    try {
      return each.measurement().run(peer, run) / 1e9;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      allWell = false;
      System.err.printf("%s, run %d on %s: %s%n", each.name(), run, peer.name(), e.getMessage());
      return Double.NaN;
    }
  }

  /** The middle value, or the mean of the two in the middle. */
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
