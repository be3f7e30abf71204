package dev.kiln.daemon;

/** The daemon's entry point. */
public final class Kilnd {
  private Kilnd() {}

  /** Starts the daemon with the given command line and returns when it was told to stop. */
  public static void main(String[] args) {
    System.out.println("kilnd");
  }
}
