package dev.kiln.dockerfile.convert;

import java.math.BigInteger;
import java.security.SecureRandom;

/** Random names of progress groups. */
final class GroupIds {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BITS = 125;
  private static final int LENGTH = 25;

  private GroupIds() {}

  /** A name of 25 letters and digits. */
  static String next() {
    String id = new BigInteger(BITS, RANDOM).toString(Character.MAX_RADIX);
    return "0".repeat(Math.max(0, LENGTH - id.length())) + id;
  }
}
