package dev.kiln.daemon.gateway;

import java.math.BigInteger;
import java.security.SecureRandom;

/** Ids that nobody can guess: 25 characters of lower-case base 36, as stock clients make them. */
public final class RandomIds {
  private static final int CHARACTERS = 25;
  private static final int BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private RandomIds() {}

  /** A fresh id. */
  public static String next() {
    String text = new BigInteger(BITS, RANDOM).toString(Character.MAX_RADIX);
    return "0".repeat(Math.max(0, CHARACTERS - text.length()))
        + text.substring(0, Math.min(CHARACTERS, text.length()));
  }
}
